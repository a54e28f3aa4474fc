"""Turns of the pipeline on real parts."""

import gzip
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from leanbase.appdb.state import StateDb
from leanbase.eventlog.contracts import Entry
from leanbase.model.event import Event
from leanbase.model.record import Lane, Record, encode_record
from leanbase.model.report import RefusedCount, encode_report
from leanbase.pipeline import loop
from leanbase.pipeline.recordings import read_recordings
from leanbase.pipeline.steps import STEPS
from leanbase.pipeline.turn import Turn
from leanbase.store.client import Limits, Result, Store, StoreError
from leanbase.store.sql import Sql
from tests.pipeline.world import NOON, SECOND, World, an_event


def test_an_event_becomes_a_row(world: World) -> None:
    world.send(an_event("click", "anna", price=1.50, plan="pro") | {"timestamp": "2026-03-02T11:59:00Z"}, ip="91.0.0.1")
    report = world.pipeline.run_turn()
    assert (report.entries, report.events, report.stored) == (1, 1, 1)
    row = world.events("project_id, event, distinct_id, timestamp, person_mode, properties, uuid, person_id, pk")[0]
    assert row[:5] == (1, "click", "anna", datetime(2026, 3, 2, 11, 59, tzinfo=UTC), "full")
    assert row[5].startswith('{"price": 1.5, "plan": "pro",')
    assert json.loads(row[5])["$geoip_country_code"] == "DE"
    assert world.rows("SELECT person_id, pk FROM persons FINAL") == [(row[7], row[8])]
    assert world.rows("SELECT distinct_id, person_id FROM person_distinct_ids FINAL") == [("anna", row[7])]
    assert world.log.released == world.log.head()
    assert world.pipeline.counters.stored == 1


def test_nothing_to_do_changes_nothing(world: World) -> None:
    before = world.state_rows("SELECT * FROM pipeline_position")
    assert world.pipeline.run_turn().entries == 0
    assert world.state_rows("SELECT * FROM pipeline_position") == before


def test_an_empty_log_whose_positions_begin_anywhere_is_no_backlog(world: World) -> None:
    world.log.head = lambda: 1_795_261_047_778_234_112  # type: ignore[method-assign]
    world.pipeline.run_turn()
    assert world.pipeline.counters.backlog_bytes() == 0
    assert world.pipeline.counters.lag_seconds() == 0


def test_a_repeated_uuid_counts_once(world: World) -> None:
    one = an_event() | {"uuid": str(UUID(int=77))}
    world.send(dict(one), dict(one))
    world.drain()
    world.send(dict(one))
    world.drain()
    world.restart()
    world.send(dict(one), an_event())
    world.drain()
    assert len(world.events()) == 2
    assert world.drops() == {"repeated_uuid": 3}


def test_a_uuid_counts_within_its_project(world: World) -> None:
    one = an_event() | {"uuid": str(UUID(int=77))}
    world.send(dict(one))
    world.send(dict(one), project=2)
    world.drain()
    assert sorted(world.events("project_id")) == [(1,), (2,)]


def test_what_cannot_be_read_is_a_dead_letter_and_holds_nothing_up(world: World) -> None:
    world.log.append(b"\xc1 no record")
    world.log.append(encode_record(Record(1, Lane.V0, NOON, b"{not json")))
    world.log.append(encode_record(Record(1, Lane.V0, NOON, b"no gzip", "gzip")))
    world.send(an_event())
    world.drain()
    assert world.events() == [("click", "d")]
    letters = world.state_rows("SELECT project_id, reason, payload FROM dead_letters ORDER BY id")
    assert letters == [
        (0, "unreadable_record", b"\xc1 no record"),
        (1, "unreadable_body", b"{not json"),
        (1, "unreadable_body", b"no gzip"),
    ]


