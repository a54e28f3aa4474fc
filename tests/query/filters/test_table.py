# ruff: noqa: E501 - one case a line
"""The shared table of property filters, as SQL."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.scope import EventScope
from tests.query.conftest import Lookups
from tests.query.session_ids import session_id

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "table.json").read_text())


def matching(context: QueryContext, filters: Any) -> list[str]:
    """The distinct ids of the events that filters let through, in order of time. The condition is never NULL."""
    binder = Binder()
    scope = EventScope(context, binder)
    condition = scope.filters(filters)
    where = scope.between(None, None)
    text = f"SELECT e.distinct_id, {condition} AS kept FROM {scope.source()} WHERE {where} ORDER BY e.timestamp"
    rows = context.execute(binder.sql(text)).rows
    assert all(kept is not None for _, kept in rows)
    return [name for name, kept in rows if kept]


@pytest.fixture
def one_of_each(ctx: Callable[..., QueryContext], insert_events: Callable, insert_persons: Callable) -> QueryContext:
    """An event and a person for each value of the table."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    events, persons = [], []
    for number, (name, value) in enumerate(TABLE["values"].items()):
        properties = {} if value == "<missing>" else {"x": value}
        at = start + timedelta(hours=number)
        events.append({"event": "e", "timestamp": at, "distinct_id": name, "properties": properties})
        persons.append({"distinct_ids": [name], "properties": properties})
    insert_events(1, events)
    insert_persons(1, persons)
    return ctx(1)


@pytest.mark.parametrize("kind", ["event", "person"])
def test_every_row_of_the_table(one_of_each: QueryContext, lookups: Lookups, kind: str) -> None:
    wrong: list[Any] = []
    for case in TABLE["cases"]:
        lookups.types = {(kind, "x"): case["property_type"]} if "property_type" in case else {}
        wanted = {"type": kind, "key": "x", "operator": case["operator"], "value": case["value"]}
        found = matching(one_of_each, [wanted])
        if sorted(found) != sorted(case["matches"]):
            wrong.append((case, found))
    assert not wrong


OF_A_FLAG = {"type": "flag", "key": "7", "operator": "flag_evaluates_to", "value": True}


def test_groups_join_and_nest(one_of_each: QueryContext) -> None:
    def is_(value: Any) -> dict[str, Any]:
        return {"type": "event", "key": "x", "operator": "exact", "value": value}

    either = {"type": "OR", "values": [is_("a"), is_("5")]}
    is_set = {"type": "AND", "values": [{"type": "event", "key": "x", "operator": "is_set"}]}
    assert matching(one_of_each, {"type": "AND", "values": [either, is_set]}) == ["a", "5", "text 5"]
    assert matching(one_of_each, [is_("a"), is_("5")]) == []
    everything = list(TABLE["values"])
    no_group: dict[str, Any] = {"type": "OR", "values": []}
    for nothing in (None, [], {}, {**no_group, "type": "AND"}, no_group, [{"type": "event"}], [OF_A_FLAG]):
        assert matching(one_of_each, nothing) == everything
    for nothing in ({"type": "AND", "values": []}, {"type": "event"}, is_([])):
        assert matching(one_of_each, {"type": "AND", "values": [nothing, is_("a")]}) == ["a"]
        assert matching(one_of_each, {"type": "OR", "values": [nothing, is_("a")]}) == everything


DATES = {"old": "2026-01-01T10:00:00Z", "new": "2026-01-20", "seconds": 1768478400, "no date": "soon", "none": None}


