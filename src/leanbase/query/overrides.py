"""What a dashboard lays over the queries of its tiles: dates, filters, a breakdown, variables."""

from collections.abc import Mapping
from typing import Any

WRAPPERS = frozenset({"InsightVizNode", "DataTableNode", "DataVisualizationNode"})
_SQL_KINDS = frozenset({"HogQLQuery"})


def unwrapped(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """The query inside the nodes that only say how it is shown."""
    while str(query.get("kind")) in WRAPPERS and isinstance(query.get("source"), Mapping):
        query = query["source"]
    return query


def with_filters(query: Mapping[str, Any], filters: Mapping[str, Any] | None) -> dict[str, Any]:
    """The query with a dashboard's filters: dates replace its own, property filters are added to them (AND)."""
    found = dict(query)
    if not filters:
        return found
    if found.get("kind") in _SQL_KINDS:
        own: Any = found.get("filters")
        found["filters"] = _merged(own if isinstance(own, Mapping) else {}, filters)
        return found
    return _merged(found, filters)


def _merged(query: Mapping[str, Any], filters: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(query)
    if filters.get("date_from") or filters.get("date_to"):
        dates: dict[str, Any] = {"date_from": filters.get("date_from"), "date_to": filters.get("date_to")}
        if filters.get("explicitDate") is not None:
            dates["explicitDate"] = filters["explicitDate"]
        found["dateRange"] = dates
    if filters.get("properties"):
        own = found.get("properties")
        groups = [_group(item) for item in (own, filters["properties"]) if item]
        found["properties"] = groups[0] if len(groups) == 1 else {"type": "AND", "values": groups}
    if filters.get("filterTestAccounts") is not None:
        found["filterTestAccounts"] = filters["filterTestAccounts"]
    if filters.get("breakdown_filter") and found.get("kind") in ("TrendsQuery", "FunnelsQuery", "RetentionQuery"):
        found["breakdownFilter"] = filters["breakdown_filter"]
    if filters.get("interval") and "interval" in found:
        found["interval"] = filters["interval"]
    return found


def _group(properties: Any) -> Any:
    return {"type": "AND", "values": properties} if isinstance(properties, list) else properties


def with_variables(query: Mapping[str, Any], variables: Mapping[str, Any] | None) -> dict[str, Any]:
    """The query with other values of its SQL variables."""
    found = dict(query)
    if variables and found.get("kind") in _SQL_KINDS:
        own: Any = found.get("variables")
        found["variables"] = {**(own if isinstance(own, Mapping) else {}), **variables}
    return found
