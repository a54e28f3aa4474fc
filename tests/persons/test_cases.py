"""The neutral cases of person processing, played against persons alone."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from leanbase.persons.ids import person_uuid
from leanbase.persons.illegal import is_illegal
from leanbase.pipeline.rows import stored_properties
from tests.persons.world import World, make_event, micros

DOCUMENT = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
PLAYABLE = [case for case in DOCUMENT["cases"] if case["topic"] not in ("api", "distinct-id")]


def without_creator(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key != "$creator_event_uuid"}


@pytest.mark.parametrize("case", PLAYABLE, ids=[case["id"] for case in PLAYABLE])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    world = World(tmp_path)
    settings = {name: value for name, value in case.get("config", {}).items() if name != "person_properties_update_all"}
    project = world.project(**settings)
    sent: dict[int, UUID] = {}
    for index, step in enumerate(case["steps"]):
        if step["op"] == "capture":
            fields = {"set_once": step.get("$set_once", {}), "set_": step.get("$set", {})}
            if "uuid" in step:
                fields["uuid"] = step["uuid"]
            event = make_event(
                project,
                step["event"],
                step["distinct_id"],
                micros(step["timestamp"]),
                properties=step["properties"],
                **fields,
            )
            sent[index] = event.uuid
            world.feed([event])
        elif step["op"] == "set_team":
            project = world.project(**{k: v for k, v in step.items() if k != "op"})
        elif step["op"] == "compute_uuid":
            assert str(person_uuid(step["team_id"], step["distinct_id"])) == step["expect"]
        else:
            assert step["op"] == "check_illegal"
            assert [text for text in step["illegal"] if not is_illegal(text)] == []
            assert [text for text in step["legal"] if is_illegal(text)] == []
    check(case["expect"], world, sent)


def check(expect: dict[str, Any], world: World, sent: dict[int, UUID]) -> None:
    if "persons" in expect:
        found = {frozenset(person["distinct_ids"]): person for person in world.people()}
        assert set(found) == {frozenset(person["distinct_ids"]) for person in expect["persons"]}
        for wanted in expect["persons"]:
            person = found[frozenset(wanted["distinct_ids"])]
            assert person["is_identified"] == wanted["is_identified"]
            assert person["uuid"] == person_uuid(1, wanted["uuid_from"])
            if "properties" in wanted:
                assert without_creator(person["properties"]) == wanted["properties"]
            assert person["properties"] | wanted.get("properties_contain", {}) == person["properties"]
            if "created_at" in wanted:
                assert person["created_at"] == micros(wanted["created_at"])
    stored = {event.uuid: event for event in world.events}
    for wanted in expect.get("events", []):
        event = stored.get(sent[wanted["step"]])
        assert (event is not None) == wanted.get("stored", True)
        if event is None:
            continue
        if "person_uuid_from" in wanted:
            assert event.person_id == person_uuid(1, wanted["person_uuid_from"])
        if "person_mode" in wanted:
            assert event.person_mode == wanted["person_mode"]
        if "person_properties" in wanted:
            assert without_creator(msgspec.json.decode(event.person_properties)) == wanted["person_properties"]
        if "person_created_at" in wanted:
            assert event.person_created_at == micros(wanted["person_created_at"])
        properties = msgspec.json.decode(stored_properties(event))
        assert properties == event.properties
        assert properties | wanted.get("properties_contain", {}) == properties
        assert not properties.keys() & set(wanted.get("properties_absent", []))
    for steps in expect.get("same_person_after_overrides", []):
        assert len({world.overridden(1, stored[sent[step]].person_id) for step in steps}) == 1  # type: ignore[arg-type]
    if "warnings" in expect:
        assert [w.type for w in world.warnings] == [w["type"] for w in expect["warnings"]]
        for warning, wanted in zip(world.warnings, expect["warnings"], strict=True):
            assert warning.details | wanted.get("details", {}) == warning.details
    types = dict(world.table("SELECT group_type, group_type_index FROM group_types"))
    if "group_types" in expect:
        assert types == expect["group_types"]
    if "groups" in expect:
        names = {index: name for name, index in types.items()}
        groups = [
            {"type": names[index], "key": key, "properties": json.loads(properties)}
            for index, key, properties in world.table("SELECT group_type_index, group_key, properties FROM groups")
        ]
        assert groups == expect["groups"]
