"""PathsQuery: from its JSON to PostHog's results."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.paths.funnel import funnel_times
from leanbase.query.paths.query import read_paths
from leanbase.query.paths.sql import edges_sql, items_sql, numbered_items
from leanbase.query.periods import period


def run_paths(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a PathsQuery: links ``{source, target, value, average_conversion_time}``, times in milliseconds.

    ``dropoffs`` beside them is Leanbase's own: ``{node, value, came}``, how many of the paths that came to a node of
    the links ended there. After the last step, and on the way to an end point, none end. Raises :class:`QueryError`.
    """
    paths = read_paths(ctx, query)
    over = period(ctx, query, "day")
    funnel = funnel_times(ctx, paths, paths.funnel) if paths.funnel is not None else None
    found, events = ctx.execute(items_sql(ctx, paths, over)).rows[0]
    rows = ctx.execute(edges_sql(ctx, paths, over, funnel, numbered_items(found, events, over))).rows
    scale = 1 / (paths.sampling or 1)
    links = [
        {"source": source, "target": target, "value": round(value * scale), "average_conversion_time": float(average)}
        for source, target, value, average, _ in rows
        if target
    ]
    results = connected(links)
    drawn = {link[end] for link in results for end in ("source", "target")}
    dropoffs = [
        {"node": source, "value": round(value * scale), "came": round(came * scale)}
        for source, target, value, _, came in rows
        if not target and source in drawn
    ]
    return {"results": results, "dropoffs": dropoffs, "resolved_date_range": over.resolved()}


def connected(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The links that can be reached from a first item; the edge limit may have cut others off from it."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        onward[link["source"]].append(link["target"])
    waiting = [source for source in onward if source.startswith("1_")]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += onward.get(node, [])
    return [link for link in links if link["source"] in seen]
