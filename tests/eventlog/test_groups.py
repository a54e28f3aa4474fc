"""Requests that come together are written together, and each hears of its own end."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from leanbase.eventlog.contracts import LogFull
from leanbase.eventlog.segments.disk import Disk
from leanbase.eventlog.segments.reader import SegmentReader
from leanbase.eventlog.segments.writer import SegmentWriter

SEGMENT = 4096


class CountingDisk(Disk):
    def __init__(self) -> None:
        self.syncs = 0

    def sync(self, descriptor: int) -> None:
        self.syncs += 1
        super().sync(descriptor)


def run_turn(writer: SegmentWriter, payloads: list[bytes], failing: int = -1) -> list[int | LogFull | None]:
    """Submit all in one turn of the loop; what each was told."""
    told: list[int | LogFull | None] = [None] * len(payloads)

    async def run() -> None:
        everybody = asyncio.Event()
        left = len(payloads)

        def hear(place: int, end: int | LogFull) -> None:
            nonlocal left
            told[place] = end
            left -= 1
            if not left:
                everybody.set()
            if place == failing:
                raise RuntimeError("its connection is in trouble")

        for place, payload in enumerate(payloads):
            writer.submit(payload, lambda end, place=place: hear(place, end))
        await asyncio.wait_for(everybody.wait(), 10)

    asyncio.run(run())
    return told


def test_what_comes_in_one_turn_is_one_sync(tmp_path: Path) -> None:
    disk = CountingDisk()
    writer = SegmentWriter(tmp_path, SEGMENT, 1 << 30, disk, fresh_start=0)
    before = disk.syncs
    ends = run_turn(writer, [b"%d" % number for number in range(20)])
    assert disk.syncs == before + 1
    assert ends == sorted(ends)  # type: ignore[type-var]
    writer.close()
    reader = SegmentReader(tmp_path)
    assert [entry.end for entry in reader.read(0, 1 << 20)] == ends
    reader.close()


def test_one_who_fails_to_hear_does_not_keep_the_others_from_hearing(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, SEGMENT, 1 << 30, fresh_start=0)
    told = run_turn(writer, [b"a", b"b", b"c"], failing=1)
    assert all(isinstance(end, int) for end in told)
    writer.close()


def test_what_waits_counts_towards_the_backlog(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, SEGMENT, 100, fresh_start=0)

    async def run() -> None:
        told: list[int | LogFull] = []
        writer.submit(b"x" * 60, told.append)
        with pytest.raises(LogFull, match="limit of 100"):
            writer.submit(b"x" * 60, told.append)
        writer.submit(b"x" * 30, told.append)
        while len(told) < 2:
            await asyncio.sleep(0.001)
        assert all(isinstance(end, int) for end in told)

    asyncio.run(run())
    writer.close()


def test_closing_writes_what_was_just_submitted(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, SEGMENT, 1 << 30, fresh_start=0)

    async def run() -> None:
        writer.submit(b"last", lambda _: None)
        writer.close()

    asyncio.run(run())
    reader = SegmentReader(tmp_path)
    assert [entry.payload for entry in reader.read(0, 1 << 20)] == [b"last"]
    reader.close()


class SlowDisk(Disk):
    """Takes its time when told to, and notes which thread waited for it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waited: list[str] = []

    def sync(self, descriptor: int) -> None:
        self.waited.append(threading.current_thread().name)
        time.sleep(self.seconds)


def test_the_event_loop_waits_for_a_quick_disk_and_the_thread_for_a_slow_one(tmp_path: Path) -> None:
    disk = SlowDisk()
    writer = SegmentWriter(tmp_path, 1 << 20, 1 << 30, disk, fresh_start=0)
    loop_thread = threading.current_thread().name
    ends: list[int] = []

    async def run() -> None:
        async def append(times: int) -> None:
            disk.waited.clear()
            for _ in range(times):
                ends.append(await writer.append(b"x" * 50))

        await append(3)
        assert disk.waited == [loop_thread] * 3
        disk.seconds = 0.02
        await append(4)
        await append(3)
        assert disk.waited == ["log-writer"] * 3
        disk.seconds = 0
        await append(40)
        assert disk.waited[-1] == loop_thread

    asyncio.run(run())
    writer.close()
    assert ends == sorted(set(ends)) and len(ends) == 50


def test_what_comes_while_the_thread_writes_is_one_group_more(tmp_path: Path) -> None:
    disk = SlowDisk()
    writer = SegmentWriter(tmp_path, SEGMENT, 1 << 30, disk, fresh_start=0)

    async def run() -> None:
        disk.seconds = 0.3
        await writer.append(b"a stall")
        disk.seconds = 0.1
        disk.waited.clear()
        first = asyncio.create_task(writer.append(b"first"))
        await asyncio.sleep(0.02)
        rest = [asyncio.create_task(writer.append(b"%d" % number)) for number in range(9)]
        await asyncio.gather(first, *rest)
        assert disk.waited == ["log-writer"] * 2

    asyncio.run(run())
    writer.close()
