"""Power goes at any moment; what an append acknowledged must be there afterwards."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leanbase.eventlog.contracts import LogFull
from leanbase.eventlog.segments.marks import Mark
from leanbase.eventlog.segments.reader import SegmentReader
from leanbase.eventlog.segments.writer import SegmentWriter
from tests.eventlog.disks import ForgetfulDisk, PowerLossDisk

SEGMENT = 8192


class Interrupted(PowerLossDisk):
    """Stops at the n-th call that changes the disk."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._calls = calls

    def _count(self) -> None:
        self._calls -= 1
        if self._calls < 0:
            raise OSError("the power is gone")

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        if self._calls == 0:
            super().write(descriptor, data[: len(data) // 2], offset)
        self._count()
        super().write(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        self._count()
        super().sync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._count()
        super().rename(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._count()
        super().sync_folder(folder)


def append_numbered(writer: SegmentWriter, first: int, count: int) -> list[int]:
    """Numbers whose append was acknowledged."""

    async def one(number: int) -> int | None:
        try:
            await writer.append(f"{number:08d}".encode() * (1 + number % 9))
        except LogFull:
            return None
        return number

    async def run() -> list[int]:
        acknowledged: list[int] = []
        for start in range(first, first + count, 7):
            answers = await asyncio.gather(*(one(number) for number in range(start, min(start + 7, first + count))))
            acknowledged += [number for number in answers if number is not None]
        return acknowledged

    return asyncio.run(run())


def stored_numbers(folder: Path, release: bool) -> list[int]:
    reader = SegmentReader(folder)
    position, found = 0, list[int]()
    while entries := reader.read(position, 2000):
        position = entries[-1].end
        found += [int(entry.payload[:8]) for entry in entries]
    if release:
        reader.release(position)
    reader.close()
    return found


def lose_power(writer: SegmentWriter, disk: PowerLossDisk, folder: Path, head_before: int) -> None:
    writer.close()
    disk.lose_power()
    for removed in folder.glob("removed-*"):
        removed.unlink()
    mark = Mark(folder / "head")
    mark.write(head_before)  # the mark is not synced: an older value may be what the disk has
    mark.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.integers(0, 200), stale_head=st.booleans())
def test_no_acknowledged_entry_is_lost_whenever_the_power_goes(
    tmp_path_factory: pytest.TempPathFactory, calls: int, stale_head: bool
) -> None:
    folder = tmp_path_factory.mktemp("log")
    disk = Interrupted(calls)
    try:
        writer = SegmentWriter(folder, SEGMENT, 1 << 30, disk, fresh_start=1000)
    except OSError:
        return
    head_before = writer.head()
    acknowledged = append_numbered(writer, 0, 700)
    lose_power(writer, disk, folder, head_before if stale_head else writer_head(folder))
    writer = SegmentWriter(folder, SEGMENT, 1 << 30, fresh_start=1000)
    more = append_numbered(writer, 1000, 50)
    writer.close()
    found = stored_numbers(folder, release=False)
    assert set(acknowledged) | set(more) <= set(found)
    assert found == sorted(set(found))
    assert len(more) == 50


def writer_head(folder: Path) -> int:
    mark = Mark(folder / "head")
    position = mark.read()
    mark.close()
    return position


def test_many_power_cuts_with_recycled_segments_lose_nothing(tmp_path: Path) -> None:
    seen: set[int] = set()
    acknowledged: list[int] = []
    for round_ in range(20):
        disk = PowerLossDisk()
        writer = SegmentWriter(tmp_path, SEGMENT, 1 << 30, disk, fresh_start=1000)
        head_before = writer.head()
        acknowledged += append_numbered(writer, round_ * 1000, 400)
        lose_power(writer, disk, tmp_path, head_before)
        SegmentWriter(tmp_path, SEGMENT, 1 << 30, fresh_start=1000).close()
        found = stored_numbers(tmp_path, release=round_ % 2 == 1)
        seen |= set(found)
        assert found == sorted(set(found))
    assert len(acknowledged) == 20 * 400
    assert set(acknowledged) <= seen


def test_the_model_notices_a_disk_that_does_not_sync(tmp_path: Path) -> None:
    disk = ForgetfulDisk()
    writer = SegmentWriter(tmp_path, SEGMENT, 1 << 30, disk, fresh_start=1000)
    acknowledged = append_numbered(writer, 0, 100)
    lose_power(writer, disk, tmp_path, 0)
    SegmentWriter(tmp_path, SEGMENT, 1 << 30, fresh_start=1000).close()
    assert len(acknowledged) == 100
    assert stored_numbers(tmp_path, release=False) == []
