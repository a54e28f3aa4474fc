"""Rules of persons and groups one by one, where the neutral cases say nothing."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.persons import properties as person_properties
from leanbase.persons.ids import as_text, person_uuid
from leanbase.persons.limits import Limits
from leanbase.pipeline.rows import stored_properties
from tests.persons.world import World, make_event

NAMESPACE = UUID("932979b4-65c3-4424-8467-0b66ec27bc22")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@given(st.integers(0, 2**31), st.text(alphabet=st.characters(codec="utf-8")))
def test_person_uuids_are_version_5(project_id: int, distinct_id: str) -> None:
    made = person_uuid(project_id, distinct_id)
    assert made == uuid5(NAMESPACE, f"{project_id}:{distinct_id}")
    assert made.version == 5
    assert made.bytes == UUID(str(made)).bytes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "null"),
        (["a", 1, None], "a,1,"),
        ({}, "[object Object]"),
    ],
)
def test_ids_of_any_json_value(value: Any, text: str) -> None:
    assert as_text(value) == text


def test_anonymous_events_keep_the_bytes_of_the_sdk(world: World) -> None:
    project = world.project()
    event = make_event(project, "view", "a", properties={"$process_person_profile": False, "n": 1})
    sent = event.raw
    world.feed([event])
    assert stored_properties(event) == sent
    assert world.table("SELECT count(*) FROM persons") == [(0,)]
    assert world.table("SELECT epoch FROM persons_clock") == [(0,)]


def test_a_true_profile_flag_is_taken_out_and_groups_are_put_in(world: World) -> None:
    event = make_event(
        world.project(), "view", "a", properties={"$process_person_profile": True, "$groups": {"org": 5}}
    )
    world.feed([event])
    assert json.loads(stored_properties(event)) == {"$groups": {"org": 5}, "$group_0": 5}
    assert event.groups == ("5", "", "", "", "")


def test_a_project_has_five_group_types(world: World) -> None:
    project = world.project()
    groups = {f"type{number}": f"key{number}" for number in range(7)}
    event = make_event(project, "view", "a", properties={"$groups": groups})
    world.feed([event])
    assert event.groups == ("key0", "key1", "key2", "key3", "key4")
    other = make_event(world.project(2), "view", "a", properties={"$groups": {"type6": "x"}})
    world.feed([other])
    assert other.groups == ("x", "", "", "", "")


def test_personless_events_register_no_group(world: World) -> None:
    values = {"$groups": {"org": "x"}, "$group_0": "y", "$process_person_profile": False}
    event = make_event(world.project(), "view", "a", properties=values)
    world.feed([event])
    assert event.groups == ("", "", "", "", "")
    assert "$group_0" not in event.properties
    assert world.table("SELECT * FROM group_types") == []


def test_a_group_key_that_is_too_long(world: World) -> None:
    event = make_event(
        world.project(), "$groupidentify", "a", properties={"$group_type": "org", "$group_key": "x" * 401}
    )
    assert world.feed([event]) == [event]
    assert [warning.type for warning in world.warnings] == ["group_key_too_long"]
    assert world.table("SELECT * FROM groups") == []


def test_a_crowd_on_one_person_is_warned_about_early_and_then_seldom(tmp_path: Path) -> None:
    world = World(tmp_path, limits=Limits(warn_distinct_ids=10))
    project = world.project()
    for number in range(100):
        world.feed(
            [make_event(project, "$identify", "null-user", properties={"$anon_distinct_id": f"device-{number}"})]
        )
    crowd = [w.details["distinctIds"] for w in world.warnings if w.type == "many_distinct_ids_on_one_person"]
    assert crowd == [10, 20, 40, 80]


def test_a_thousand_visitors_on_one_id_are_warned_about_in_time(world: World) -> None:
    """With the limits as they are shipped, and in one turn: at 100, then at every doubling, long before a thousand."""
    project = world.project()
    world.feed(
        [
            make_event(project, "$identify", "user", properties={"$anon_distinct_id": f"visitor-{n}"})
            for n in range(1000)
        ]
    )
    crowd = [w for w in world.warnings if w.type == "many_distinct_ids_on_one_person"]
    assert [w.details["distinctIds"] for w in crowd] == [100, 200, 400, 800]
    assert {w.details["distinctId"] for w in crowd} == {"user"}
    (person,) = world.people()
    assert [w.details["eventUuid"] for w in crowd] == [str(world.events[at].uuid) for at in (98, 198, 398, 798)]
    assert {w.details["personId"] for w in crowd} == {str(person["uuid"])}


def test_a_person_that_is_full_takes_no_more_ids(tmp_path: Path) -> None:
    world = World(tmp_path, limits=Limits(distinct_ids_per_person=3))
    project = world.project()
    for number in range(5):
        world.feed([make_event(project, "$identify", "user", properties={"$anon_distinct_id": f"device-{number}"})])
    (person,) = world.people()
    assert person["distinct_ids"] == {"user", "device-0", "device-1"}
    assert [warning.type for warning in world.warnings] == ["person_has_too_many_distinct_ids"] * 3


def test_a_merge_over_the_projects_limit_is_set_aside_whole(world: World) -> None:
    project = world.project(merge_move_distinct_id_limit=1)
    world.feed([make_event(project, "$create_alias", "two", properties={"alias": "two-more"})])
    world.feed([make_event(project, "view", "one")])
    event = make_event(project, "$merge_dangerously", "one", properties={"alias": "two", "$set": {"a": 1}})
    assert world.feed([event]) == []
    assert [(each.uuid, reason) for each, reason in world.dead_letters] == [(event.uuid, "Merge limit exceeded")]
    assert [drop.reason for drop in world.dropped] == ["merge_limit_exceeded"]
    [warning] = world.warnings
    assert warning.type == "merge_limit_exceeded"
    told = {"sourcePersonDistinctId": "two", "targetPersonDistinctId": "one", "distinctIds": 2, "limit": 1}
    assert warning.details | told | {"eventUuid": str(event.uuid), "event": "$merge_dangerously"} == warning.details
    assert '"$set":{"a":1}' in str(warning.details["properties"])
    assert all("a" not in person["properties"] for person in world.people())


def test_a_wrong_profile_flag_warns_once_an_hour(world: World) -> None:
    project = world.project()
    for hour in (0, 0, 1):
        at = 1_700_000_000_000_000 + hour * 3_600_000_000
        world.feed([make_event(project, "view", "a", at, properties={"$process_person_profile": "false"})] * 1)
    assert [warning.type for warning in world.warnings] == ["invalid_process_person_profile"] * 2


def test_properties_that_grow_too_large_are_trimmed(world: World) -> None:
    project = world.project()
    world.feed([make_event(project, "view", "a", properties={"$set": {"email": "a@example.com", "plan": "pro"}})])
    large = {f"key{number:03}": "x" * 10_000 for number in range(70)}
    world.feed([make_event(project, "view", "a", properties={"$set": large})])
    (person,) = world.people()
    size = len(msgspec.json.encode(person["properties"]))
    assert person_properties.TRIM_TO - 20_000 < size <= person_properties.TRIM_TO
    assert person["properties"]["email"] == "a@example.com"
    assert "key000" in person["properties"]
    assert "key069" not in person["properties"]
    assert [warning.type for warning in world.warnings] == ["person_properties_size_violation"]


def test_protected_properties_that_are_too_large_change_nothing(world: World) -> None:
    project = world.project()
    world.feed([make_event(project, "view", "a", properties={"$set": {"email": "a@example.com"}})])
    world.feed([make_event(project, "view", "a", properties={"$set": {"email": "x" * 700_000, "plan": "pro"}})])
    (person,) = world.people()
    assert person["properties"]["email"] == "a@example.com"
    assert "plan" not in person["properties"]


def test_nul_characters_are_replaced(world: World) -> None:
    world.feed([make_event(world.project(), "view", "a", properties={"$set": {"name": "a\0b", "list": ["\0"]}})])
    (person,) = world.people()
    assert person["properties"]["name"] == "a\ufffdb"
    assert person["properties"]["list"] == ["\ufffd"]


def test_times_that_the_store_cannot_hold_are_bent(world: World) -> None:
    world.feed([make_event(world.project(), "view", "a", -9_000_000_000_000_000)])
    (person,) = world.people()
    assert person["created_at"] == -2_208_988_800_000_000
    assert world.rows["persons"]["created_at"] == [person["created_at"]]


def test_last_seen_is_kept_by_the_hour_where_a_project_wants_it(world: World) -> None:
    project = world.project(settings={"person_last_seen_at_enabled": True})
    hour = 3_600_000_000
    start = 1_700_000_000_000_000 // hour * hour
    quiet = {"$update_person_last_seen_at": False}
    for at, values in ((start + 5, {}), (start - hour, {}), (start + 3 * hour, quiet)):
        world.feed([make_event(project, "view", "a", at, properties=values)])
    assert world.table("SELECT last_seen_at FROM persons") == [(start,)]


def test_usage_counts_kinds_of_events_apart(world: World) -> None:
    project = world.project()
    anonymous = {"$process_person_profile": False}
    names = [
        ("view", {}),
        ("view", anonymous),
        ("view", anonymous),
        ("$feature_flag_called", anonymous),
        ("$exception", {}),
    ]
    world.feed([make_event(project, name, "somebody else" if p else "a", properties=p) for name, p in names])
    world.feed([make_event(project, "view", "a")])
    assert world.table("SELECT day, kind, count FROM usage ORDER BY kind") == [
        ("2023-11-14", "anonymous_events", 2),
        ("2023-11-14", "exceptions", 1),
        ("2023-11-14", "flag_calls", 1),
        ("2023-11-14", "identified_events", 2),
    ]