def test_dates(ctx: Callable[..., QueryContext], insert_events: Callable) -> None:
    insert_events(
        1,
        [
            {"event": "e", "timestamp": f"2026-01-0{number + 1}", "distinct_id": name, "properties": {"x": value}}
            for number, (name, value) in enumerate(DATES.items())
        ],
    )
    context = ctx(1, "2026-01-22T00:00:00Z")

    def found(operator: str, value: str) -> list[str]:
        return matching(context, [{"key": "x", "operator": operator, "value": value, "type": "event"}])

    assert found("is_date_before", "2026-01-15") == ["old"]
    assert found("is_date_after", "2026-01-15T11:00:00Z") == ["new", "seconds"]
    assert found("is_date_exact", "2026-01-01") == ["old"]
    assert found("is_date_after", "-7d") == ["new", "seconds"]
    assert found("is_date_after", "-3d") == ["new"]
    assert found("is_date_after", f"-{3 * 24 * 60}M") == ["new"]
    assert found("is_date_before", "-1q") == []
    with pytest.raises(QueryError, match="not a date"):
        found("is_date_after", "someday")


def test_versions(ctx: Callable[..., QueryContext], insert_events: Callable) -> None:
    versions = ["1.2.3", "1.2.10", "1.3.0", "2.0.0", "v1.2.4-beta", "nothing", "1.2"]
    insert_events(
        1,
        [
            {"event": "e", "timestamp": f"2026-01-0{number + 1}", "distinct_id": text, "properties": {"v": text}}
            for number, text in enumerate(versions)
        ],
    )

    def found(operator: str, value: str) -> list[str]:
        return matching(ctx(1), [{"key": "v", "operator": f"semver_{operator}", "value": value, "type": "event"}])

    assert found("gt", "1.2.3") == ["1.2.10", "1.3.0", "2.0.0", "v1.2.4-beta"]
    assert found("lte", "1.2.3") == ["1.2.3", "1.2"]
    assert found("eq", "1.2.0") == ["1.2"]
    assert found("neq", "1.2.3") == [text for text in versions if text != "1.2.3"]
    assert found("tilde", "1.2.3") == ["1.2.3", "1.2.10", "v1.2.4-beta"]
    assert found("caret", "1.2.4") == ["1.2.10", "1.3.0", "v1.2.4-beta"]
    assert found("wildcard", "1.2.*") == ["1.2.3", "1.2.10", "v1.2.4-beta", "1.2"]
    with pytest.raises(QueryError, match="version"):
        found("gt", "new")


BAD: list[tuple[Any, str, str]] = [
    ("x", "", "list or a group"),
    ([5], "0", "object"),
    ([{"key": "x", "operator": "equals", "value": 1}], "0.operator", "not known"),
    ([{"key": "x", "type": "planet", "value": 1}], "0.type", "not known"),
    ([{"key": "x", "operator": "between", "value": [2, 1]}], "0.value", "low bound first"),
    ([{"key": "x", "operator": "between", "value": ["a", 1]}], "0.value", "two numbers"),
    ([{"key": "x", "operator": "between", "value": 5}], "0.value", "two numbers"),
    ([{"key": "x", "value": {"a": 1}}], "0.value", "scalar or a list"),
    ({"type": "XOR", "values": []}, "type", "AND or OR"),
    ({"type": "AND", "values": 7}, "values", "list"),
    ([{"type": "AND", "values": [{"key": "x", "operator": "no", "value": 1}]}], "0.values.0.operator", "not known"),
    ([{"type": "group", "key": "x", "value": 1, "group_type_index": 9}], "0.group_type_index", "0 to 4"),
    ([{"type": "element", "key": "selector", "operator": "regex", "value": "a"}], "0.operator", "exact or is_not"),
    ([{"type": "element", "key": "colour", "value": "a"}], "0.key", "not 'colour'"),
    ([{"type": "cohort", "key": "id", "value": 99}], "0.value", "no cohort 99"),
    ([{"type": "session", "key": "$mood", "value": "a"}], "", "no field"),
    ([{"type": "event_metadata", "key": "pk", "value": "a"}], "0.key", "no column"),
    ([{"type": "hogql", "key": "evnt = 'x'"}], "0", "did you mean 'event'"),
    ([{"type": "recording", "key": "duration", "value": 1}], "0.type", "cannot be used"),
]


def test_bad_filters_say_what_and_where(ctx: Callable[..., QueryContext]) -> None:
    for filters, place, message in BAD:
        with pytest.raises(QueryError, match=message) as refusal:
            matching(ctx(1), filters)
        assert refusal.value.status == 400
        if place:
            assert refusal.value.attr == f"properties.{place}", filters