def test_events_of_a_deleted_project_are_counted(world: World) -> None:
    world.send(an_event(), project=99)
    world.drain()
    assert world.events() == []
    assert world.state_rows("SELECT project_id, reason, count FROM dropped") == [(99, "unknown_project", 1)]


def test_reports_of_capture_are_counted(world: World) -> None:
    world.log.append(
        encode_record(encode_report([RefusedCount(1, "too_big", 3), RefusedCount(0, "no_token", 1)], NOON))
    )
    world.drain()
    assert world.state_rows("SELECT project_id, day, reason, count FROM dropped ORDER BY project_id") == [
        (0, "2026-03-02", "no_token", 1),
        (1, "2026-03-02", "too_big", 3),
    ]


def test_recordings_are_kept_whole(world: World) -> None:
    payloads = [encode_record(Record(1, Lane.REPLAY, NOON, bytes([n]) * 50)) for n in range(3)]
    for payload in payloads:
        world.log.append(payload)
    world.drain()
    files = sorted((world.folder / "inbox").iterdir())
    assert [payload for file in files for payload in read_recordings(file)] == payloads
    assert world.events() == []


def a_recording(session_id: str, received_at: int, project: int = 1) -> bytes:
    properties = {"$session_id": session_id, "$snapshot_data": [{"type": 4}], "distinct_id": "d"}
    body = gzip.compress(json.dumps([{"event": "$snapshot", "properties": properties}]).encode())
    return encode_record(Record(project, Lane.REPLAY, received_at, body, encoding="gzip"))


def test_a_recorded_session_counts_once_on_its_first_day(world: World) -> None:
    day = 86_400 * SECOND
    for sent in (
        a_recording("s1", NOON),
        a_recording("s1", NOON + SECOND),
        a_recording("s2", NOON),
        a_recording("s1", NOON, project=2),
    ):
        world.log.append(sent)
    world.drain()
    world.restart()  # what was counted is not in memory only
    world.log.append(a_recording("s1", NOON + day))
    world.log.append(a_recording("s3", NOON + day))
    world.drain()
    counted = "SELECT project_id, day, count FROM usage WHERE kind = 'recordings' ORDER BY project_id, day"
    assert world.state_rows(counted) == [(1, "2026-03-02", 2), (1, "2026-03-03", 1), (2, "2026-03-02", 1)]
    world.log.append(a_recording("s4", NOON + 20 * day))
    world.drain()
    assert world.state_rows("SELECT session_id FROM recorded_sessions") == [("s4",)]


