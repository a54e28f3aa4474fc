"""The event buffer, and that nobody needs it: the documented sign-up scenario ends with one person in both ways."""

from pathlib import Path

import pytest

from tests.persons.world import World, make_event

SECOND = 1_000_000


@pytest.mark.parametrize("seconds", [0, 60])
def test_sign_up_by_a_backend_before_identify(tmp_path: Path, seconds: int) -> None:
    world = World(tmp_path)
    project = world.project(event_buffer_seconds=seconds)
    device = {"$device_id": "anon"}
    world.feed([make_event(project, "$pageview", "anon", properties=device)])
    world.feed([make_event(project, "$autocapture", "anon", properties=device)])
    world.feed([make_event(project, "signed_up", "user", properties={"$lib": "posthog-python"})])
    assert len(world.events) == (2 if seconds else 3)
    world.now += 5 * SECOND
    world.feed([make_event(project, "$identify", "user", properties={"$anon_distinct_id": "anon", **device})])
    world.now += 60 * SECOND
    world.feed([])
    assert sorted(event.event for event in world.events) == ["$autocapture", "$identify", "$pageview", "signed_up"]
    (person,) = world.people()
    assert person["distinct_ids"] == {"anon", "user"}
    assert {world.overridden(1, event.person_id) for event in world.events if event.person_id} == {person["uuid"]}


def test_what_waits_and_for_how_long(tmp_path: Path) -> None:
    world = World(tmp_path)
    project = world.project(event_buffer_seconds=60)
    world.feed(
        [
            make_event(project, "waits", "one"),
            make_event(project, "of an anonymous user", "two", properties={"$device_id": "two"}),
            make_event(project, "of a phone", "three", properties={"$lib": "posthog-ios"}),
            make_event(project, "$identify", "four"),
            make_event(project, "of a known user", "four"),
            make_event(project, "without a person", "five", properties={"$process_person_profile": False}),
        ]
    )
    assert "waits" not in {event.event for event in world.events}
    assert len(world.events) == 5
    due = world.persons.next_due()
    assert due == world.now + 60 * SECOND
    world.now = due - 1
    assert world.feed([]) == []
    world.now = due
    (event,) = world.feed([])
    assert (event.event, event.person_mode) == ("waits", "full")
    assert world.persons.next_due() is None
    world.now += 120 * SECOND
    assert world.feed([]) == []


def test_events_wait_through_a_restart_and_a_turn_that_fails(tmp_path: Path) -> None:
    world = World(tmp_path)
    project = world.project(event_buffer_seconds=60)
    sent = make_event(project, "waits", "one", properties={"price": 1.5, "nested": {"a": [None, "é"]}})
    world.feed([sent])
    world.state.close()
    world = World(tmp_path)
    world.project(event_buffer_seconds=60)
    world.now += 61 * SECOND
    with pytest.raises(OSError, match="power"), world.persons.begin() as turn:
        assert len(turn.resolve([])) == 1
        raise OSError("no power")
    (event,) = world.feed([])
    assert event.properties == sent.properties
    assert (event.uuid, event.timestamp, event.raw) == (sent.uuid, sent.timestamp, sent.raw)


def test_a_project_that_is_gone_has_no_events_left(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.feed([make_event(world.project(event_buffer_seconds=60), "waits", "one")])
    world.projects.clear()
    world.now += 61 * SECOND
    assert world.feed([]) == []
    assert world.persons.next_due() is None
