import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from leanbase.eventlog.contracts import LogFull, PayloadTooLarge
from leanbase.eventlog.segments import writer as writer_module
from leanbase.eventlog.segments.files import list_segments
from leanbase.eventlog.segments.frames import HEADER_BYTES
from leanbase.eventlog.segments.reader import SegmentReader
from leanbase.eventlog.segments.writer import LogInUse, SegmentWriter
from tests.eventlog.disks import FailingDisk
from tests.product import wait_until

SEGMENT = 4096


def open_log(folder: Path, disk: FailingDisk | None = None, backlog: int = 1 << 30) -> SegmentWriter:
    return SegmentWriter(folder, SEGMENT, backlog, disk, fresh_start=1000)


def store(writer: SegmentWriter, payloads: Iterable[bytes]) -> list[int]:
    """Append one after the other; the end positions."""

    async def run() -> list[int]:
        return [await writer.append(payload) for payload in payloads]

    return asyncio.run(run())


def store_at_once(writer: SegmentWriter, payloads: list[bytes]) -> list[int | BaseException]:
    async def run() -> list[int | BaseException]:
        return await asyncio.gather(*(writer.append(payload) for payload in payloads), return_exceptions=True)

    return asyncio.run(run())


def read_all(folder: Path, position: int = 0) -> list[bytes]:
    reader = SegmentReader(folder)
    found: list[bytes] = []
    while entries := reader.read(position, 500):
        found += [entry.payload for entry in entries]
        position = entries[-1].end
    reader.close()
    return found


def numbered(count: int, size: int = 90) -> list[bytes]:
    return [f"{number:08d}".encode().ljust(size, b".") for number in range(count)]


