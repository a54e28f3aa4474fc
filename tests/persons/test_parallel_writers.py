"""Several processes handle events of the same persons at once, each with its own cache, on one state database."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID

from tests.persons.world import World, make_event

WRITER = """
import random, sys
from pathlib import Path
from tests.persons.world import World, make_event

world, who = World(Path(sys.argv[1])), int(sys.argv[2])
project = world.project()
chance = random.Random(who)
for turn in range(25):
    events = []
    for number in range(8):
        user = f"user-{chance.randrange(6)}"
        if chance.random() < 0.3:
            events.append(make_event(project, "$identify", user, properties={"$anon_distinct_id": f"device-{chance.randrange(9)}"}))
        else:
            key = f"{who}-{turn}-{number}"
            events.append(make_event(project, "view", user, properties={"$set": {key: 1}}))
    world.feed(events)
    for event in events:
        for key in event.set_:
            print(event.distinct_id, key, event.person_id)
"""  # noqa: E501


def test_parallel_writers_agree(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.project()
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(number)], cwd=root, stdout=subprocess.PIPE, text=True
        )
        for number in range(3)
    ]
    written: list[tuple[str, str, UUID]] = []
    for writer in writers:
        output, _ = writer.communicate(timeout=100)
        assert writer.returncode == 0
        for line in output.splitlines():
            distinct_id, key, person = line.split()
            written.append((distinct_id, key, UUID(person)))
    assert len(written) > 300

    people = world.people()  # also compares the count of ids with the ids
    owners = {distinct_id: person for person in people for distinct_id in person["distinct_ids"]}
    assert sum(len(person["distinct_ids"]) for person in people) == len(owners)
    for distinct_id, key, stamped in written:
        # No update of another process was lost, and what was stamped leads to the person that has the id today.
        assert owners[distinct_id]["properties"][key] == 1
        assert world.overridden(1, stamped) == owners[distinct_id]["uuid"]
    assert len({person["uuid"] for person in people}) == len(people)


def test_a_cache_learns_what_another_writer_did(tmp_path: Path) -> None:
    one, other = World(tmp_path), World(tmp_path)
    project = one.project()
    other.project()
    one.feed([make_event(project, "view", "user", properties={"$set": {"a": 1}})])
    other.feed([make_event(project, "view", "user", properties={"$set": {"b": 2}})])
    other.feed([make_event(project, "$identify", "boss", properties={"$anon_distinct_id": "user"})])
    (event,) = one.feed([make_event(project, "view", "boss", properties={"$set": {"c": 3}})])
    (person,) = one.people()
    assert person["properties"].keys() >= {"a", "b", "c"}
    assert event.person_id == person["uuid"]
