"""Who changed what: every route that changes something saved leaves one line, in PostHog's shape."""

from typing import Any

from tests.api.asking import Asker

P = "/api/projects/1"
TRENDS = {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "buy"}]}


def lines(client: Asker, path: str = f"{P}/activity_log/") -> list[tuple[str, str, list[str]]]:
    """The newest line first: what kind of thing, what happened, which fields."""
    found = client.get(path).json()["results"]
    return [
        (entry["scope"], entry["activity"], [change["field"] for change in entry["detail"]["changes"]])
        for entry in found
    ]


def test_an_insight_leaves_a_line_for_every_change(client: Asker, world: Any) -> None:
    made = client.post(f"{P}/insights/", json={"name": "Buyers", "query": TRENDS}).json()
    path = f"{P}/insights/{made['id']}/"
    client.patch(path, json={"name": "All buyers", "tags": ["money"]})
    client.patch(path, json={"name": "All buyers"})  # changes nothing
    client.patch(path, json={"deleted": True})
    client.patch(path, json={"deleted": False})
    copy = client.post(f"{path}duplicate/").json()
    assert lines(client, f"{P}/insights/{made['short_id']}/activity/") == [
        ("Insight", "restored", []),
        ("Insight", "deleted", []),
        ("Insight", "updated", ["name", "tags"]),
        ("Insight", "created", ["name", "query", "saved"]),
    ]
    answer = client.get(f"{P}/insights/activity/?limit=2").json()
    assert (answer["count"], answer["total_count"], len(answer["results"])) == (5, 5, 2)
    assert "page=2" in answer["next"] and answer["previous"] is None
    newest = answer["results"][0]
    assert (newest["item_id"], newest["detail"]["name"], newest["detail"]["short_id"]) == (
        str(copy["id"]), "All buyers (copy)", copy["short_id"],
    )  # fmt: skip
    assert newest["user"]["email"] == world.credentials.email and newest["is_system"] is False
    second = client.get(f"{P}/insights/activity/?limit=2&page=2").json()
    changed = next(
        entry for entry in client.get(f"{P}/insights/activity/").json()["results"] if entry["activity"] == "updated"
    )
    assert changed["detail"]["changes"][0] == {
        "type": "Insight", "action": "changed", "field": "name", "before": "Buyers", "after": "All buyers",
    }  # fmt: skip
    assert [entry["activity"] for entry in second["results"]] == ["deleted", "updated"]


def test_everything_saved_is_in_one_log(client: Asker) -> None:
    board = client.post(f"{P}/dashboards/", json={"name": "Board"}).json()
    client.patch(f"{P}/dashboards/{board['id']}/", json={"pinned": True})
    note = client.post(f"{P}/annotations/", json={"content": "Launch", "date_marker": "2026-01-01T00:00:00Z"}).json()
    client.patch(f"{P}/annotations/{note['id']}/", json={"deleted": True})
    action = client.post(f"{P}/actions/", json={"name": "Bought", "steps": [{"event": "buy"}]}).json()
    client.patch(f"{P}/actions/{action['id']}/", json={"steps": [{"event": "bought"}]})
    client.delete(f"{P}/actions/{action['id']}/")
    cohort = client.post(f"{P}/cohorts/", json={"name": "List", "is_static": True}).json()
    client.patch(f"{P}/cohorts/{cohort['id']}/", json={"name": "The list"})
    assert lines(client) == [
        ("Cohort", "updated", ["name"]),
        ("Cohort", "created", ["name", "is_static"]),
        ("Action", "deleted", []),
        ("Action", "updated", ["steps"]),
        ("Action", "created", ["name", "steps"]),
        ("Annotation", "deleted", []),
        ("Annotation", "created", ["content", "date_marker", "scope"]),
        ("Dashboard", "updated", ["pinned"]),
        ("Dashboard", "created", ["name"]),
    ]
    assert lines(client, f"{P}/dashboards/{board['id']}/activity/") == lines(client)[-2:]
    assert lines(client, f"{P}/cohorts/{cohort['id']}/activity/") == lines(client)[:2]
    assert len(lines(client, f"{P}/activity_log/?scopes=Action,Annotation")) == 5
    advanced = f"{P}/advanced_activity_logs/"
    assert len(lines(client, f'{advanced}?scopes=["Action"]&activities=["deleted"]')) == 1
    assert lines(client, f"{advanced}?ordering=created_at&page_size=1") == lines(client)[-1:]
    assert lines(client, f"{advanced}?start_date=2100-01-01") == []
    me = client.get("/api/users/@me/").json()["uuid"]
    assert len(lines(client, f"{advanced}?users={me}")) == 9 and lines(client, f"{advanced}?users=nobody") == []
    offered = client.get(f"{advanced}available_filters/").json()["static_filters"]
    assert [item["value"] for item in offered["scopes"]] == ["Action", "Annotation", "Cohort", "Dashboard"]
    assert offered["users"][0]["value"] == me


def test_a_log_is_of_one_project(client: Asker) -> None:
    client.post(f"{P}/dashboards/", json={"name": "Board"})
    other = client.post("/api/projects/", json={"name": "Other"}).json()["id"]
    assert lines(client, f"/api/projects/{other}/activity_log/") == [] and len(lines(client)) == 1