def test_entries_come_back_in_order_over_many_segments(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    payloads = numbered(300)
    ends = store(writer, payloads[:100]) + [int(end) for end in store_at_once(writer, payloads[100:]) if end]  # type: ignore[arg-type]
    assert ends == sorted(set(ends))
    assert read_all(tmp_path) == payloads
    assert len(list_segments(tmp_path)) > 5
    writer.close()
    assert read_all(tmp_path) == payloads


def test_positions_go_on_after_a_restart(tmp_path: Path) -> None:
    payloads = numbered(60)
    ends: list[int] = []
    for start in range(0, 60, 7):
        writer = open_log(tmp_path)
        ends += store(writer, payloads[start : start + 7])
        writer.close()
    assert ends == sorted(set(ends))
    assert read_all(tmp_path) == payloads


def test_reading_goes_on_from_the_end_of_any_entry(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    payloads = numbered(120)
    ends = store(writer, payloads)
    writer.close()
    for number in (0, 1, 43, 118, 119):
        assert read_all(tmp_path, ends[number]) == payloads[number + 1 :]


def test_an_entry_larger_than_the_read_is_read_whole(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    largest = b"x" * writer.max_payload
    assert store(writer, [b"small", largest, b"last"])
    reader = SegmentReader(tmp_path)
    assert [entry.payload for entry in reader.read(0, 1)] == [b"small"]
    writer.close()
    reader.close()
    assert read_all(tmp_path) == [b"small", largest, b"last"]


def test_what_no_segment_can_hold_is_refused_for_good(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    with pytest.raises(PayloadTooLarge, match="at most"):
        store(writer, [b"x" * (writer.max_payload + 1)])
    writer.close()


def test_released_segments_are_used_again(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    reader = SegmentReader(tmp_path)
    position, payloads = 0, numbered(2000)
    inodes: set[int] = set()
    for start in range(0, 2000, 20):
        store(writer, payloads[start : start + 20])
        entries = [entry for _ in range(3) for entry in [*reader.read(position, SEGMENT)]][:20]
        while position < reader.head():
            entries = reader.read(position, SEGMENT)
            assert [e.payload for e in entries] == payloads[start : start + len(entries)] or entries
            position = entries[-1].end
        reader.release(position)
        inodes |= {segment.path.stat().st_ino for segment in list_segments(tmp_path)}
        assert len(list_segments(tmp_path)) <= 4
    assert len(inodes) <= 5
    assert reader.skipped_bytes() == 0
    assert reader.backlog_bytes(position) == 0
    assert writer.backlog_bytes() == 0
    writer.close()
    reader.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_consumed_segments_go_while_nothing_arrives(
    tmp_path: Path, restarted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backlog that is worked off gives its space back, also when no event follows it."""
    monkeypatch.setattr(writer_module, "_IDLE_SECONDS", 0.01)
    writer = open_log(tmp_path)
    end = store(writer, numbered(400))[-1]
    assert len(list_segments(tmp_path)) > 8
    if restarted:
        writer.close()
    reader = SegmentReader(tmp_path)
    reader.release(end)
    reader.close()
    if restarted:
        writer = open_log(tmp_path)
    wait_until(lambda: len(list_segments(tmp_path)) <= 2, "one segment to write and one in reserve are left", 10)
    assert store(writer, numbered(1))[0] > end
    assert read_all(tmp_path, end) == numbered(1)
    writer.close()


def test_the_backlog_is_bounded_and_opens_again(tmp_path: Path) -> None:
    writer = open_log(tmp_path, backlog=10_000)
    reader = SegmentReader(tmp_path)
    answers = [store_at_once(writer, [payload])[0] for payload in numbered(200)]
    refused = [answer for answer in answers if isinstance(answer, LogFull)]
    assert 90 < len(refused) < 120
    assert "backlog" in str(refused[0])
    reader.release(reader.head())
    assert store(writer, [b"again"])
    writer.close()
    reader.close()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    with pytest.raises(LogInUse):
        open_log(tmp_path)
    writer.close()
    open_log(tmp_path).close()


def test_a_reader_may_come_first(tmp_path: Path) -> None:
    reader = SegmentReader(tmp_path)
    assert reader.read(0, 1000) == []
    assert reader.head() == 0
    writer = open_log(tmp_path)
    store(writer, [b"a"])
    assert [entry.payload for entry in reader.read(0, 1000)] == [b"a"]
    writer.close()
    reader.close()


def test_a_log_that_was_deleted_never_repeats_its_positions(tmp_path: Path) -> None:
    first = SegmentWriter(tmp_path / "a", SEGMENT, 1 << 30)
    end = store(first, [b"a"])[0]
    first.close()
    second = SegmentWriter(tmp_path / "b", SEGMENT, 1 << 30)
    assert store(second, [b"b"])[0] > end
    second.close()
    assert read_all(tmp_path / "b", end) == [b"b"]


def tail(folder: Path) -> tuple[Path, int]:
    """The newest segment and where its entries end in it."""
    segment = list_segments(folder)[-1]
    reader = SegmentReader(folder)
    offset = reader.head() - segment.base
    reader.close()
    return segment.path, offset


@pytest.mark.parametrize("lost", range(1, 100, 7))
def test_a_torn_tail_is_cut_and_writing_goes_on(tmp_path: Path, lost: int) -> None:
    writer = open_log(tmp_path)
    payloads = numbered(10)
    ends = store(writer, payloads)
    writer.close()
    path, offset = tail(tmp_path)
    with path.open("r+b") as file:  # a frame that was being written when the power went: only its beginning is there
        file.seek(offset - lost)
        file.write(b"\xaa" * (lost + 50))
    (tmp_path / "head").unlink()  # and the mark was older
    writer = open_log(tmp_path)
    assert store(writer, [b"new"])[0] == ends[8] + HEADER_BYTES + 3
    writer.close()
    assert read_all(tmp_path) == [*payloads[:9], b"new"]


def test_a_tail_that_was_acknowledged_is_not_overwritten(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    payloads = numbered(10)
    ends = store(writer, payloads)
    writer.close()
    path, offset = tail(tmp_path)
    with path.open("r+b") as file:
        file.seek(offset - 20)
        file.write(b"\xaa" * 20)
    writer = open_log(tmp_path)
    assert store(writer, [b"new"])[0] > ends[-1]
    writer.close()
    reader = SegmentReader(tmp_path)
    assert reader.read(ends[8], 1000)[0].payload == b"new"
    assert reader.skipped_bytes() == ends[9] - ends[8]
    reader.close()


def test_damage_in_the_middle_costs_one_entry_and_is_reported_once(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    payloads = numbered(100)
    ends = store(writer, payloads)
    first = list_segments(tmp_path)[0]
    with first.path.open("r+b") as file:
        file.seek(ends[4] + 20 - first.base)
        file.write(b"damage")
    reader = SegmentReader(tmp_path)
    position, found = 0, list[bytes]()
    while entries := reader.read(position, 300):
        position = entries[-1].end
        found += [entry.payload for entry in entries]
    for _ in range(3):
        assert reader.read(ends[4], 1)[0].payload == payloads[6]
    assert found == payloads[:5] + payloads[6:]
    assert reader.skipped_bytes() == ends[5] - ends[4]
    writer.close()
    reader.close()


def test_a_segment_that_is_gone_does_not_stop_the_reader(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    payloads = numbered(200)
    store(writer, payloads)
    gone = list_segments(tmp_path)[2]
    gone.path.unlink()
    reader = SegmentReader(tmp_path)
    position, found = 0, list[bytes]()
    while entries := reader.read(position, 300):
        position = entries[-1].end
        found += [entry.payload for entry in entries]
    per_segment = (SEGMENT - HEADER_BYTES) // (90 + HEADER_BYTES)
    assert found == payloads[: 2 * per_segment] + payloads[3 * per_segment :]
    assert reader.skipped_bytes() == SEGMENT
    writer.close()
    reader.close()


def test_a_full_disk_refuses_and_serves_again_when_space_is_free(tmp_path: Path) -> None:
    disk = FailingDisk()
    writer = open_log(tmp_path, disk)
    disk.full = True
    answers = [store_at_once(writer, [payload])[0] for payload in numbered(60)]
    stored = [payload for payload, answer in zip(numbered(60), answers, strict=True) if isinstance(answer, int)]
    refused = [answer for answer in answers if not isinstance(answer, int)]
    assert len(stored) == 40  # what fits into the segment that existed
    assert all(isinstance(answer, LogFull) and "no space" in str(answer) for answer in refused)
    assert not (tmp_path / "unfinished").exists()  # the space is given back
    disk.full = False
    assert store(writer, [b"again"])
    writer.close()
    assert read_all(tmp_path) == [*stored, b"again"]


def test_a_log_opens_on_a_full_disk(tmp_path: Path) -> None:
    disk = FailingDisk()
    disk.full = True
    writer = open_log(tmp_path, disk)
    assert isinstance(store_at_once(writer, [b"a"])[0], LogFull)
    disk.full = False
    assert store(writer, [b"b"])
    writer.close()
    assert read_all(tmp_path) == [b"b"]


@pytest.mark.parametrize("kind", ["fail_sync", "fail_write"])
def test_a_failed_write_poisons_the_segment_only(tmp_path: Path, kind: str) -> None:
    disk = FailingDisk()
    writer = open_log(tmp_path, disk)
    store(writer, [b"one", b"two"])
    setattr(disk, kind, 1)
    assert isinstance(store_at_once(writer, [b"lost"])[0], LogFull)
    assert store(writer, [b"three"])
    assert len(list_segments(tmp_path)) == 2
    assert read_all(tmp_path) == [b"one", b"two", b"three"]
    writer.close()
    open_log(tmp_path).close()
    assert read_all(tmp_path) == [b"one", b"two", b"three"]


def test_one_cancelled_request_does_not_cancel_the_others(tmp_path: Path) -> None:
    writer = open_log(tmp_path)

    async def run() -> list[int | BaseException]:
        tasks = [asyncio.ensure_future(writer.append(payload)) for payload in numbered(5)]
        await asyncio.sleep(0)
        tasks[2].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = asyncio.run(run())
    assert [type(answer) for answer in answers].count(int) == 4
    assert isinstance(answers[2], asyncio.CancelledError)
    writer.close()
    assert set(read_all(tmp_path)) >= {payload for at, payload in enumerate(numbered(5)) if at != 2}


def test_appending_to_a_closed_log_is_refused(tmp_path: Path) -> None:
    writer = open_log(tmp_path)
    store(writer, [b"a"])

    async def run() -> None:
        waiting = asyncio.ensure_future(writer.append(b"b"))
        await asyncio.sleep(0)
        await asyncio.to_thread(writer.close)
        assert await waiting
        with pytest.raises(LogFull):
            await writer.append(b"c")

    asyncio.run(run())
    assert read_all(tmp_path) == [b"a", b"b"]
