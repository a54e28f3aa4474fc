import asyncio
import contextlib

from leanbase.model.record import Lane
from leanbase.model.report import RefusedCount, decode_report
from tests.capture.asgi import NOW, PROJECT, Door, batch, event


def test_refusals_are_reported_into_the_log_once() -> None:
    door = Door()
    door.post(batch(event("")))
    door.post(batch(event(""), event()))
    asyncio.run(door.capture.report())
    asyncio.run(door.capture.report())
    assert (door.record.lane, door.record.received_at) == (Lane.REPORT, NOW)
    assert decode_report(door.record) == [RefusedCount(PROJECT, "missing_event_name", 3)]


def test_a_report_that_cannot_be_stored_comes_with_the_next() -> None:
    door = Door()
    door.post(batch(event("")))
    door.log.full = True
    asyncio.run(door.capture.report())
    door.log.full = False
    door.post(batch(event("")))
    asyncio.run(door.capture.report())
    assert decode_report(door.record) == [RefusedCount(PROJECT, "missing_event_name", 2)]


def test_the_last_report_is_written_at_the_end() -> None:
    door = Door()
    door.post(batch(event("")))

    async def run() -> None:
        task = asyncio.create_task(door.capture.report_forever(3600))
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert door.record.lane is Lane.REPORT


def test_metrics_say_what_happened() -> None:
    door = Door()
    door.post(batch(event(), event()))
    door.post(batch(event("")))
    lines = door.capture.metrics().splitlines()
    assert 'leanbase_capture_requests_total{route="events",status="200"} 1' in lines
    assert 'leanbase_capture_requests_total{route="events",status="400"} 1' in lines
    assert "leanbase_capture_events_accepted_total 2" in lines
    assert 'leanbase_capture_events_refused_total{reason="missing_event_name"} 1' in lines
    assert "leanbase_log_append_seconds_count 1" in lines
    assert f"leanbase_log_backlog_bytes {len(door.log.payloads[0])}" in lines
