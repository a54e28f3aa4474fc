"""The past follows: merges, splits, undone merges, deletions and the squash job, over the real event store."""

from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.persons import deletion, undo
from leanbase.persons.deletion import Events, delete_persons
from leanbase.persons.edits import change_properties
from leanbase.persons.ids import person_uuid
from leanbase.persons.squash import squash_overrides
from leanbase.pipeline.rows import event_columns
from leanbase.store.client import Store
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql
from tests.embedded_engine import emptied
from tests.persons.world import World, make_event


class StoredWorld(World):
    """A world whose events and persons reach the event store, as the pipeline does it."""

    def __init__(self, folder: Path, store: Store) -> None:
        super().__init__(folder, store=store)
        self.store = store
        self.turns = 0

    def feed(self, events: Any) -> list[Event]:
        self.now += 1_000_000
        kept = super().feed(events)
        self.turns += 1
        for table, columns in self.rows.items():
            self.store.insert(table, columns, f"{table}:{self.turns}")
        reload_overrides(self.store)
        self.store.insert("events", event_columns(kept, self.now), f"events:{self.turns}")
        return kept

    def send(self, project: Project, name: str, distinct_id: str, **properties: Any) -> Event:
        event = make_event(project, name, distinct_id, properties=properties, received_at=self.now)
        self.feed([event])
        return event

    def rows_of(self, sql: str) -> list[tuple[Any, ...]]:
        return self.store.query(Sql(sql)).rows

    def counted(self) -> dict[UUID, list[str]]:
        """Distinct ids of all events, by the person that queries count them for."""
        found: defaultdict[UUID, list[str]] = defaultdict(list)
        for person, distinct_id in self.rows_of(
            "SELECT dictGetOrDefault('person_override', 'new_person_id', pk, person_id), distinct_id FROM events"
        ):
            found[person].append(distinct_id)
        return {person: sorted(ids) for person, ids in found.items()}

    def stored_people(self) -> dict[UUID, list[str]]:
        """The persons of the event store with their distinct ids."""
        ids: defaultdict[UUID, list[str]] = defaultdict(list)
        for person, distinct_id in self.rows_of(
            "SELECT person_id, distinct_id FROM person_distinct_ids FINAL WHERE NOT is_deleted"
        ):
            ids[person].append(distinct_id)
        people = self.rows_of("SELECT person_id FROM persons FINAL WHERE NOT is_deleted")
        return {person: sorted(ids[person]) for (person,) in people}

    def agree(self) -> None:
        """Both databases say the same, and every event of a known id counts for its person."""
        owners = {person["uuid"]: sorted(person["distinct_ids"]) for person in self.people()}
        assert self.stored_people() == owners
        for person, ids in self.counted().items():
            if person in owners:
                assert set(ids) <= set(owners[person])
            assert not [i for i in ids if any(i in theirs for uuid, theirs in owners.items() if uuid != person)]


@pytest.fixture
def world(tmp_path: Path) -> StoredWorld:
    return StoredWorld(tmp_path, emptied())


U, A, B = person_uuid(1, "user"), person_uuid(1, "anon"), person_uuid(1, "phone")


def merged(world: StoredWorld) -> Project:
    """Two anonymous devices, one user, all one person; and events of before and after."""
    project = world.project()
    world.send(project, "view", "anon", **{"$process_person_profile": False})
    world.send(project, "view", "user", **{"$set": {"plan": "pro"}})
    world.send(project, "$identify", "user", **{"$anon_distinct_id": "anon"})
    world.send(project, "view", "phone", **{"$set": {"color": "red", "plan": "free"}})
    world.send(project, "$identify", "user", **{"$anon_distinct_id": "phone"})
    world.send(project, "view", "phone")
    world.send(project, "view", "anon")
    return project


def test_a_merge_counts_at_once(world: StoredWorld) -> None:
    merged(world)
    assert world.counted() == {U: ["anon", "anon", "phone", "phone", "user", "user", "user"]}
    world.agree()


def test_a_split_id_takes_its_events_along(world: StoredWorld) -> None:
    merged(world)
    assert undo.split(world.persons, 1, U, ["phone"]) == [B]
    assert world.counted() == {U: ["anon", "anon", "user", "user", "user"], B: ["phone", "phone"]}
    world.agree()
    people = {person["uuid"]: person for person in world.people()}
    assert people[U]["properties"]["color"] == "red"
    assert people[B]["properties"] == {}


def test_splitting_off_all_but_one_also_frees_the_first_id(world: StoredWorld) -> None:
    merged(world)
    made = undo.split(world.persons, 1, U, [], keep="anon")
    assert B in made
    assert len(made) == 2
    counted = world.counted()
    assert counted[U] == ["anon", "anon"]
    assert sorted(map(tuple, counted.values())) == [("anon", "anon"), ("phone", "phone"), ("user", "user", "user")]
    world.agree()


