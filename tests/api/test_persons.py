"""Persons, groups, warnings and usage over HTTP, with the real event store behind."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from leanbase.api.app import create_app
from leanbase.persons.ids import person_uuid
from leanbase.persons.service import Persons
from leanbase.persons.warnings import put
from leanbase.pipeline.rows import event_columns
from leanbase.query.service import QueryService
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql
from tests.api.asking import Asker
from tests.embedded_engine import emptied
from tests.persons.world import make_event

AT = 1_700_000_000_000_000


class Site:
    """A project that is tracked and asked."""

    def __init__(self, world: Any) -> None:
        self.store = emptied()
        state = world.context.state
        self.persons = Persons(state, self.store)
        self.queries = QueryService(self.store, world.context.appdb, state)
        context = replace(world.context, store=self.store, persons=self.persons, queries=self.queries)
        self.state = state
        self.project = context.projects.list()[0].project
        self.asker = Asker(create_app(context), {"Authorization": f"Bearer {world.credentials.personal_api_key}"})
        self.path = f"/api/projects/{self.project.id}/"
        self.turns = 0

    def send(self, name: str, distinct_id: str, at: int = AT, **properties: Any) -> None:
        self.send_all((name, distinct_id, at, properties))

    def send_all(self, *events: tuple[str, str, int, dict[str, Any]]) -> None:
        """One turn of the pipeline in miniature."""
        self.turns += 1
        with self.persons.begin(AT + self.turns) as turn:
            made = [make_event(self.project, name, who, at, properties=p, received_at=1) for name, who, at, p in events]
            for event in made:
                event.session_id = event.properties.get("$session_id", "")
            kept = turn.resolve(made)
            for table, columns in turn.store_rows().items():
                self.store.insert(table, columns, f"{table}:{self.turns}")
            reload_overrides(self.store)
            self.store.insert("events", event_columns(kept, AT + self.turns), f"events:{self.turns}")
            with self.state.write() as connection:
                turn.write(connection)
                put(connection, turn.warnings)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.asker.request(method, self.path + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def who(self, path: str) -> list[str]:
        return [person["name"] for person in self.ask("GET", path)["results"]]

    def uuid(self, distinct_id: str) -> str:
        return str(person_uuid(self.project.id, distinct_id))


@pytest.fixture
def site(world: Any) -> Iterator[Site]:
    made = Site(world)
    yield made
    made.queries.close()


@pytest.fixture
def known(site: Site) -> Site:
    """Three persons, the first with a merge behind her."""
    site.send_all(
        ("view", "device", AT, {}),
        ("view", "ada", AT + 1, {"$set": {"email": "ada@example.com", "age": 36}}),
        ("$identify", "ada", AT + 2, {"$anon_distinct_id": "device"}),
        ("view", "bob", AT + 3, {"$set": {"email": "bob@example.com", "age": 9}}),
        ("view", "cyd", AT + 4, {"$set": {"name": "Cyd"}}),
    )
    return site


def test_list_and_look_up(known: Site) -> None:
    assert known.who("persons/") == ["Cyd", "bob@example.com", "ada@example.com"]
    page = known.ask("GET", "persons/?limit=2&include_total=true")
    assert (page["count"], page["previous"]) == (3, None)
    assert "limit=2&offset=2" in page["next"]
    assert known.ask("GET", "persons/?limit=2&offset=2")["next"] is None
    ada = known.ask("GET", f"persons/{known.uuid('ada')}/")
    assert known.ask("GET", f"persons/{ada['id']}/") == ada
    assert set(ada["distinct_ids"]) == {"ada", "device"}
    assert ada["is_identified"] is True
    assert datetime.fromisoformat(ada["created_at"]).timestamp() * 1e6 == AT
    assert known.ask("GET", f"persons/{known.uuid('nobody')}/", status=404)["code"] == "not_found"
    assert known.ask("GET", "persons/ada/", status=400)["attr"] == "id"
    known.ask("POST", "persons/", {}, status=405)


def test_find_persons(known: Site) -> None:
    with known.state.write() as connection:
        connection.execute(
            "INSERT INTO property_definitions (project_id, kind, name, property_type, first_seen, last_seen) "
            "VALUES (?, 'person', 'age', 'Numeric', 0, 0)",
            (known.project.id,),
        )
    for query, names in {
        "search=ADA@": ["ada@example.com"],
        "search=cyd": ["Cyd"],
        "search=device": ["ada@example.com"],
        "search=devic": [],
        "email=BOB@example.com": ["bob@example.com"],
        "email=bob": [],
        "distinct_id=device": ["ada@example.com"],
        "distinct_id=nobody": [],
        'properties=[{"key":"age","value":10,"operator":"gt"}]': ["ada@example.com"],
        'properties=[{"key":"email","value":"bob@example.com"}]': ["bob@example.com"],
        'properties=[{"key":"email","operator":"is_not_set","type":"person"}]': ["Cyd"],
    }.items():
        assert (query, known.who(f"persons/?{query}")) == (query, names)
    for wrong in (
        "xx",
        "[1]",
        "[" * 5000,
        '[{"key":"a","operator":"like","value":1}]',
        '[{"key":"a","type":"event","value":1}]',
    ):
        assert known.ask("GET", f"persons/?properties={wrong}", status=400)["attr"].startswith("properties")


def test_values_for_pickers(known: Site) -> None:
    assert known.ask("GET", "persons/values/?key=email&value=BOB") == [{"name": "bob@example.com", "count": 1}]
    assert known.ask("GET", "persons/values/", status=400)["attr"] == "key"


def test_change_properties(known: Site) -> None:
    path = f"persons/{known.uuid('bob')}/"
    known.ask("PATCH", path, {"properties": {"plan": "pro", "age": 10}}, status=202)
    known.ask("POST", path + "update_property/", {"key": "tags", "value": ["a"]}, status=202)
    known.ask("POST", path + "delete_property/", {"$unset": "email"}, status=201)
    assert known.ask("POST", path + "update_property/", {"key": "tags"}, status=400)["attr"] == "value"
    bob = known.ask("GET", path)["properties"]
    assert {key: bob.get(key) for key in ("plan", "age", "tags", "email")} == {
        "plan": "pro",
        "age": 10,
        "tags": ["a"],
        "email": None,
    }
    ((stored,),) = known.store.query(
        Sql(f"SELECT properties FROM persons FINAL WHERE person_id = '{known.uuid('bob')}'")
    ).rows
    assert json.loads(stored) == bob
    assert known.ask("PATCH", path, {"properties": {"x": "y" * 700_000}}, status=400)["attr"] == "properties"


def test_split_undo_and_merge(known: Site) -> None:
    ada = f"persons/{known.uuid('ada')}/"
    assert (
        known.ask("POST", ada + "split/", {"distinct_ids_to_split": ["bob"]}, status=400)["attr"]
        == "distinct_ids_to_split"
    )
    assert (
        known.ask("POST", ada + "split/", {"distinct_ids_to_split": []}, status=400)["attr"] == "distinct_ids_to_split"
    )
    (entry,) = known.ask("GET", ada + "merge_log/")["results"]
    assert (entry["kind"], entry["outcome"], entry["source_distinct_id"]) == ("$identify", "merged", "device")
    known.ask("POST", ada + "undo_merge/", {"merge_id": entry["id"] + 1}, status=400)
    known.ask("POST", ada + "undo_merge/", {"merge_id": entry["id"]}, status=201)
    assert known.ask("POST", ada + "undo_merge/", {"merge_id": entry["id"]}, status=400)["attr"] == "merge_id"
    device = known.ask("GET", "persons/?distinct_id=device")["results"][0]
    assert device["uuid"] == known.uuid("device")
    known.ask("POST", ada + "merge/", {"ids": [known.uuid("ada")]}, status=400)
    merged = known.ask("POST", ada + "merge/", {"ids": [device["uuid"], known.uuid("bob")]}, status=201)
    assert set(merged["distinct_ids"]) == {"ada", "device", "bob"}
    split = known.ask("POST", ada + "split/", {"main_distinct_id": "ada"}, status=201)
    assert split["success"] is True
    assert known.ask("GET", ada)["distinct_ids"] == ["ada"]
    rows = known.ask(
        "POST", "query/", {"query": {"kind": "HogQLQuery", "query": "select distinct_id, person_id from events"}}
    )
    assert {tuple(row) for row in rows["results"]} == {
        (name, known.uuid(name)) for name in ("ada", "bob", "cyd", "device")
    }


def test_split_without_a_body_keeps_the_first_id(known: Site) -> None:
    ada = f"persons/{known.uuid('ada')}/"
    first, *others = known.ask("GET", ada)["distinct_ids"]
    assert known.ask("POST", ada + "split/", status=201)["success"] is True
    assert known.ask("GET", ada)["distinct_ids"] == [first]
    assert others == ["device"]
    assert known.who("persons/?distinct_id=device") == others


def test_delete(known: Site) -> None:
    ada = f"persons/{known.uuid('ada')}/"
    known.ask("DELETE", ada + "?delete_events=true&anonymise_events=true", status=400)
    assert known.ask("DELETE", ada + "?delete_events=true", status=202)["events_affected"] == 3
    known.ask("GET", ada, status=404)
    (job,) = known.ask("GET", "persons/deletion_status/?status=completed")["results"]
    assert (job["person_uuid"], job["left_over"]) == (known.uuid("ada"), 0)
    assert known.ask("GET", "persons/deletion_status/?status=pending")["results"] == []
    both = {"distinct_ids": ["bob", "cyd", "nobody"]}
    answer = known.ask("POST", "persons/bulk_delete/", both, status=202)
    assert (answer["persons_found"], answer["persons_deleted"], answer["deletion_errors"]) == (2, 2, [])
    assert known.who("persons/") == []
    for body in ({}, {"ids": ["a"], "distinct_ids": ["b"]}, {"distinct_ids": ["x"] * 1001}):
        known.ask("POST", "persons/bulk_delete/", body, status=400)


def test_groups(site: Site) -> None:
    site.send("$groupidentify", "ada", **{"$group_type": "org", "$group_key": "acme", "$group_set": {"name": "Acme"}})
    site.send("view", "ada", **{"$groups": {"org": "acme", "team": "blue"}})
    assert [(row["group_type"], row["group_type_index"]) for row in site.ask("GET", "groups_types/")] == [
        ("org", 0),
        ("team", 1),
    ]
    renamed = site.ask("PATCH", "groups_types/update_metadata/", [{"group_type_index": 0, "name_singular": "Org"}])
    assert renamed[0]["name_singular"] == "Org"
    (group,) = site.ask("GET", "groups/?group_type_index=0&search=ACM")["results"]
    assert (group["group_key"], group["group_properties"]) == ("acme", {"name": "Acme"})
    assert site.ask("GET", "groups/?group_type_index=1")["results"] == []
    assert site.ask("GET", "groups/", status=400)["attr"] == "group_type_index"
    where = "?group_type_index=0&group_key=acme"
    site.ask("POST", "groups/update_property/" + where, {"key": "size", "value": 5})
    site.ask("POST", "groups/delete_property/" + where, {"$unset": "name"})
    assert site.ask("GET", "groups/find/" + where)["group_properties"] == {"size": 5}
    assert site.ask("GET", "groups/property_values/?group_type_index=0&key=size") == [{"name": "5", "count": 1}]
    site.ask("POST", "groups/", {"group_type_index": 1, "group_key": "blue", "group_properties": {"a": 1}}, status=201)
    site.ask("POST", "groups/", {"group_type_index": 3, "group_key": "x"}, status=400)
    site.send("$groupidentify", "ada", **{"$group_type": "team", "$group_key": "blue", "$group_set": {"b": 2}})
    assert site.ask("GET", "groups/find/?group_type_index=1&group_key=blue")["group_properties"] == {"a": 1, "b": 2}
    site.ask("GET", "groups/find/?group_type_index=1&group_key=red", status=404)


def test_usage_metrics_of_groups(site: Site) -> None:
    path = "groups_types/0/metrics/"
    site.ask("POST", path, {"name": "Orders", "filters": {}}, status=404)  # there is no such type yet
    site.send("view", "ada", **{"$groups": {"org": "acme"}})
    orders = {"name": "Orders", "filters": {"events": [{"id": "order"}]}}
    made = site.ask("POST", path, orders, status=201)
    usual = {"format": "numeric", "interval": 7, "display": "number", "math": "count", "math_property": None}
    assert made == {"id": made["id"], **orders, **usual}
    assert site.ask("GET", path)["results"] == [made]
    assert site.ask("GET", "groups_types/1/metrics/")["results"] == []
    one = f"{path}{made['id']}/"
    changed = site.ask("PATCH", one, {"math": "sum", "math_property": "price", "format": "currency", "interval": 30})
    assert changed == {**made, "math": "sum", "math_property": "price", "format": "currency", "interval": 30}
    assert site.ask("GET", one) == changed
    site.ask("GET", f"groups_types/1/metrics/{made['id']}/", status=404)
    other = site.ask("POST", path, {**orders, "name": "More"}, status=201)
    for method, where, body, attr in (
        ("POST", path, orders, "name"),
        ("PATCH", f"{path}{other['id']}/", {"name": "Orders"}, "name"),
        ("PATCH", one, {"name": None}, "name"),
        ("POST", path, {"name": "x"}, "filters"),
        ("POST", path, {"name": "x", "filters": {"source": "data_warehouse"}}, "filters"),
        ("POST", path, {"name": "x", "filters": {}, "math": "sum"}, "math_property"),
        ("PATCH", one, {"math": "count"}, "math_property"),
        ("POST", path, {"name": "x", "filters": {}, "interval": 0}, "interval"),
        ("POST", path, {"name": "x", "filters": {}, "display": "pie"}, "display"),
    ):
        assert site.ask(method, where, body, status=400)["attr"] == attr
    assert site.asker.delete(site.path + one).status_code == 204
    site.ask("GET", one, status=404)
    assert [metric["name"] for metric in site.ask("GET", path)["results"]] == ["More"]


def test_what_usage_metrics_say_of_a_group(site: Site) -> None:
    day = 86_400_000_000
    now = time.time_ns() // 1000
    for who, group, age in (("a", "acme", 1), ("b", "acme", 2), ("a", "acme", 9), ("a", "other", 1)):
        site.send("order", who, now - age * day, price=10 * age, **{"$groups": {"org": group}})
        site.send("view", who, now - age * day, **{"$groups": {"org": group}})
    counted = {"name": "Orders", "filters": {"events": [{"id": "order"}]}, "interval": 5}
    cheap = {"type": "event", "key": "price", "operator": "lt", "value": 15}
    summed = {"name": "Cheap", "filters": {"events": [{"id": "order", "properties": [cheap]}]}, "interval": 5}
    for body in (counted, summed | {"math": "sum", "math_property": "price"}, {"name": "All", "filters": {}}):
        site.ask("POST", "groups_types/0/metrics/", body, status=201)
    site.ask("GET", "groups/usage_metrics/?group_type_index=0", status=400)
    drawn = counted | {"name": "Drawn", "display": "sparkline"}
    site.ask("POST", "groups_types/0/metrics/", drawn, status=201)
    whose = {"kind": "UsageMetricsQuery", "group_type_index": 0, "group_key": "acme"}
    told = site.ask("POST", "query/", {"query": whose})["results"]
    assert [(each["name"], each["value"], each["previous"]) for each in told] == [  # by name; "All" names no events
        ("Orders", 2, 1),
        ("Drawn", 2, 1),
        ("Cheap", 10, 0),
    ]
    assert [each["change_from_previous_pct"] for each in told] == [100, 100, None]
    assert [sum(each["timeseries"] or []) for each in told] == [0, 2, 0] and len(told[1]["timeseries_labels"]) == 6
    of_group = site.ask("GET", "groups/usage_metrics/?group_type_index=0&group_key=acme")["results"]
    assert [{**each, "timeseries_labels": None} for each in of_group] == [
        {**each, "timeseries_labels": None} for each in told
    ]
    person = site.ask(
        "POST",
        "query/",
        {"query": {"kind": "HogQLQuery", "query": "select any(person_id) from events where distinct_id = 'b'"}},
    )
    whose = {"kind": "UsageMetricsQuery", "person_id": person["results"][0][0]}
    assert [each["value"] for each in site.ask("POST", "query/", {"query": whose})["results"]] == [1, 1, 0]
    for wrong in ({}, {"group_key": "acme"}, {**whose, "group_type_index": 0, "group_key": "acme"}):
        site.ask("POST", "query/", {"query": {"kind": "UsageMetricsQuery", **wrong}}, status=400)


def test_usage(site: Site) -> None:
    site.send("view", "ada")
    site.send("view", "anon", **{"$process_person_profile": False})
    usage = site.ask("GET", "usage/?date_from=1969-12-30&date_to=1970-01-02")
    assert [row["date"] for row in usage["results"]] == ["1969-12-30", "1969-12-31", "1970-01-01", "1970-01-02"]
    assert (usage["totals"]["identified_events"], usage["totals"]["anonymous_events"]) == (1, 1)
    site.ask("GET", "usage/?date_from=2024-01-02&date_to=2024-01-01", status=400)
    site.ask("GET", "usage/?date_from=x", status=400)