def test_special_types(
    ctx: Callable[..., QueryContext],
    lookups: Lookups,
    insert_events: Callable,
    insert_groups: Callable,
    insert_persons: Callable,
    insert_cohort: Callable,
    merge_persons: Callable,
) -> None:
    chain = 'button.btn:attr__id="go"attr_id="go"href="/buy?x=\\"1\\""nth-child="1"nth-of-type="1"text="Buy";div:nth-child="2"nth-of-type="1"'
    insert_persons(1, [{"distinct_ids": ["ann"], "created_at": "2026-01-01"}])
    insert_groups(1, [{"index": 2, "key": "acme", "properties": {"plan": "pro"}}])
    insert_cohort(1, 4, ["anon"])
    lookups.cohort_names = {4: "members"}
    insert_events(
        1,
        [
            {"event": "$autocapture", "timestamp": "2026-01-02", "distinct_id": "ann", "elements_chain": chain},
            {
                "event": "view",
                "timestamp": "2026-01-03",
                "distinct_id": "bob",
                "groups": {2: "acme"},
                "session_id": session_id("s"),
            },
        ],
    )
    merge_persons(1, "anon", "ann")

    def found(**wanted: Any) -> list[str]:
        return matching(ctx(1), [wanted])

    assert found(type="cohort", key="id", value=4) == ["ann"]
    assert found(type="cohort", key="id", value=4, operator="not_in") == ["bob"]
    assert found(type="cohort", key="id", value="members", negation=True) == ["bob"]
    assert found(type="group", key="plan", value="pro", group_type_index=2) == ["bob"]
    assert found(type="group", key="plan", value="pro", group_type_index=1) == []
    assert found(type="event", key="$group_2", value="acme") == ["bob"]
    assert found(type="person", key="distinct_id", value="ann") == ["ann"]
    assert found(type="person", key="created_at", operator="is_date_after", value="2025-12-31") == ["ann"]
    assert found(type="event_metadata", key="event", value="view") == ["bob"]
    assert found(type="event_metadata", key="timestamp", operator="is_date_before", value="2026-01-02T12:00:00") == [
        "ann"
    ]
    assert found(type="event_metadata", key="$group_2", operator="is_set") == ["bob"]
    assert found(type="session", key="$session_duration", operator="gte", value=0) == ["bob"]
    assert found(type="hogql", key="event = 'view' or person_id in cohort 4") == ["ann", "bob"]
    assert found(type="element", key="text", value="Buy") == ["ann"]
    assert found(type="element", key="text", value="buy", operator="icontains") == ["ann"]
    assert found(type="element", key="text", value="Buy", operator="is_not") == ["bob"]
    assert found(type="element", key="href", value='/buy?x="1"') == ["ann"]
    assert found(type="element", key="tag_name", value=["div", "span"]) == ["ann"]
    assert found(type="element", key="tag_name", value="div", operator="is_not") == ["bob"]
    assert found(type="element", key="selector", value="div > button.btn#go") == ["ann"]
    assert found(type="element", key="selector", value="span > button") == []


def test_test_accounts_are_left_out(ctx: Callable[..., QueryContext], insert_events: Callable) -> None:
    insert_events(
        1,
        [
            {"event": "e", "timestamp": "2026-01-02", "distinct_id": name, "properties": {"host": name}}
            for name in ("localhost", "example.com")
        ],
    )
    internal = ({"key": "host", "operator": "is_not", "value": "localhost", "type": "event"},)
    context = ctx(Project(id=1, api_token="t", test_account_filters=internal))
    binder = Binder()
    scope = EventScope(context, binder)
    condition = scope.query_filters({"filterTestAccounts": True})
    where = scope.between(None, None)
    rows = context.execute(binder.sql(f"SELECT e.distinct_id FROM {scope.source()} WHERE {where} AND {condition}")).rows
    assert rows == [("example.com",)]
