"""Subscriptions are kept in PostHog's shape; nothing is sent, and the API says so."""

from typing import Any

import pytest

from tests.api.asking import Asker

P = "/api/projects/1"
TRENDS = {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "buy"}]}
EVERY_WEEK = {
    "target_type": "email", "target_value": "a@example.com,b@example.com", "frequency": "weekly", "interval": 2,
    "byweekday": ["monday"], "bysetpos": 1, "start_date": "2026-01-05T09:00:00Z", "title": "Numbers",
}  # fmt: skip


@pytest.fixture
def insight(client: Asker) -> int:
    return client.post(f"{P}/insights/", json={"name": "Buyers", "query": TRENDS}).json()["id"]


def test_a_subscription_lives(client: Asker, insight: int) -> None:
    made = client.post(f"{P}/subscriptions/", json={**EVERY_WEEK, "insight": insight})
    assert made.status_code == 201, made.text
    shape = made.json()
    assert {key: shape[key] for key in EVERY_WEEK} == {**EVERY_WEEK, "start_date": "2026-01-05T09:00:00.000000Z"}
    assert (shape["summary"], shape["resource_name"]) == ("sent every 2 weeks on the first Monday", "Buyers")
    assert (shape["enabled"], shape["deleted"], shape["next_delivery_date"]) == (True, False, None)
    path = f"{P}/subscriptions/{shape['id']}/"
    assert (
        client.patch(path, json={"enabled": False, "frequency": "daily", "interval": 1, "bysetpos": None}).json()[
            "summary"
        ]
        == "sent every day"
    )
    assert client.get(path).json()["enabled"] is False
    assert client.get(f"{P}/subscriptions/?insight={insight}").json()["count"] == 1
    for none in ("insight=99", "target_type=slack", "resource_type=dashboard", "search=nothing", "created_by=nobody"):
        assert client.get(f"{P}/subscriptions/?{none}").json()["count"] == 0, none
    assert client.get(f"{P}/subscriptions/?search=buy").json()["count"] == 1
    assert client.patch(path, json={"deleted": True}).json()["deleted"] is True
    assert client.get(f"{P}/subscriptions/").json()["count"] == 0
    assert client.get(f"{P}/subscriptions/?deleted=true").json()["count"] == 1
    log = client.get(f"{P}/activity_log/?scope=Subscription").json()["results"]
    assert [entry["activity"] for entry in log] == ["deleted", "updated", "created"]


def test_of_a_dashboard_some_insights_are_sent(client: Asker, insight: int) -> None:
    board = client.post(f"{P}/dashboards/", json={"name": "Board"}).json()["id"]
    client.patch(f"{P}/insights/{insight}/", json={"dashboards": [board]})
    asked = {**EVERY_WEEK, "dashboard": board, "dashboard_export_insights": [insight]}
    made = client.post(f"{P}/subscriptions/", json=asked).json()
    assert (made["content_type"], made["dashboard_export_insights"]) == ("dashboard", [insight])
    refused = client.post(f"{P}/subscriptions/", json={**asked, "dashboard_export_insights": [insight + 1]})
    assert (refused.status_code, refused.json()["attr"]) == (400, "dashboard_export_insights")


def test_nothing_is_delivered_and_that_is_said(client: Asker, insight: int) -> None:
    number = client.post(f"{P}/subscriptions/", json={**EVERY_WEEK, "insight": insight}).json()["id"]
    tried = client.post(f"{P}/subscriptions/{number}/test-delivery/")
    assert (tried.status_code, tried.json()["code"]) == (409, "delivery_not_configured")
    assert "so nothing is sent" in client.get(f"{P}/subscriptions/{number}/").json()["delivery"]
    assert "nothing is sent" in client.get(f"{P}/subscriptions/{number}/").json()["delivery"]
    assert client.get(f"{P}/subscriptions/{number}/deliveries/").json()["results"] == []
    assert client.get(f"{P}/subscriptions/{number}/deliveries/x/").status_code == 404


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"target_value": ""}, "target_value"),
    ({"frequency": "hourly"}, "frequency"),
    ({"start_date": "soon"}, "start_date"),
    ({"until_date": "2020-01-01"}, "until_date"),
    ({"insight": None}, "insight"),
    ({"insight": 99}, "insight"),
    ({"dashboard": 1}, "insight"),
    ({"dashboard_export_insights": [1]}, "dashboard_export_insights"),
]


@pytest.mark.parametrize(("wrong", "attr"), REFUSED)
def test_what_is_wrong_is_named(client: Asker, insight: int, wrong: dict[str, Any], attr: str) -> None:
    answer = client.post(f"{P}/subscriptions/", json={**EVERY_WEEK, "insight": insight, **wrong})
    assert (answer.status_code, answer.json()["attr"]) == (400, attr), answer.text
