"""A property that has a column answers every question as the JSON does, though its column is read as a dictionary."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.trends.runner import run_trends
from leanbase.store.client import Store
from leanbase.store.properties import PromotedProperties, property_text

VALUES = [
    "Chrome", "chrome", "", None, 5, 5.0, -0.5, "5", True, False, "true", "1.2.3", "2026-01-30", "2026-01-30T10:00:00Z",
    [1, "a"], {"a": {"b": 1}}, "nan", "über/", "/a?b",
]  # fmt: skip
KEY = "$browser"  # a hot property
TYPES = (None, "String", "Numeric", "Boolean", "DateTime")
FILTERS: list[tuple[str, Any]] = [
    ("exact", ["Chrome"]), ("exact", ["5", "true"]), ("exact", [""]), ("is_not", ["Chrome"]), ("is_not", ["5"]),
    ("icontains", "CHRO"), ("not_icontains", "chro"), ("regex", "^[Cc]h"), ("not_regex", "^[Cc]h"), ("gt", 4),
    ("gte", 5), ("lt", 5), ("lte", -0.5), ("between", [0, 5]), ("not_between", [0, 5]), ("is_set", None),
    ("is_not_set", None), ("is_date_before", "2026-01-31"), ("is_date_after", "2026-01-29"),
    ("is_date_exact", "2026-01-30"), ("semver_gt", "1.2.0"), ("in", ["Chrome", "5"]), ("not_in", ["Chrome"]),
    ("is_cleaned_path_exact", "/a?b"),
]  # fmt: skip


@pytest.fixture
def both(
    store: Store, ctx: Callable[..., QueryContext], insert_events: Callable[..., None]
) -> tuple[QueryContext, QueryContext]:
    """A context that reads JSON and one that reads columns, over the same events."""
    rows = [{"properties": {} if value is None and n % 2 else {KEY: value}} for n, value in enumerate(VALUES * 2)]
    insert_events(
        1,
        [
            row | {"event": "seen", "distinct_id": f"d{n % 7}", "timestamp": f"2026-01-{20 + n % 9}T0{n % 9}:00:00Z"}
            for n, row in enumerate(rows)
        ],
    )
    promoted = PromotedProperties()
    promoted.refresh(store)
    plain = ctx()
    return plain, replace(plain, promoted=promoted)


def question(math: str = "total", **more: Any) -> dict[str, Any]:
    node = {"kind": "EventsNode", "event": "seen", "math": math, "properties": more.pop("properties", [])}
    dates = {"date_from": "2026-01-20", "date_to": "2026-01-29"}
    return {"kind": "TrendsQuery", "series": [node], "dateRange": dates, **more}


@pytest.mark.parametrize("kind", TYPES)
def test_every_operator(both: tuple[QueryContext, QueryContext], lookups: Any, kind: str | None) -> None:
    if kind:
        lookups.types["event", KEY] = kind
    found = set[str]()
    for operator, value in FILTERS:
        if kind == "DateTime" and operator in ("gt", "gte", "lt", "lte"):
            continue  # these values are no dates
        wanted = {"type": "event", "key": KEY, "operator": operator, "value": value}
        from_json, from_column = (run_trends(ctx, question(properties=[wanted]))["results"] for ctx in both)
        assert from_column == from_json, (operator, value)
        found.add(str(from_json[0]["data"]))
    assert len(found) > 3


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("math", ["total", "dau", "weekly_active"])
def test_breakdowns(both: tuple[QueryContext, QueryContext], lookups: Any, math: str, kind: str | None) -> None:
    if kind:
        lookups.types["event", KEY] = kind
    for breakdown in (
        {"breakdown": KEY, "breakdown_type": "event"},
        {"breakdown": KEY, "breakdown_type": "event", "breakdown_limit": 3},
        {"breakdown": KEY, "breakdown_type": "event", "breakdown_normalize_url": True},
        {"breakdowns": [{"property": KEY, "type": "event"}]},
        {"breakdowns": [{"property": KEY, "type": "event"}, {"property": "$os", "type": "event"}]},
        {"breakdown": KEY, "breakdown_type": "event", "breakdown_histogram_bin_count": 3},
    ):
        for shown in ("ActionsLineGraph", "ActionsPie"):
            asked = question(math, breakdownFilter=breakdown, trendsFilter={"display": shown})
            from_json, from_column = (run_trends(ctx, asked)["results"] for ctx in both)
            assert from_column == from_json, (breakdown, shown)
            assert from_json


def test_the_column_is_read(both: tuple[QueryContext, QueryContext], store: Store) -> None:
    """Otherwise the tests above would compare the JSON with itself."""
    promoted = both[1].promoted
    assert promoted is not None
    assert property_text("properties", KEY, lambda value, kind: "", "e", promoted, encoded=True).startswith("e.p_")
