"""Random histories: persons against the oracle, however they are cut into turns, and when turns are given up."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.model.event import Event
from leanbase.model.project import Project
from tests.persons.oracle import Oracle
from tests.persons.world import World, make_event

PROJECT = Project(id=1, api_token="phc_1", settings={"lift": False})
# Few persons who meet often: most merges must be of two that exist and differ, or the table's last rows are never met.
IDS = st.sampled_from(["a", "b", "c", "d", "e"] * 5 + ["anonymous", "'0'", "null"])
VALUES = st.sampled_from([0, 1, 1.5, True, False, None, "x", "y", [1], {"k": 1}])
KEYS = st.sampled_from(["plan", "email", "$browser", "$os"])
NAMES = st.sampled_from(
    ["view"] * 3 + ["$identify"] * 3 + ["$create_alias", "$merge_dangerously", "$set", "$exception", "$groupidentify"]
)
START = 1_700_000_000_000_000


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, str, int, dict[str, Any]]:
    name, distinct_id = draw(NAMES), draw(IDS)
    properties: dict[str, Any] = {}
    for part in ("$set", "$set_once"):
        if draw(st.booleans()):
            properties[part] = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3))
    if draw(st.integers(0, 4)) == 0:
        properties["$unset"] = draw(st.lists(KEYS, max_size=2))
    if name == "$identify" and draw(st.integers(0, 5)):
        properties["$anon_distinct_id"] = draw(IDS)
    if name in ("$create_alias", "$merge_dangerously") and draw(st.integers(0, 5)):
        properties["alias"] = draw(IDS)
    if draw(st.integers(0, 7)) == 0:
        properties["$process_person_profile"] = draw(st.sampled_from([False, False, True]))
    return name, distinct_id, START + draw(st.integers(0, 300)) * 1_000_000, properties


# Of all lengths alike; plain lists are short nearly always.
HISTORIES = st.integers(0, 40).flatmap(lambda length: st.lists(steps(), min_size=length, max_size=length))


@contextmanager
def fresh_world(**options: Any) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), **options)
        world.projects[1] = PROJECT
        try:
            yield world
        finally:
            world.state.close()


def events_of(history: list[tuple[str, str, int, dict[str, Any]]]) -> list[Event]:
    return [make_event(PROJECT, name, who, at, properties=properties) for name, who, at, properties in history]


def plain(properties: dict[str, Any]) -> str:
    """Properties so that 1, 1.0 and true differ."""
    return repr(sorted((k, repr(v)) for k, v in properties.items() if k != "$creator_event_uuid"))


def people_of(world: World) -> list[tuple[Any, ...]]:
    return sorted(
        (str(p["uuid"]), sorted(p["distinct_ids"]), p["created_at"], p["is_identified"], plain(p["properties"]))
        for p in world.people()
    )


def cut(events: list[Event], sizes: list[int]) -> Iterator[list[Event]]:
    while events:
        size = sizes.pop() if sizes else len(events)
        yield events[:size]
        events = events[size:]


@given(HISTORIES, st.lists(st.integers(1, 7)), st.sampled_from([1, 1000]))
@settings(max_examples=100, deadline=None)
def test_any_history_in_any_turns_ends_as_the_oracle_says(
    history: list[tuple[str, str, int, dict[str, Any]]], sizes: list[int], cached_ids: int
) -> None:
    oracle, expected = Oracle(), {}
    events = events_of(history)
    for event, (name, who, at, properties) in zip(events, history, strict=True):
        stamp = oracle.play(name, who, at, properties)
        if stamp is not None:
            expected[event.uuid] = stamp
    with fresh_world(cached_ids=cached_ids) as world:
        for turn in cut(events, sizes):
            world.feed(turn)
        assert people_of(world) == sorted(
            (str(p.uuid), sorted(p.ids), p.created_at, p.is_identified, plain(p.properties)) for p in oracle.people
        )
        assert [w.type for w in world.warnings] == oracle.warnings
        assert {event.uuid for event in world.events} == expected.keys()
        for event in world.events:
            stamp = expected[event.uuid]
            assert isinstance(event.person_id, UUID)
            assert (event.person_id, event.person_mode) == (stamp.person_id, stamp.mode)
            assert plain(msgspec.json.decode(event.person_properties)) == plain(stamp.properties)
            # No event is left without the person it has by now.
            assert world.overridden(1, event.person_id) == oracle.today(stamp.person_id)
        # Every distinct id has one person, and overrides are flat and lead to the living.
        living = {person["uuid"] for person in world.people()}
        for old, new in world.table("SELECT old_uuid, new_uuid FROM person_overrides"):
            assert UUID(bytes=old) not in living
            assert UUID(bytes=new) in living


@given(HISTORIES, HISTORIES)
@settings(max_examples=40, deadline=None)
def test_a_turn_that_is_given_up_leaves_no_trace(
    first: list[tuple[str, str, int, dict[str, Any]]], second: list[tuple[str, str, int, dict[str, Any]]]
) -> None:
    with fresh_world() as world, fresh_world() as calm:
        world.feed(events_of(first))
        before = people_of(world)
        try:
            with world.persons.begin() as turn:
                turn.resolve(events_of(second))
                with world.state.write() as connection:
                    turn.write(connection)
                    raise OSError("the disk is full")
        except OSError:
            pass
        with world.persons.begin() as turn:
            turn.resolve(events_of(second))  # and never written
        assert people_of(world) == before
        world.feed(events_of(second))
        calm.feed(events_of(first))
        calm.feed(events_of(second))
        assert people_of(world) == people_of(calm)


@given(HISTORIES)
@settings(max_examples=40, deadline=None)
def test_playing_the_same_log_into_an_empty_server_gives_the_same_persons(
    history: list[tuple[str, str, int, dict[str, Any]]],
) -> None:
    with fresh_world() as one, fresh_world() as other:
        one.feed(events_of(history))
        for event in events_of(history):
            other.feed([event])
        assert people_of(one) == people_of(other)


@given(st.permutations(["a", "b", "c", "d"]), st.permutations([("a", "b"), ("b", "c"), ("c", "d")]))
@settings(max_examples=60, deadline=None)
def test_forced_merges_join_the_same_ids_in_any_order(order: list[str], merges: list[tuple[str, str]]) -> None:
    with fresh_world() as world:
        world.feed([make_event(PROJECT, "view", distinct_id) for distinct_id in order])
        world.feed([make_event(PROJECT, "$merge_dangerously", to, properties={"alias": other}) for to, other in merges])
        (person,) = world.people()
        assert person["distinct_ids"] == {"a", "b", "c", "d"}
        assert len({world.overridden(1, event.person_id or UUID(int=0)) for event in world.events}) == 1
