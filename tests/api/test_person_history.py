"""What became of persons, over HTTP: history of properties, activity, related groups, usage of deleted ids."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.test_persons import AT, Site


@pytest.fixture
def site(world: Any) -> Iterator[Site]:
    made = Site(world)
    yield made
    made.queries.close()


def told(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("key", "operation", "value", "previous", "event", "changed_by")
    return [tuple(change[name] for name in names) for change in answer["results"]]


def test_who_set_what(site: Site) -> None:
    site.send("view", "ada", AT, **{"$set": {"plan": "free"}})
    site.send("view", "device", AT + 1, **{"$set_once": {"color": "red"}})
    site.send("$identify", "ada", AT + 2, **{"$anon_distinct_id": "device", "$set": {"plan": "pro"}})
    path = f"persons/{site.uuid('ada')}/"
    site.ask("PATCH", path, {"properties": {"plan": "max"}}, status=202)
    site.ask("POST", path + "delete_property/", {"$unset": "color"}, status=201)
    answer = site.ask("GET", path + "property_history/")
    assert told(answer) == [
        ("color", "unset", None, "red", "$delete_person_property", "admin@localhost"),
        ("plan", "set", "max", "pro", "$set", "admin@localhost"),
        ("plan", "set", "pro", "free", "$identify", None),
        ("color", "merged", "red", None, "$identify", None),
        ("color", "set_once", "red", None, "view", None),
        ("plan", "set", "free", None, "view", None),
    ]
    assert (answer["count"], answer["truncated"]) == (6, False)
    event = site.ask("GET", f"events/{answer['results'][1]['event_uuid']}/")
    assert (event["event"], event["distinct_id"]) == ("$set", "ada")
    assert event["properties"] == {"$set": {"plan": "max"}, "$changed_by": "admin@localhost"}
    short = site.ask("GET", path + "property_history/?key=color&limit=2")
    assert [change["operation"] for change in short["results"]] == ["unset", "merged"]
    assert "offset=2" in short["next"]
    site.ask("GET", f"persons/{site.uuid('nobody')}/property_history/", status=404)


def test_what_users_did(site: Site) -> None:
    site.send("view", "ada", AT, **{"$set": {"plan": "free"}})
    site.send("view", "bob", AT)
    ada, bob = (f"persons/{site.uuid(name)}/" for name in ("ada", "bob"))
    site.ask("PATCH", ada, {"properties": {"plan": "pro", "age": 5}}, status=202)
    site.ask("POST", ada + "merge/", {"ids": [site.uuid("bob")]}, status=201)
    (entry,) = site.ask("GET", ada + "merge_log/")["results"]
    site.ask("POST", ada + "undo_merge/", {"merge_id": entry["id"]}, status=201)
    page = site.ask("GET", ada + "activity/")
    assert [one["activity"] for one in page["results"]] == ["merge_undone", "people_merged_into", "updated"]
    assert page["count"] == 3
    updated = page["results"][2]
    assert (updated["user"]["email"], updated["item_id"], updated["scope"]) == (
        "admin@localhost",
        site.uuid("ada"),
        "Person",
    )
    assert [(c["field"], c["action"], c["before"], c["after"]) for c in updated["detail"]["changes"]] == [
        ("properties.plan", "changed", "free", "pro"),
        ("properties.age", "created", None, 5),
    ]
    site.ask("DELETE", ada, status=202)
    left = site.ask("GET", "persons/activity/")["results"]
    assert [(one["activity"], one["item_id"]) for one in left] == [("deleted", site.uuid("ada"))]
    assert left[0]["detail"] == {"events": "keep", "changes": []}
    site.ask("GET", bob + "activity/")


def test_related_persons_and_groups(site: Site) -> None:
    now = time.time_ns() // 1000
    acme = {"$group_type": "org", "$group_key": "acme", "$group_set": {"name": "Acme"}}
    site.send("$groupidentify", "ada", now, **acme)
    site.send("view", "ada", now, **{"$groups": {"org": "acme", "team": "blue"}})
    site.send("view", "ada", now, **{"$groups": {"org": "acme"}})
    site.send("view", "device", now, **{"$groups": {"team": "red"}})
    site.send("view", "stranger", now, **{"$groups": {"org": "other"}})
    site.send("$identify", "ada", now, **{"$anon_distinct_id": "device"})
    groups = site.ask("GET", f"groups/related/?id={site.uuid('ada')}")
    assert [(g["group_type_index"], g["id"], g["events"]) for g in groups] == [
        (0, "acme", 2),
        (1, "blue", 1),
        (1, "red", 1),
    ]
    assert (groups[0]["group_properties"], groups[1]["created_at"]) == ({"name": "Acme"}, None)
    of_acme = site.ask("GET", "groups/related/?id=acme&group_type_index=0")
    assert [(one["type"], one["id"] if one["type"] == "group" else one["uuid"]) for one in of_acme] == [
        ("person", site.uuid("ada")),
        ("group", "blue"),
    ]
    assert site.ask("GET", "groups/related/?id=nothing&group_type_index=2") == []
    site.ask("GET", "groups/related/?id=ada", status=400)
    site.ask("GET", "groups/related/", status=400)


def test_stretches_of_one_value(site: Site) -> None:
    hour = 3_600_000_000
    for number, plan in enumerate(["free", "free", "pro", "pro", "pro", "free"]):
        site.send("view", "ada", AT + number * hour, **{"$set": {"plan": plan, "n": number}})
    path = f"persons/{site.uuid('ada')}/properties_timeline/?date_from=2023-11-01&date_to=2023-12-01"
    answer = site.ask("GET", path + '&properties=[{"key":"plan","type":"person","value":"x"}]')
    assert [(point["properties"]["plan"], point["relevant_event_count"]) for point in answer["points"]] == [
        ("free", 2),
        ("pro", 3),
        ("free", 1),
    ]
    assert answer["crucial_property_keys"] == ["plan"]
    assert answer["effective_date_to"].startswith("2023-12-01T23:59:59.999999")
    whole = site.ask("GET", path)
    assert [point["relevant_event_count"] for point in whole["points"]] == [6]
    assert site.ask("GET", path + '&events=[{"id":"buy"}]')["points"] == []
    by_breakdown = site.ask("GET", path + "&breakdown=n&breakdown_type=person")
    assert len(by_breakdown["points"]) == 6
    for wrong in ("&properties=x", "&events=[1]", "&date_from=x", "&date_to=yesterday"):
        site.ask("GET", path + wrong, status=400)


def test_deleted_ids_can_be_used_again(site: Site) -> None:
    site.send("view", "ada")
    site.ask("DELETE", f"persons/{site.uuid('ada')}/", status=202)
    reset = site.ask("POST", "persons/reset_person_distinct_id/", {"distinct_id": "ada"}, status=202)
    assert reset == {"distinct_id": "ada", "person": None}
    site.ask("POST", "persons/reset_person_distinct_id/", {}, status=400)


def test_many_at_once(site: Site) -> None:
    site.send_all(
        ("view", "ada", AT, {}), ("view", "bob", AT, {}), ("$identify", "ada", AT, {"$anon_distinct_id": "d"})
    )
    found = site.ask("POST", "persons/batch_by_distinct_ids/", {"distinct_ids": ["d", "ada", "nobody"]})["results"]
    assert {name: person["uuid"] for name, person in found.items()} == {"d": site.uuid("ada"), "ada": site.uuid("ada")}
    assert site.ask("POST", "persons/batch_by_distinct_ids/", {})["results"] == {}
