"""A deleted person stays away when the whole log is played again."""

import json
from uuid import UUID

import pytest

from leanbase.persons.deletion import Events, delete_persons, jobs_of
from leanbase.persons.ids import person_uuid
from tests.pipeline.world import World, an_event


@pytest.mark.parametrize("events", list(Events))
def test_deleted_persons_do_not_come_back_with_the_log(world: World, events: Events) -> None:
    world.send(an_event("view", "device", **{"$process_person_profile": False}))
    world.send(an_event("view", "ada", **{"$set": {"email": "ada@example.com"}}))
    world.send(an_event("$identify", "ada", **{"$anon_distinct_id": "device"}))
    world.send(an_event("view", "bob"))
    world.drain()
    ada, bob = person_uuid(1, "ada"), person_uuid(1, "bob")
    delete_persons(world.persons, 1, [ada], events)
    (job,) = jobs_of(world.persons, 1)
    assert (job.left_over, job.verified_at is not None) == (0, True)
    before = stored(world)

    # Everything is played again by a server that remembers no uuid: as after restoring the log, or a reset position.
    with world.state.write() as connection:
        connection.execute("UPDATE pipeline_position SET position = 0")
    world.restart(dedup_hours=0)
    world.drain()

    assert world.rows("SELECT person_id FROM persons FINAL WHERE NOT is_deleted") == [(bob,)]
    assert world.rows("SELECT distinct_id FROM person_distinct_ids FINAL WHERE NOT is_deleted") == [("bob",)]
    assert world.state_rows("SELECT uuid FROM persons") == [(bob.bytes,)]
    after = stored(world)
    if events is Events.DELETE:
        assert "ada" not in after and "device" not in after
    elif events is Events.ANONYMISE:
        assert "ada" not in after and "device" not in after
        assert set(after) == set(before)
    else:
        assert before["ada"] == {ada}
        assert after["ada"] == {ada}
    assert "ada@example.com" not in json.dumps(world.state_rows("SELECT properties FROM persons"))


def stored(world: World) -> dict[str, set[UUID]]:
    """Whom the stored events of each distinct id carry."""
    found: dict[str, set[UUID]] = {}
    for distinct_id, person in world.rows("SELECT DISTINCT distinct_id, person_id FROM events"):
        found.setdefault(distinct_id, set()).add(person)
    return found
