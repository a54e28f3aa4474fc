"""What must hold when a turn fails half way and something else happens before it is repeated."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from leanbase.model.event import Event
from leanbase.persons.deletion import delete_persons
from leanbase.persons.edits import change_properties
from leanbase.persons.ids import person_uuid
from leanbase.pipeline import loop
from leanbase.pipeline.rows import event_columns
from leanbase.store.client import StoreError
from tests.pipeline.world import SECOND, World, an_event


class Breaking:
    """A store that refuses events as long as ``problem`` is set, before or after it has taken them."""

    def __init__(self, world: World, problem: Exception, after: bool) -> None:
        self._store = world.store
        self.problem: Exception | None = problem
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], token: str) -> None:
        if self.problem is None or table != "events":
            self._store.insert(table, columns, token)
            return
        if self._after:
            self._store.insert(table, columns, token)
        raise self.problem


def stored_properties(world: World) -> dict[UUID, Any]:
    """Of the persons that the event store shows."""
    rows = world.rows("SELECT person_id, properties FROM persons FINAL WHERE is_deleted = 0")
    return {uuid: json.loads(text) for uuid, text in rows}


def known_properties(world: World) -> dict[UUID, Any]:
    """Of the persons that there are."""
    return {
        UUID(bytes=uuid): json.loads(text) for uuid, text in world.state_rows("SELECT uuid, properties FROM persons")
    }


@pytest.mark.parametrize("after", [False, True])
def test_an_edit_between_a_failed_turn_and_its_repetition_is_kept(world: World, after: bool) -> None:
    world.send(an_event("sign up", "anna", **{"$set": {"plan": "free"}}))
    world.send(an_event("sign up", "bert"))
    world.drain()
    anna, bert = person_uuid(1, "anna"), person_uuid(1, "bert")
    store = Breaking(world, StoreError(241, "MEMORY_LIMIT_EXCEEDED", "no memory"), after)
    world.restart(store=store)
    world.send(an_event("upgrade", "anna", **{"$set": {"plan": "pro"}}))
    world.send(an_event("upgrade", "bert", **{"$set": {"plan": "pro"}}))
    assert world.pipeline.run_turn().failed
    store.problem = None
    change_properties(world.persons, 1, anna, {"name": "Anna"})
    delete_persons(world.persons, 1, [bert])
    world.drain()
    assert stored_properties(world) == known_properties(world)
    anna_properties = stored_properties(world)[anna]
    assert (anna_properties["plan"], anna_properties["name"]) == ("pro", "Anna")
    assert bert not in stored_properties(world)
    assert sorted(name for name, _ in world.events() if name == "upgrade") == ["upgrade", "upgrade"]


def test_a_crash_while_rows_are_taken_back_loses_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store would take the inserts of the same plan for those that were removed."""

    class Crash(BaseException):
        pass

    def crashes(*_: object) -> None:
        raise Crash

    bad = StoreError(27, "CANNOT_PARSE_INPUT", "after storing it all")
    store = Breaking(world, bad, after=True)
    world.restart(store=store)
    for number in range(3):
        world.send(an_event("buy", f"d{number}"))
    with monkeypatch.context() as patch:
        patch.setattr(loop, "drop_plan", crashes)
        with pytest.raises(Crash):
            world.pipeline.run_turn()
    assert world.events() == []
    world.restart()
    world.drain()
    assert sorted(world.events()) == [("buy", f"d{number}") for number in range(3)]
    assert world.state_rows("SELECT count(*) FROM dead_letters") == [(0,)]


def test_a_failure_after_the_commit_takes_nothing_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = an_event("buy", "anna") | {"uuid": str(UUID(int=7))}
    world.send(dict(sent))

    def breaks(position: int) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(world.log, "release", breaks)
        with pytest.raises(ZeroDivisionError):
            world.pipeline.run_turn()
    world.send(dict(sent), an_event("later", "anna"))
    world.drain()
    assert sorted(world.events()) == [("buy", "anna"), ("later", "anna")]
    assert world.drops() == {"repeated_uuid": 1}


def test_an_event_that_waits_is_known_after_a_restart(world: World) -> None:
    """An SDK that did not hear 200 sends it again."""
    world.projects[1] = type(world.projects[1])(id=1, api_token="phc_1", event_buffer_seconds=30)
    sent = an_event("early", "anna") | {"uuid": str(UUID(int=7))}
    world.send(dict(sent))
    world.drain()
    world.restart()
    world.send(dict(sent))
    world.drain()
    world.clock.now += 40 * SECOND
    for _ in range(2):
        world.pipeline.run_turn()
    assert world.events() == [("early", "anna")]
    assert world.drops() == {"repeated_uuid": 1}


def test_rows_that_cannot_be_made_while_persons_are_stored_leave_no_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events become columns beside the insert of their persons: what fails there undoes those too."""

    def columns(events: Sequence[Event], inserted_at: int) -> loop.Columns:
        if any(event.event == "bad" for event in events):
            raise ValueError("no columns can be made of it")
        return event_columns(events, inserted_at)

    monkeypatch.setattr(loop, "event_columns", columns)
    world.send(an_event("buy", "anna"))
    world.send(an_event("bad", "mallory"))
    world.send(an_event("buy", "bert", **{"$set": {"plan": "pro"}}))
    world.drain()
    assert sorted(world.events()) == [("buy", "anna"), ("buy", "bert")]
    assert known_properties(world).keys() == {person_uuid(1, "anna"), person_uuid(1, "bert")}
    assert stored_properties(world).items() >= known_properties(world).items()
    assert world.state_rows("SELECT reason FROM dead_letters") == [("poison_record",)]
