"""Writer and reader in two processes, as they run: one may be killed at any moment."""

import subprocess
import sys
from pathlib import Path

from leanbase.eventlog.segments.reader import SegmentReader
from leanbase.eventlog.segments.writer import SegmentWriter

WRITER = """
import asyncio, sys
from pathlib import Path
from leanbase.eventlog.segments.writer import SegmentWriter

async def one(writer, number):
    await writer.append(b"%08d" % number * (1 + number % 50))
    print(number, flush=True)

async def main():
    writer = SegmentWriter(Path(sys.argv[1]), 65536, 1 << 30, fresh_start=1000)
    number = int(sys.argv[2])
    while True:
        await asyncio.gather(*(one(writer, number + place) for place in range(8)))
        number += 8

asyncio.run(main())
"""


def test_a_reader_follows_a_writer_that_is_killed_again_and_again(tmp_path: Path) -> None:
    reader = SegmentReader(tmp_path)
    position = 0
    found: list[int] = []
    acknowledged: list[int] = []

    def follow() -> None:
        nonlocal position
        while entries := reader.read(position, 4000):
            position = entries[-1].end
            found.extend(int(entry.payload[:8]) for entry in entries)
            reader.release(position)

    for life in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(life * 1_000_000)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        for line, _ in zip(process.stdout, range(300 + 37 * life), strict=False):
            acknowledged.append(int(line))
            if len(acknowledged) % 50 == 0:
                follow()
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().splitlines()]
        process.wait()
        process.stdout.close()
    SegmentWriter(tmp_path, 65536, 1 << 30).close()  # repairs
    follow()
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found)
    assert reader.skipped_bytes() == 0
    reader.close()