def test_undoing_a_merge_brings_the_person_back_as_it_was(world: StoredWorld) -> None:
    merged(world)
    log = undo.merge_log(world.persons, 1, U)
    assert [(entry.kind, entry.outcome, entry.source_distinct_id) for entry in log] == [
        ("$identify", "merged", "phone"),
        ("$identify", "source_attached", "anon"),
    ]
    change_properties(world.persons, 1, U, {"color": "blue"})
    assert undo.undo(world.persons, 1, log[0].id, "ada@example.com") == [B]
    people = {person["uuid"]: person for person in world.people()}
    assert people[B]["properties"].keys() == {"color", "plan", "$creator_event_uuid"}
    assert people[B]["properties"]["plan"] == "free"
    assert people[U]["properties"]["color"] == "blue"  # set since: it is the user's own by now
    # What was changed by hand is told by an event of the first id.
    assert world.counted() == {U: ["anon", "anon", "user", "user", "user", "user"], B: ["phone", "phone"]}
    world.agree()
    with pytest.raises(undo.CannotUndo):
        undo.undo(world.persons, 1, log[0].id, "ada@example.com")
    assert undo.undo(world.persons, 1, log[1].id, "ada@example.com") == [A]
    assert world.counted() == {U: ["user"] * 4, A: ["anon", "anon"], B: ["phone", "phone"]}
    world.agree()
    assert {entry.undone_by for entry in undo.merge_log(world.persons, 1, U)} == {"ada@example.com"}


def test_what_only_came_by_the_merge_goes_with_it(world: StoredWorld) -> None:
    merged(world)
    undo.undo(world.persons, 1, undo.merge_log(world.persons, 1, U)[0].id, "ada")
    people = {person["uuid"]: person for person in world.people()}
    assert "color" not in people[U]["properties"]


def test_a_merge_by_hand_is_a_merge_and_can_be_undone(world: StoredWorld) -> None:
    project = world.project()
    world.send(project, "$identify", "user", **{"$anon_distinct_id": "anon"})
    world.send(project, "view", "phone")
    undo.merge_by_hand(world.persons, 1, target_uuid=B, source_uuid=U, at=world.now)
    assert world.counted() == {B: ["phone", "user"]}
    world.agree()
    (entry,) = [entry for entry in undo.merge_log(world.persons, 1, B) if entry.kind == "manual"]
    assert undo.undo(world.persons, 1, entry.id, "ada") == [U]
    assert world.counted() == {B: ["phone"], U: ["user"]}
    world.agree()


def test_merging_again_after_undoing(world: StoredWorld) -> None:
    project = merged(world)
    undo.undo(world.persons, 1, undo.merge_log(world.persons, 1, U)[0].id, "ada")
    world.send(project, "$identify", "other", **{"$anon_distinct_id": "phone"})
    assert world.counted()[B] == ["other", "phone", "phone"]  # the source survives where the target is unknown
    world.agree()


@pytest.mark.parametrize("events", list(Events))
def test_a_deleted_person_is_gone_and_replays_do_not_bring_it_back(world: StoredWorld, events: Events) -> None:
    project = merged(world)
    world.send(project, "view", "stranger")
    late = make_event(project, "view", "phone", received_at=world.now)
    world.now += 1_000_000
    done = delete_persons(world.persons, 1, [U], events)
    assert (done.found, done.deleted) == (1, 1)
    (job,) = deletion.jobs_of(world.persons, 1)
    assert job.left_over == 0
    assert world.rows_of(f"SELECT count() FROM persons WHERE person_id = toUUID('{U}')") == [(0,)]
    counted = world.counted()
    stranger = person_uuid(1, "stranger")
    assert counted.pop(stranger) == ["stranger"]
    if events is Events.DELETE:
        assert counted == {}
    elif events is Events.KEEP:
        assert counted == {U: ["anon", "anon", "phone", "phone", "user", "user", "user"]}
    else:
        ((nobody, ids),) = counted.items()
        assert nobody not in (U, A, B)
        assert len(ids) == 7
        assert len(set(ids)) == 1
        assert not world.rows_of("SELECT 1 FROM events WHERE match(properties, ':.pro.')")
    world.feed([late])
    assert {person["uuid"] for person in world.people()} == {stranger}
    assert [drop.reason for drop in world.dropped] == ([] if events is Events.KEEP else ["person_deleted"])
    world.agree()
    world.send(project, "view", "phone")  # a new start, for the same id
    assert {person["uuid"] for person in world.people()} == {stranger, B}
    assert world.counted()[B] == ["phone"]


def test_events_of_one_person_can_be_deleted_alone(world: StoredWorld) -> None:
    project = merged(world)
    world.send(project, "view", "stranger")
    delete_persons(world.persons, 1, [U], Events.DELETE, keep_person=True)
    assert world.counted() == {person_uuid(1, "stranger"): ["stranger"]}
    assert {person["uuid"] for person in world.people()} == {U, person_uuid(1, "stranger")}
    world.agree()


def test_squashing_changes_no_answer(world: StoredWorld) -> None:
    project = merged(world)
    before = world.counted()
    assert squash_overrides(world.persons) == 0  # too young
    world.now += 3 * 86_400_000_000
    assert squash_overrides(world.persons) == 2
    assert world.counted() == before
    assert world.rows_of("SELECT count() FROM person_overrides") == [(0,)]
    assert world.rows_of("SELECT uniqExact(person_id) FROM events") == [(1,)]
    world.send(project, "$merge_dangerously", "boss", alias="user")
    assert set(world.counted()) == {U}
    undo.split(world.persons, 1, U, ["phone"])
    assert world.counted()[B] == ["phone", "phone"]
    world.agree()


def test_an_edit_that_the_store_missed_is_made_up_for(world: StoredWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    project = merged(world)
    real = world.store.insert
    monkeypatch.setattr(world.store, "insert", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        undo.split(world.persons, 1, U, ["phone"])
    monkeypatch.setattr(world.store, "insert", real)
    world.send(project, "view", "stranger")
    assert world.counted()[B] == ["phone", "phone"]
    world.agree()