def test_a_turn_that_is_repeated_counts_its_recordings_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.log.append(a_recording("s1", NOON))

    def breaks(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(loop, "finish_plan", breaks)
        assert world.pipeline.run_turn().failed
    world.drain()
    assert world.state_rows("SELECT kind, count FROM usage") == [("recordings", 1)]


def test_heatmaps_have_their_own_table(world: World) -> None:
    world.send(an_event("$pageview", **{"$current_url": "https://x/", "$heatmap_data": {"https://x/": [{"x": 1}]}}))
    world.send(an_event("$$heatmap", **{"$current_url": "https://y/", "$heatmap_data": {}}))
    world.drain()
    assert [name for name, _ in world.events()] == ["$pageview"]
    assert "$heatmap_data" not in world.events("properties")[0][0]
    assert world.rows("SELECT current_url FROM heatmaps ORDER BY 1") == [("https://x/",), ("https://y/",)]


def test_a_turn_takes_a_limited_number_of_events(world: World) -> None:
    world.restart(max_events=10)
    for _ in range(7):
        world.send(*(an_event() for _ in range(4)))
    assert world.pipeline.run_turn().events == 12
    world.drain()
    assert len(world.events()) == 28


# -- crashes -------------------------------------------------------------------


class Crash(BaseException):
    """The process ends here: not even ``except Exception`` runs."""


class CrashingStore:
    """Ends the process before or after its n-th insert; may store only some partitions of it."""

    def __init__(self, store: Store, at: int, after: bool, partly: bool = False) -> None:
        self._store, self._left, self._after, self._partly = store, at, after, partly

    def query(self, sql: Sql, limits: Limits | None = None, tag: str = "") -> Result:
        return self._store.query(sql, limits, tag)

    def command(self, sql: Sql) -> None:
        self._store.command(sql)

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], token: str) -> None:
        self._left -= 1
        if self._left:
            self._store.insert(table, columns, token)
            return
        if self._partly and "timestamp" in columns:
            # What a crash between two partitions leaves: the rows of one month under the token.
            months = [moment // (31 * 86_400 * SECOND) for moment in columns["timestamp"]]
            some = [n for n, month in enumerate(months) if month == months[0]]
            self._store.insert(table, {name: [values[n] for n in some] for name, values in columns.items()}, token)
        elif self._after:
            self._store.insert(table, columns, token)
        raise Crash

    def cancel(self, tag: str) -> bool:
        return False

    def close(self) -> None: ...


class CrashingState(StateDb):
    """Ends the process at its n-th transaction: before it is committed."""

    at = 0

    def write(self) -> Any:
        self.at -= 1
        if self.at == 0:
            raise Crash
        return super().write()


class CrashingLog:
    """Ends the process when the log is to be released: everything else is done."""

    def __init__(self, log: Any) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def release(self, position: int) -> None:
        raise Crash


def a_history(world: World) -> None:
    """Events of several months, a merge, groups, a repeated uuid, an event that is dropped."""
    world.send(
        an_event("$pageview", "anon", **{"$browser": "Firefox"}) | {"timestamp": "2026-01-05T10:00:00Z"},
        an_event("$pageview", "anon2") | {"timestamp": "2025-12-05T10:00:00Z"},
        an_event("", "nobody"),
    )
    world.send(
        an_event("$identify", "anna", **{"$anon_distinct_id": "anon", "$set": {"plan": "pro"}}),
        an_event("buy", "anna", **{"$groups": {"company": "acme"}}) | {"timestamp": "2026-02-05T10:00:00Z"},
        an_event(
            "$groupidentify", "anna", **{"$group_type": "company", "$group_key": "acme", "$group_set": {"size": 3}}
        ),
    )
    world.send(
        an_event("$create_alias", "anna", alias="anon2"),
        an_event("anonymous", "x", **{"$process_person_profile": False}) | {"uuid": str(UUID(int=5))},
        an_event("anonymous", "x", **{"$process_person_profile": False}) | {"uuid": str(UUID(int=5))},
    )


def outcome(world: World) -> dict[str, Any]:
    """Everything that a crash must not change."""
    return {
        "events": world.events(
            "event, distinct_id, timestamp, uuid, person_id, properties, person_properties, person_mode, group_0, "
            "dictGetOrDefault('person_override', 'new_person_id', pk, person_id)"
        ),
        "persons": world.rows("SELECT project_id, person_id, properties, is_deleted FROM persons FINAL ORDER BY 2"),
        "ids": world.rows("SELECT distinct_id, person_id, is_deleted FROM person_distinct_ids FINAL ORDER BY 1"),
        "groups": world.rows("SELECT group_type_index, group_key, properties FROM groups FINAL"),
        "state": world.state_rows("SELECT uuid, properties, is_identified FROM persons ORDER BY uuid"),
        "definitions": world.state_rows("SELECT name, volume FROM event_definitions ORDER BY name"),
        "properties": world.state_rows("SELECT kind, name, property_type FROM property_definitions ORDER BY 1, 2"),
        "drops": world.drops(),
        "warnings": world.state_rows("SELECT type FROM ingestion_warnings ORDER BY type"),
    }


POINTS: list[tuple[str, Callable[[World], dict[str, Any]]]] = [
    *[
        (f"insert {n} {when}", lambda w, n=n, when=when: {"store": CrashingStore(w.store, n, when == "after")})
        for n in range(1, 6)
        for when in ("before", "after")
    ],
    ("events partly", lambda w: {"store": CrashingStore(w.store, 5, False, partly=True)}),
    *[(f"transaction {n}", lambda w, n=n: {"state": crashing_state(w, n)}) for n in (1, 2)],
    ("release", lambda w: {"log": CrashingLog(w.log)}),
]


def crashing_state(world: World, at: int) -> StateDb:
    state = CrashingState(world.folder / "state.sqlite")
    state.at = at
    return state


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    return {}


READING_AHEAD = {"max_events": 1, "read_ahead_bytes": 1}


@pytest.mark.parametrize("settings", [{}, READING_AHEAD], ids=["in one turn", "reading ahead"])
@pytest.mark.parametrize(("name", "failing"), POINTS, ids=[name for name, _ in POINTS])
def test_a_crash_at_any_point_changes_nothing(
    new_world: Callable[[], World],
    undisturbed: dict[str, Any],
    name: str,
    failing: Callable[[World], dict[str, Any]],
    settings: dict[str, Any],
) -> None:
    wanted = undisturbed.get(str(settings))
    if wanted is None:
        world = new_world()
        a_history(world)
        world.restart(**settings)
        world.drain()
        wanted = undisturbed[str(settings)] = outcome(world)
        assert len(wanted["events"]) == 7
    world = new_world()
    a_history(world)
    world.restart(**failing(world), **settings)
    with pytest.raises(Crash):
        world.drain()
    world.restart(**settings)
    a_plan = world.state_rows("SELECT plan_start FROM pipeline_position")[0][0]
    assert (a_plan is None) == (name in ("release", "transaction 1"))
    world.drain()
    assert outcome(world) == wanted
    assert world.log.released == world.log.head() or name == "release"


def test_two_crashes_in_a_row_change_nothing(new_world: Callable[[], World]) -> None:
    world = new_world()
    a_history(world)
    for at in (5, 2, 5):
        world.restart(store=CrashingStore(world.store, at, True))
        with pytest.raises(Crash):
            world.drain()
    world.send(an_event("later", "anna"))
    world.restart()
    world.drain()
    assert len(world.events()) == 8
    assert len({row[0] for row in world.events("uuid")}) == 8


# -- failures ------------------------------------------------------------------


class UnreadableBehind:
    """A log that fails to read from a position on."""

    def __init__(self, log: Any, position: int) -> None:
        self._log, self._position = log, position

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def read(self, position: int, max_bytes: int) -> list[Entry]:
        if position >= self._position:
            raise ValueError("a bug in reading")
        return [entry for entry in self._log.read(position, max_bytes) if entry.end <= self._position]


def test_what_cannot_be_read_ahead_is_no_fault_of_the_turn(world: World) -> None:
    behind = world.send(an_event("first"))
    world.send(an_event("second"))
    world.restart(log=UnreadableBehind(world.log, behind), **READING_AHEAD)
    assert world.pipeline.run_turn().stored == 1
    assert [name for name, _ in world.events()] == ["first"]
    assert world.state_rows("SELECT count(*) FROM dead_letters") == [(0,)]
    with pytest.raises(ValueError, match="a bug in reading"):
        world.pipeline.run_turn()
    world.restart()
    world.drain()
    assert [name for name, _ in world.events()] == ["first", "second"]


class FullDisk(CrashingStore):
    """Refuses inserts until space is free."""

    def __init__(self, store: Store, problem: Exception) -> None:
        super().__init__(store, 0, False)
        self.problem: Exception | None = problem

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], token: str) -> None:
        if self.problem and table == "events":
            raise self.problem
        self._store.insert(table, columns, token)


