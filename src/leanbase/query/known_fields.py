"""The fields of insight queries. A misspelt one is refused: ignoring it would answer another question."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from leanbase.query.errors import QueryError

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


def check_fields(query: Mapping[str, Any]) -> None:
    """Raises :class:`QueryError` for a field that no insight query has; other kinds of query are not judged."""
    if query.get("kind") not in INSIGHTS:
        return
    for name in query:
        if name not in FIELDS:
            meant = get_close_matches(str(name), FIELDS, 1)
            hint = f"; did you mean {meant[0]!r}?" if meant else ""
            raise QueryError(f"{query['kind']} has no field {str(name)!r}{hint}", attr=f"query.{name}")
