"""What the pipeline learns about events and properties."""

from pathlib import Path
from typing import Any

import pytest

from leanbase.appdb.state import StateDb
from leanbase.pipeline.definitions import Definitions
from leanbase.pipeline.property_types import inferred_type
from tests.pipeline.world import NOON, World, an_event, make_event

HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("price", 1.5, "Numeric"),
        ("price", 3, "Numeric"),
        ("price", "3", "String"),
        ("on", True, "Boolean"),
        ("on", "true", "Boolean"),
        ("on", " False ", "Boolean"),
        ("plan", "pro", "String"),
        ("plan", "", "String"),
        ("when", "2026-03-02", "DateTime"),
        ("when", "2026-03-02T10:00:00Z", "DateTime"),
        ("when", "2026-03-02 10:00:00.5+02:00", "DateTime"),
        ("when", "2026-03-02 or so", "String"),
        ("created_at", 1_770_000_000, "DateTime"),
        ("timestamp", 1_770_000_000_000, "DateTime"),
        ("timestamp", 5, "Numeric"),
        ("amount", 1_770_000_000, "Numeric"),
        ("utm_source", 5, "String"),
        ("utm_source", None, "String"),
        ("gclid", None, "String"),
        ("$feature/x", True, "String"),
        ("x", None, None),
        ("x", [1], None),
        ("x", {"a": 1}, None),
    ],
)
def test_types(key: str, value: Any, kind: str | None) -> None:
    assert inferred_type(key, value) == kind


def definitions(world: World, kind: str = "event") -> dict[str, str | None]:
    return dict(world.state_rows("SELECT name, property_type FROM property_definitions WHERE kind = ?", kind))


def test_names_and_types_are_learnt(world: World) -> None:
    world.send(an_event("buy", "a", price=5, tags=["x"], **{"$set": {"plan": "pro"}, "$set_once": {"age": 3}}))
    world.send(an_event("$groupidentify", "a", **{"$group_type": "org", "$group_key": "k", "$group_set": {"size": 4}}))
    world.drain()
    assert definitions(world) | {"price": "Numeric", "tags": None, "$group_type": "String"} == definitions(world)
    assert "$set" not in definitions(world)
    assert definitions(world, "person") | {"plan": "String", "age": "Numeric"} == definitions(world, "person")
    rows = world.state_rows(
        "SELECT group_type_index, name, is_numerical FROM property_definitions WHERE kind = 'group'"
    )
    assert rows == [(0, "size", 1)]
    pairs = world.state_rows("SELECT event, property FROM event_properties WHERE event = 'buy'")
    assert {("buy", "price"), ("buy", "tags")} <= set(pairs)


def test_volume_counts_and_last_seen_moves(world: World) -> None:
    world.send(an_event("buy"), an_event("buy"))
    world.drain()
    first = world.state_rows("SELECT volume, first_seen, last_seen FROM event_definitions")[0]
    world.clock.now += HOUR
    world.send(an_event("buy"))
    world.drain()
    ((volume, first_seen, last_seen),) = world.state_rows("SELECT volume, first_seen, last_seen FROM event_definitions")
    assert (first[0], volume) == (2, 3)
    assert first_seen == first[1]
    assert last_seen > first[2]


def test_a_type_is_learnt_from_the_first_value_and_stays(world: World) -> None:
    world.send(an_event("e", x=None))
    world.drain()
    assert definitions(world)["x"] is None
    world.send(an_event("e", x=5), an_event("e", x="text"))
    world.drain()
    assert definitions(world)["x"] == "Numeric"
    world.restart()
    world.send(an_event("e", x="text"))
    world.drain()
    assert definitions(world)["x"] == "Numeric"


def test_a_turn_that_is_undone_is_learnt_again(tmp_path: Path) -> None:
    state = StateDb(tmp_path / "state.sqlite")
    known = Definitions()
    known.learn([make_event({"a": 1})], NOON)
    known.forget()
    known.learn([make_event({"a": 1})], NOON)
    with state.write() as connection:
        known.write(connection, NOON)
    known.keep()
    known.learn([make_event({"a": 1})], NOON)
    with state.write() as connection:
        known.write(connection, NOON)
    with state.read() as connection:
        assert connection.execute("SELECT name FROM property_definitions").fetchall() == [("a",)]
        assert connection.execute("SELECT name, volume FROM event_definitions").fetchall() == [("click", 2)]
    state.close()


def test_names_that_a_client_makes_up_do_not_fill_the_database(tmp_path: Path) -> None:
    state = StateDb(tmp_path / "state.sqlite")
    known = Definitions(max_events=10, max_properties=10)
    for number in range(100):
        known.learn([make_event({f"p{number}": 1}, f"e{number}")], NOON)
        with state.write() as connection:
            known.write(connection, NOON)
        known.keep()
    known.learn([make_event({}, "e0")], NOON)
    with state.write() as connection:
        known.write(connection, NOON)
    with state.read() as connection:
        assert connection.execute("SELECT count(*) FROM event_definitions").fetchone()[0] <= 11
        assert connection.execute("SELECT count(*) FROM property_definitions").fetchone()[0] <= 11
        assert connection.execute("SELECT volume FROM event_definitions WHERE name = 'e0'").fetchone() == (2,)
    state.close()
