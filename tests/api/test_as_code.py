"""Dashboards as code: what is exported can be applied, twice, elsewhere, and says what it changes."""

from typing import Any

import pytest
import yaml

PATH = "/api/projects/{}/dashboards_as_code/"
TEXT = """
version: 1
insights:
  - key: visitors
    name: Visitors
    tags: [web]
    query: {kind: TrendsQuery, dateRange: {date_from: 2026-01-01}, series: [{kind: EventsNode, event: $pageview}]}
dashboards:
  - name: Overview
    filters: {date_from: -7d}
    tiles:
      - insight: visitors
        layouts: {sm: {x: 0, y: 0, w: 6, h: 5}}
      - text: "# Hello"
"""


def apply(client, text: str, project: int = 1, dry_run: bool = False) -> dict[str, str]:
    answer = client.post(f"{PATH.format(project)}?dry_run={str(dry_run).lower()}", content=text.encode())
    assert answer.status_code == 200, answer.text
    return {f"{row['kind']} {row['key']}": row["action"] for row in answer.json()["changes"]}


def exported(client, project: int = 1) -> str:
    return client.get(PATH.format(project)).text


def test_applying_creates_once(client) -> None:
    created = {"insight visitors": "create", "dashboard Overview": "create"}
    assert apply(client, TEXT, dry_run=True) == created
    assert client.get("/api/projects/1/insights/").json()["count"] == 0, "a dry run changes nothing"
    assert apply(client, TEXT) == created
    before = exported(client)
    assert apply(client, TEXT) == {"insight visitors": "keep", "dashboard Overview": "keep"}
    assert exported(client) == before
    board = client.get("/api/projects/1/dashboards/").json()["results"][0]["id"]
    tiles = client.get(f"/api/projects/1/dashboards/{board}/").json()["tiles"]
    assert tiles[0]["insight"]["query"]["dateRange"] == {"date_from": "2026-01-01"}, "dates are texts"
    assert tiles[1]["text"] == {"body": "# Hello"}


def test_what_is_exported_makes_the_same_elsewhere(client) -> None:
    apply(client, TEXT)
    other = client.post("/api/projects/", json={"name": "Other"}).json()["id"]
    apply(client, exported(client), other)
    assert exported(client, other) == exported(client)


def test_a_change_says_what_differs_and_keeps_ids(client) -> None:
    apply(client, TEXT)
    board = client.get("/api/projects/1/dashboards/").json()["results"][0]["id"]
    ids = [tile["id"] for tile in client.get(f"/api/projects/1/dashboards/{board}/").json()["tiles"]]
    code = yaml.safe_load(TEXT)
    code["insights"][0]["name"] = "People"
    code["dashboards"][0]["tiles"].reverse()
    code["dashboards"][0]["tiles"][0]["text"] = "# Bye"
    answer = client.post(PATH.format(1), content=yaml.safe_dump(code).encode()).json()["changes"]
    assert [(row["action"], row["fields"]) for row in answer] == [("change", ["name"]), ("change", ["tiles"])]
    tiles = client.get(f"/api/projects/1/dashboards/{board}/").json()["tiles"]
    assert [tile["id"] for tile in tiles] == ids[::-1]
    assert tiles[0]["text"] == {"body": "# Bye"} and tiles[1]["insight"]["name"] == "People"


def test_what_is_not_named_is_left_alone(client) -> None:
    client.post("/api/projects/1/insights/", json={"name": "by hand", "query": {"kind": "TrendsQuery"}})
    apply(client, TEXT)
    names = [row["name"] for row in client.get("/api/projects/1/insights/").json()["results"]]
    assert sorted(names) == ["Visitors", "by hand"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("version: 2", "version 1"),
        ("insights: [{name: x}]", "key"),
        ("insights: [{key: 'a b'}]", "no key"),
        ("insights: [{key: a}, {key: a}]", "twice"),
        ("insights: [{key: a, query: {}}]", "kind"),
        ("dashboards: [{name: a, tiles: [{}]}]", "either"),
        ("dashboards: [{name: a, tiles: [{insight: gone}]}]", "gone"),
        ("surprise: 1", "surprise"),
        ("a: &x 1\nb: *x", "aliases"),
        ("a: [", "no YAML"),
        ("- a", "object"),
        ("!!python/object/apply:os.system ['true']", "no YAML"),
        ("[" * 3000, "nested"),
    ],
)
def test_texts_that_make_no_sense(client, text: str, word: str) -> None:
    answer = client.post(PATH.format(1), content=text.encode())
    assert answer.status_code == 400 and word in answer.json()["detail"], answer.text
    assert client.get("/api/projects/1/dashboards/").json()["count"] == 0


def test_who_may(world) -> None:
    reader: Any = world.client(world.key_with("dashboard:read", "insight:read"))
    assert reader.get(PATH.format(1)).status_code == 200
    assert reader.post(PATH.format(1), content=TEXT.encode()).status_code == 403
    half = world.client(world.key_with("dashboard:write"))
    assert half.post(PATH.format(1), content=TEXT.encode()).status_code == 403


RULES = """
actions:
  - name: Bought
    description: Any way to pay
    steps:
      - {event: paid}
      - {event: $autocapture, text: Buy, text_matching: contains}
cohorts:
  - name: Payers
    filters:
      properties:
        type: AND
        values: [{type: AND, values: [{type: person, key: plan, value: [pro], operator: exact}]}]
"""


def test_actions_and_cohorts_are_code_too(client) -> None:
    created = {"action Bought": "create", "cohort Payers": "create"}
    assert apply(client, RULES, dry_run=True) == created
    assert client.get("/api/projects/1/actions/").json()["count"] == 0
    assert apply(client, RULES) == created
    assert apply(client, RULES) == {"action Bought": "keep", "cohort Payers": "keep"}
    assert apply(client, exported(client)) == {"action Bought": "keep", "cohort Payers": "keep"}
    (action,) = client.get("/api/projects/1/actions/").json()["results"]
    assert [step["event"] for step in action["steps"]] == ["paid", "$autocapture"]
    changed = client.post(PATH.format(1), content=RULES.replace("event: paid", "event: payed").encode()).json()
    assert changed["changes"][0] == {"kind": "action", "key": "Bought", "action": "change", "fields": ["steps"]}
    assert client.get("/api/projects/1/actions/").json()["results"][0]["id"] == action["id"], "the id stays"
    other = client.post("/api/projects/", json={"name": "Other"}).json()["id"]
    apply(client, exported(client), other)
    assert exported(client, other) == exported(client)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("actions: [{name: A, steps: [{event: 3}]}]", "'A'"),
        ("actions: [{name: A, steps: [{properties: [{key: a, operator: nope}]}]}]", "nope"),
        ("actions: [{name: A}, {name: A}]", "twice"),
        ("actions: [{name: ' '}]", "needs a name"),
        ("cohorts: [{name: C}]", "filters"),
    ],
)
def test_rules_that_cannot_be(client, text: str, said: str) -> None:
    answer = client.post(PATH.format(1), content=text.encode())
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert client.get("/api/projects/1/actions/").json()["count"] == 0
