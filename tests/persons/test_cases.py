"""The neutral cases of person processing, played against persons alone."""

import json
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record
from leanbase.persons.ids import person_uuid
from leanbase.persons.illegal import is_illegal
from leanbase.pipeline.decode import record_events
from leanbase.pipeline.lift import lift_person_properties
from leanbase.pipeline.rows import stored_properties
from leanbase.pipeline.turn import Turn
from tests.persons.world import World, micros

DOCUMENTS = [
    json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8")) for name in ("cases.json", "spec_cases.json")
]
PLAYABLE = [case for document in DOCUMENTS for case in document["cases"] if case["topic"] not in ("api", "distinct-id")]


def without_creator(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key != "$creator_event_uuid"}


@pytest.mark.parametrize("case", PLAYABLE, ids=[case["id"] for case in PLAYABLE])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    world = World(tmp_path)
    project = world.project(**case.get("config", {}))
    sent: dict[int, UUID] = {}
    for index, step in enumerate(case["steps"]):
        if step["op"] == "capture":
            event = captured(project, step, index)
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


def captured(project: Project, step: dict[str, Any], index: int) -> Event:
    """The event of a step, read from the wire and lifted as the pipeline does it."""
    sent = {key: value for key, value in step.items() if key != "op"}
    body = json.dumps({"api_key": project.api_token, "batch": [sent]}).encode()
    record = Record(project.id, Lane.V0, micros("2026-01-01T00:00:00Z"), body)
    [event], dead = record_events(record, index, project)
    assert not dead
    return lift_person_properties([event], cast("Turn", None))[0]


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
        assert sorted(groups, key=repr) == sorted(expect["groups"], key=repr)