@pytest.mark.parametrize(
    "problem",
    [
        StoreError(243, "NOT_ENOUGH_SPACE", "no space left"),
        StoreError(241, "MEMORY_LIMIT_EXCEEDED", "no memory"),
        StoreError(252, "TOO_MANY_PARTS", "too many parts"),
        StoreError(210, "NETWORK_ERROR", "refused"),
        StoreError(4242, "NEW_IN_THE_NEXT_VERSION", "?"),
        sqlite3.OperationalError("database or disk is full"),
        OSError(28, "No space left on device"),
    ],
)
def test_a_failure_that_goes_away_is_waited_out(world: World, problem: Exception) -> None:
    store = FullDisk(world.store, problem)
    world.restart(store=store)
    world.send(an_event())
    world.send(an_event())
    for _ in range(3):
        report = world.pipeline.run_turn()
        assert report.failed
        assert world.log.released == 0
    store.problem = None
    world.drain()
    assert len(world.events()) == 2
    assert world.state_rows("SELECT count(*) FROM dead_letters") == [(0,)]
    assert world.pipeline.counters.failed_turns == 3


def poisoned(events: list[Event], turn: Turn) -> list[Event]:
    if any(event.event == "poison" for event in events):
        raise ZeroDivisionError("a bug")
    return events


