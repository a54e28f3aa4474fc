"""The history of a person's properties: who set what, when, through merges, splits and changes by hand."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings

from leanbase.persons import property_history, storage, undo
from leanbase.persons.edits import change_properties
from leanbase.persons.ids import uuid_from_bytes
from leanbase.persons.property_history import Join, Operation, Write, play
from leanbase.persons.squash import squash_overrides
from tests.embedded_engine import emptied
from tests.persons.test_histories import HISTORIES, events_of, fresh_world
from tests.persons.test_retroactive import B, StoredWorld, U, merged
from tests.persons.world import World


@pytest.fixture
def world(tmp_path: Path) -> StoredWorld:
    return StoredWorld(tmp_path, emptied())


def told(world: StoredWorld, uuid: UUID) -> list[tuple[Any, ...]]:
    with world.state.read() as connection:
        (person,) = storage.by_uuids(connection, 1, [uuid])
    found = property_history.history(world.persons, person, write_all=False)
    assert not found.truncated
    return [(c.key, c.operation.value, c.value, c.previous, c.event, c.distinct_id) for c in found.changes]


def test_sets_merges_and_changes_by_hand(world: StoredWorld) -> None:
    project = merged(world)
    world.send(project, "view", "phone", **{"$set": {"plan": "max"}, "$unset": ["color"]})
    world.now += 1_000_000
    change_properties(world.persons, 1, U, {"age": 5}, ["plan"], who="ada@example.com")
    assert told(world, U) == [
        ("plan", "unset", None, "max", "$delete_person_property", "user"),
        ("age", "set", 5, None, "$set", "user"),
        ("color", "unset", None, "red", "view", "phone"),
        ("plan", "set", "max", "pro", "view", "phone"),
        ("color", "merged", "red", None, "$identify", "phone"),
        ("plan", "set", "free", None, "view", "phone"),
        ("color", "set", "red", None, "view", "phone"),
        ("plan", "set", "pro", None, "view", "user"),
    ]
    ((properties, mode),) = world.rows_of("SELECT properties, person_mode FROM events WHERE event = '$set'")
    assert json.loads(properties) == {"$set": {"age": 5}, "$changed_by": "ada@example.com"}
    assert mode == "full"


def test_what_no_event_explains_is_said(world: StoredWorld) -> None:
    merged(world)
    undo.split(world.persons, 1, U, ["phone"])
    assert told(world, B) == [
        ("plan", "other", None, "free", None, None),
        ("color", "other", None, "red", None, None),
        ("plan", "set", "free", None, "view", "phone"),
        ("color", "set", "red", None, "view", "phone"),
    ]


def test_an_undone_merge_leaves_the_history_of_before(world: StoredWorld) -> None:
    merged(world)
    undo.undo(world.persons, 1, undo.merge_log(world.persons, 1, U)[0].id, "ada")
    assert told(world, U) == [("plan", "set", "pro", None, "view", "user")]
    assert {change[1] for change in told(world, B)} == {"set"}


def test_squashing_does_not_change_it(world: StoredWorld) -> None:
    merged(world)
    before = told(world, U)
    world.now += 3 * 86_400_000_000
    assert squash_overrides(world.persons) > 0
    assert told(world, U) == before


def joins_of(world: World) -> list[Join]:
    joins: list[Join] = []
    for recorded, at, event, kind, outcome, source, target, text in world.table(
        "SELECT recorded_at, happened_at, event_uuid, kind, outcome, source_distinct_id, target_distinct_id, before "
        "FROM merge_log ORDER BY id"
    ):
        before = json.loads(text)
        theirs = before.get("properties", {})
        gained = {key: theirs[key] for key in before.get("gained", ())}
        if outcome == "target_attached":
            source, target = target, source
        ids = before.get("distinct_ids", ())
        joins.append(Join(recorded, at, uuid_from_bytes(event), kind, source, target, ids, gained))
    return joins


@given(HISTORIES)
@settings(max_examples=100, deadline=None)
def test_events_and_merges_explain_every_property(history: list[tuple[str, str, int, dict[str, Any]]]) -> None:
    """Played one by one, in the order they were processed in, they end where the person is; and a change says what
    the one before it left."""
    with fresh_world() as world:
        writes: list[Write] = []
        for event in events_of(history):
            world.now += 1
            world.feed([event])
            if event.person_mode == "full" and event in world.events:
                writes.append(
                    Write(
                        world.now,
                        event.timestamp,
                        event.uuid,
                        event.event,
                        event.distinct_id,
                        event.set_,
                        event.set_once,
                        event.unset,
                    )
                )
        joins = joins_of(world)
        births = frozenset(event.uuid for event in world.events)
        creators = {
            json.loads(row[0]).get("properties", {}).get("$creator_event_uuid")
            for row in world.table("SELECT before FROM merge_log")
        }
        for person in world.people():
            mine = [write for write in writes if write.distinct_id in person["distinct_ids"]]
            theirs = [join for join in joins if join.target in person["distinct_ids"]]
            born = {UUID(person["properties"]["$creator_event_uuid"]), *(UUID(c) for c in creators if c)}
            found = play(
                mine, theirs, births & born, sorted(person["distinct_ids"]), person["properties"], truncated=False
            )
            assert [change for change in found.changes if change.operation is Operation.OTHER] == []
            assert {c.key for c in found.changes} >= person["properties"].keys() - {"$creator_event_uuid"}
