"""What is offered where the cursor (``|``) stands."""

from collections.abc import Callable
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.hogql.completion import run_autocomplete
from leanbase.query.hogql.metadata import run_metadata


def labels(ctx: QueryContext, text: str) -> list[str]:
    cursor = text.index("|")
    asked = {"query": text.replace("|", ""), "startPosition": cursor, "endPosition": cursor}
    return [item["label"] for item in run_autocomplete(ctx, asked)["suggestions"]]


@pytest.fixture
def project(ctx: Callable[..., QueryContext], insert_events: Callable, insert_persons: Callable) -> QueryContext:
    insert_persons(1, [{"distinct_ids": ["a"], "properties": {"email": "a@example.com"}}])
    insert_events(
        1, [{"event": "e", "timestamp": "2026-01-01", "distinct_id": "a", "properties": {"plan": "x", "odd key": 1}}]
    )
    return ctx(1)


ONLY: list[tuple[str, list[str]]] = [
    ("select properties.| from events", ["odd key", "plan"]),
    ("select properties.pl| from events", ["plan"]),
    ("select properties.| from persons", ["email"]),
    ("select e.person.properties.| from events e", ["email"]),
    ("select pdi.person.properties.| from events", ["email"]),
    ("select pdi.| from events", ["distinct_id", "person_id", "person"]),
    ("select p.| from events e left join persons p on e.person_id = p.id",
     ["id", "created_at", "properties", "is_identified", "distinct_ids"]),
    ("select p.id from events e left join persons p on e.person_id = p.i|", ["id", "is_identified"]),
    ("select q.| from (select event as kind, count() as n from events group by kind) q", ["kind", "n"]),
    ("with w as (select event as kind from events) select w.| from w", ["kind"]),
    ("with w as (select 1 as x) select x from w|", ["w"]),
    ("select event from pers|", ["persons", "person_distinct_ids"]),
    ("select event from events.|", []),
    ("select o.| from events e", []),
    ("select event, (select is_i| from persons) from events", ["is_identified"]),
    ("|select event from events", []),
    ("select cohort_| from (select 1 as cohort_x, 2 as y)", ["cohort_x"]),
]  # fmt: skip


def test_only_what_can_stand_there_is_offered(project: QueryContext) -> None:
    wrong = {text: found for text, expected in ONLY if sorted(found := labels(project, text)) != sorted(expected)}
    assert not wrong


def test_columns_come_before_functions_and_odd_names_are_quoted(project: QueryContext) -> None:
    offered = run_autocomplete(project, {"query": "select to", "endPosition": 9})["suggestions"]
    assert {"kind": "Function", "label": "toDateTime", "insertText": "toDateTime()", "detail": None} in offered
    assert labels(project, "select | from events e")[:2] == ["e", "uuid"]
    odd = run_autocomplete(project, {"query": "select properties.odd", "endPosition": 21})["suggestions"]
    assert [item["insertText"] for item in odd] == ["`odd key`"]


@pytest.mark.parametrize(
    "text", ["select '", "select (((", "with", "select `", "x from (", "from from from", "\ud800", "."]
)
def test_half_written_text_is_no_trouble(project: QueryContext, text: str) -> None:
    for end in range(len(text) + 2):
        run_autocomplete(project, {"query": text, "endPosition": end})


def test_an_expression_is_checked_among_the_columns_of_its_query(project: QueryContext) -> None:
    def valid(expression: str, table: str) -> Any:
        source = {"kind": "HogQLQuery", "query": f"select * from {table}"}
        asked = {"language": "hogQLExpr", "query": expression, "sourceQuery": source}
        return run_metadata(project, asked)["isValid"]

    assert valid("timestamp", "events") and not valid("timestamp", "persons")
    assert valid("is_identified", "persons") and not valid("is_identified", "events")