def test_a_record_that_breaks_a_turn_is_found_and_set_aside(world: World) -> None:
    world.steps = (*STEPS, poisoned)
    world.restart()
    for number in range(20):
        world.send(an_event("poison" if number == 13 else "good", f"d{number}"))
    world.drain()
    assert len(world.events()) == 19
    letters = world.state_rows("SELECT reason, detail, payload FROM dead_letters")
    assert [(reason, detail) for reason, detail, _ in letters] == [("poison_record", "ZeroDivisionError: a bug")]
    assert b"poison" in letters[0][2]
    world.send(*(an_event() for _ in range(30)))
    assert world.pipeline.run_turn().stored == 30


def test_rows_of_a_turn_that_must_be_cut_are_taken_back(world: World) -> None:
    class RefusesOne(CrashingStore):
        def insert(self, table: str, columns: Mapping[str, Sequence[Any]], token: str) -> None:
            self._store.insert(table, columns, token)
            if table == "events" and "bad" in columns["event"]:
                raise StoreError(27, "CANNOT_PARSE_INPUT", "after storing it all")

    world.restart(store=RefusesOne(world.store, 0, False))
    for number in range(6):
        world.send(an_event("bad" if number == 2 else "good", f"d{number}"))
    world.drain()
    assert sorted(world.events("event, distinct_id")) == [("good", f"d{number}") for number in (0, 1, 3, 4, 5)]
    assert world.state_rows("SELECT count(*) FROM dead_letters") == [(1,)]


def test_a_failure_without_a_record_to_blame_is_raised_and_repeated(world: World) -> None:
    def broken(_: int | None = None) -> Any:
        raise ZeroDivisionError

    world.send(an_event("", "x"))
    begin, world.persons.begin = world.persons.begin, broken  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        for _ in range(3):
            world.pipeline.run_turn()
    world.persons.begin = begin  # type: ignore[method-assign]
    world.drain()
    assert world.state_rows("SELECT position FROM pipeline_position") == [(world.log.head(),)]


def test_the_thread_processes_what_comes_and_stops(world: World) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=world.pipeline.run, args=(stop,))
    thread.start()
    try:
        world.send(an_event())
        deadline = time.monotonic() + 20
        while not world.pipeline.counters.stored and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert len(world.events()) == 1
    assert "leanbase_pipeline_events_stored_total 1" in world.pipeline.counters.text()


def test_events_that_wait_for_their_person_come_later(world: World) -> None:
    world.projects[1] = type(world.projects[1])(id=1, api_token="phc_1", event_buffer_seconds=30)
    world.send(an_event("early", "anna"))
    world.drain()
    assert world.events() == []
    for _ in range(2):
        world.clock.now += 40 * SECOND
        world.pipeline.run_turn()
    assert world.events() == [("early", "anna")]
