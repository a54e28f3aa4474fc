"""The fields of queries. A misspelt one is refused: ignoring it would answer another question."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from leanbase.query.errors import QueryError
from leanbase.query.filter_shapes import PARTS, SHAPES

INSIGHTS = frozenset(
    {"TrendsQuery", "FunnelsQuery", "RetentionQuery", "PathsQuery", "StickinessQuery", "LifecycleQuery"}
)
# Of all these kinds together: clients keep fields of the kind they change from, which do no harm.
FIELDS = frozenset(
    {
        "kind", "version", "tags", "response", "modifiers", "dataColorTheme", "samplingFactor",
        "dateRange", "filterTestAccounts", "properties", "aggregation_group_type_index", "customAggregationTarget",
        "series", "interval", "intervalCount", "breakdownFilter", "compareFilter", "conversionGoal",
        "trendsFilter", "funnelsFilter", "retentionFilter", "pathsFilter", "funnelPathsFilter", "stickinessFilter",
        "lifecycleFilter",
    }
)  # fmt: skip
ALIKE = 0.8  # of two names, between 0 and 1: a letter left out or two changed places
_DEEPEST = 20


def check_fields(query: Mapping[str, Any]) -> None:
    """Raises :class:`QueryError` for a field that cannot be meant.

    At the top of an insight that is every unknown one. Inside it, and in other kinds, only what looks like a misspelt
    known one: PostHog goes on adding fields, most of them about how something is shown.
    """
    kind = query.get("kind")
    if kind in INSIGHTS:
        for name in query:
            if name not in FIELDS:
                raise _unknown(str(kind), str(name), FIELDS, "query")
        for shape, part, path in _parts(query):
            _check_part(SHAPES[shape], part, path)
    elif isinstance(kind, str) and kind in SHAPES:
        _check_part(SHAPES[kind], query, "query")


def _parts(query: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Every object inside a query that has a known shape, with its place."""
    waiting: list[tuple[str, Any, str]] = [("query", query, "query")]
    while waiting:
        shape, value, path = waiting.pop()
        if path.count(".") > _DEEPEST:
            continue
        if isinstance(value, list):
            waiting += [(shape, item, f"{path}.{number}") for number, item in enumerate(value)]
        elif isinstance(value, Mapping):
            if shape != "query":
                yield shape, value, path
            inner = PARTS.get(shape, {})
            waiting += [(inner[name], value[name], f"{path}.{name}") for name in inner if name in value]


def _check_part(known: frozenset[str], part: Mapping[str, Any], path: str) -> None:
    for name in part:
        if name not in known and _meant(str(name), known) is not None:
            what = path.rsplit(".", 1)[-1]
            raise _unknown(what if not what.isdigit() else path.removeprefix("query."), str(name), known, path)


def _meant(name: str, known: frozenset[str]) -> str | None:
    plain = {item.replace("_", "").lower(): item for item in known}
    same = plain.get(name.replace("_", "").lower())
    return same or next(iter(get_close_matches(name, known, 1, ALIKE)), None)


def _unknown(what: str, name: str, known: frozenset[str], path: str) -> QueryError:
    meant = _meant(name, known) or next(iter(get_close_matches(name, known, 1)), None)
    hint = f"; did you mean {meant!r}?" if meant else ""
    return QueryError(f"{what} has no field {name!r}{hint}", attr=f"{path}.{name}")
