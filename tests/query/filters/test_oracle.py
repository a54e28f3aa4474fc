"""Property filters against a naive reading of each value, over generated values, operators and groups of filters."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leanbase.query.context import QueryContext
from tests.query.conftest import Lookups
from tests.query.filters.test_table import matching

MISSING = object()
VALUES: list[Any] = [
    MISSING, None, True, False, 0, 5, -1, 7.5, 1000000, "5", "05", "a", "A", "ab", "b%", "true", "x y", "é", "0",
    [], ["a"], ["a", "b"], [5], {"a": 1},
]  # fmt: skip
TEXTS = ["a", "A", "b", "5", "0", "7.5", "true", "false", "-1", "ab", "%", "é", '["a"]', " ", "zz"]
NUMBERS = [0, 5, -1, 7.5, 6, 1000000]
POSITIVE = ("exact", "icontains", "is_set")
NEGATIVE = {"is_not": "exact", "not_icontains": "icontains", "is_not_set": "is_set"}
Filter = dict[str, Any]


def as_text(value: Any) -> str | None:
    """A value without a definition is text: strings as they are, other JSON without spaces, as engines print it."""
    if value is MISSING or value is None:
        return None
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


def as_number(value: Any) -> float | None:
    """A value declared Numeric; None where it is no number."""
    text = as_text(value)
    if text is None or isinstance(value, (bool, list, dict)):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def wanted_texts(value: Any) -> list[str]:
    return [as_text(item) or "" for item in (value if isinstance(value, list) else [value])]


def holds(value: Any, asked: Filter) -> bool:
    """What one filter says of one value of the untyped property x or the Numeric property n."""
    operator, wanted = asked["operator"], asked.get("value")
    if operator in NEGATIVE:
        return not holds(value, {**asked, "operator": NEGATIVE[operator]})
    if asked["key"] == "n":
        number = as_number(value)
        if number is None:
            return False
        return {
            "exact": number in (wanted if isinstance(wanted, list) else [wanted]),
            "gt": not isinstance(wanted, list) and number > wanted,
            "lt": not isinstance(wanted, list) and number < wanted,
            "gte": not isinstance(wanted, list) and number >= wanted,
            "lte": not isinstance(wanted, list) and number <= wanted,
            "is_set": True,
        }[operator]
    text = as_text(value)
    if text is None:
        return False
    match operator:
        case "exact":
            return text in wanted_texts(wanted)
        case "icontains":
            return any(part.lower() in text.lower() for part in wanted_texts(wanted))
        case _:
            return True  # is_set


def judged(value: Any, group: Filter) -> bool:
    """A group without values holds, and so does a filter with an empty list, inside an OR too."""
    if "values" not in group:
        return group.get("value") == [] or holds(value, group)
    found = [judged(value, item) for item in group["values"]]
    return all(found) if group["type"] == "AND" or not found else any(found)


def asking(key: str, operator: str, value: Any = None) -> Filter:
    found = {"type": "event", "key": key, "operator": operator}
    return found if operator in ("is_set", "is_not_set") else {**found, "value": value}


texts = st.one_of(st.sampled_from(TEXTS), st.lists(st.sampled_from(TEXTS), max_size=3))
of_text = st.builds(asking, st.just("x"), st.sampled_from([*POSITIVE, *NEGATIVE]), texts)
of_number = st.builds(
    asking, st.just("n"), st.sampled_from(["exact", "is_not", "gt", "lt", "gte", "lte"]), st.sampled_from(NUMBERS)
)
filters = st.recursive(
    st.one_of(of_text, of_number),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["AND", "OR"]), "values": st.lists(inner, max_size=3)}
    ),
    max_leaves=5,
)


@pytest.fixture
def values(ctx: Callable[..., QueryContext], insert_events: Callable, lookups: Lookups) -> QueryContext:
    """An event for each value, which stands under both names; ``n`` is declared Numeric."""
    lookups.types = {("event", "n"): "Numeric"}
    start = datetime(2026, 1, 1, tzinfo=UTC)
    insert_events(
        1,
        [
            {
                "event": "e",
                "timestamp": start + timedelta(minutes=number),
                "distinct_id": str(number),
                "properties": {} if value is MISSING else {"x": value, "n": value},
            }
            for number, value in enumerate(VALUES)
        ],
    )
    return ctx(1)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=filters)
def test_filters_and_groups_let_through_what_they_should(values: QueryContext, asked: Filter) -> None:
    whole = asked if "values" in asked else [asked]
    found = matching(values, whole)
    expected = [str(number) for number, value in enumerate(VALUES) if judged(value, asked)]
    assert found == expected, [VALUES[int(number)] for number in set(found) ^ set(expected)]
