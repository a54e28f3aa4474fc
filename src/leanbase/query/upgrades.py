"""Queries as older clients write them, as they are written today."""

from collections.abc import Mapping
from typing import Any


def upgraded(query: Mapping[str, Any]) -> dict[str, Any]:
    """The query, and the one inside a node that shows it, in today's fields; what is today's already stays."""
    found = dict(query)
    source = found.get("source")
    if isinstance(source, Mapping):
        found["source"] = upgraded(source)
    for name in ("trendsFilter", "stickinessFilter"):
        _comparing(found, name)
    retention = found.get("retentionFilter")
    if isinstance(retention, Mapping) and "showMean" in retention:
        changed = {key: value for key, value in retention.items() if key != "showMean"}
        changed.setdefault("meanRetentionCalculation", "simple" if retention["showMean"] else "none")
        found["retentionFilter"] = changed
    return found


def _comparing(query: dict[str, Any], name: str) -> None:
    """Comparing with the period before was said inside the filter once."""
    inside = query.get(name)
    if not isinstance(inside, Mapping) or not {"compare", "compare_to"} & set(inside):
        return
    query[name] = {key: value for key, value in inside.items() if key not in ("compare", "compare_to")}
    moved = {key: inside[key] for key in ("compare", "compare_to") if inside.get(key) is not None}
    if moved and not query.get("compareFilter"):
        query["compareFilter"] = moved
