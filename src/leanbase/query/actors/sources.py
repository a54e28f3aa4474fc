"""From the source of an ActorsQuery to the actors behind it."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from leanbase.query import fields
from leanbase.query.actors.behind import Behind
from leanbase.query.actors.lifecycle import lifecycle_actors
from leanbase.query.actors.stickiness import stickiness_actors
from leanbase.query.actors.trends import trends_actors
from leanbase.query.binder import Binder
from leanbase.query.breakdown_lists import ALL_USERS
from leanbase.query.context import QueryContext
from leanbase.query.correlation.actors import correlation_actors
from leanbase.query.errors import QueryError
from leanbase.query.funnels.actors import at_furthest, at_step, breakdown_value, people_at_step, people_in_interval
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.query import FunnelQuery, read_funnel
from leanbase.query.hogql.runner import run_hogql
from leanbase.query.paths import actors as paths_actors
from leanbase.query.retention.query import EVERYBODY, read_retention
from leanbase.query.retention.sql import actors_sql as retention_actors_sql

Source = Mapping[str, Any]

_ID_COLUMNS = ("person_id", "actor_id", "id")


def behind(ctx: QueryContext, source: Source) -> Behind:
    """The actors of a source. Raises :class:`QueryError` for one that has none."""
    kind = source.get("kind")
    if kind == "FunnelsActorsQuery":
        return funnel_actors(ctx, source)
    if kind == "FunnelCorrelationActorsQuery":
        return _listed(correlation_actors(ctx, source))
    if kind in ("InsightActorsQuery", "StickinessActorsQuery"):
        insight = fields.part(source, "source", "source.")
        about = str(insight.get("kind"))
        if about not in _INSIGHTS:
            raise QueryError(f"{about} has no people to list", "invalid_choice", "source.source.kind")
        return _INSIGHTS[about](ctx, source, insight)
    if kind == "HogQLQuery":
        return _queried(ctx, source)
    raise QueryError(f"{kind} is no source of people", "invalid_choice", "source.kind")


def _queried(ctx: QueryContext, source: Source) -> Behind:
    """The persons whose ids a SELECT lists in its column ``person_id``, ``actor_id`` or ``id``, each once, in order."""
    answer = run_hogql(ctx, source)
    place = next((n for n, name in enumerate(answer["columns"]) if name in _ID_COLUMNS), None)
    if place is None:
        raise QueryError(f"the source selects one of {', '.join(_ID_COLUMNS)}", attr="source.query")
    try:
        ids = [str(UUID(str(row[place]))) for row in answer["results"]]
    except ValueError as problem:
        raise QueryError(f"the source lists ids of persons, which are uuids: {problem}", attr="source.query") from None
    binder = Binder()
    listed = binder(list(dict.fromkeys(ids)), "Array(UUID)")
    rows = ctx.execute(binder.sql(f"SELECT arrayMap(id -> cityHash64(id), {listed})")).rows
    return Behind.of(None, list(rows[0][0]))


def funnel_actors(ctx: QueryContext, asked: Source) -> Behind:
    """The people of a funnel's step, of its drop-off, or of an interval of its trend."""
    funnel = read_funnel(fields.part(asked, "source", "source."))
    over = funnel_period(ctx, funnel)
    if funnel.viz == "trends":
        entered, dropped = asked.get("funnelTrendsEntrancePeriodStart"), asked.get("funnelTrendsDropOff")
        chosen = people_in_interval(
            ctx, funnel, over, entered, None if dropped is None else bool(dropped), asked.get("funnelStepBreakdown")
        )
        return _listed((funnel, [person.actor for person in chosen]))
    steps = asked.get("funnelCustomSteps")
    if isinstance(steps, list) and steps:
        condition = at_furthest(cast(list[Any], steps))
    else:
        condition = at_step(funnel, fields.whole(asked, "funnelStep", None, -1000, 1000, "source."))
    people = people_at_step(ctx, funnel, over, condition, asked.get("funnelStepBreakdown"))
    return _listed((funnel, [person.actor for person in people]))


def _listed(found: tuple[FunnelQuery, list[Any]]) -> Behind:
    """Each once, in the order of their keys."""
    funnel, actors = found
    keys = sorted(set(actors))
    if funnel.group_type_index is not None:
        return Behind.of(funnel.group_type_index, keys)
    by_text = funnel.aggregate_by is not None and funnel.aggregate_by.strip() != "person_id"
    return Behind("text", keys) if by_text else Behind.of(None, keys)


def _funnel(ctx: QueryContext, asked: Source, insight: Source) -> Behind:
    return funnel_actors(ctx, {**asked, "source": insight})


def _retention(ctx: QueryContext, asked: Source, insight: Source) -> Behind:
    retention = read_retention(ctx, insight)
    row = fields.whole(asked, "interval", 0, 0, len(retention.starts) - 1, "source.") or 0
    value = breakdown_value(asked.get("breakdown"))
    if retention.breakdown and retention.breakdown.cohorts and value == (EVERYBODY,):
        value = (ALL_USERS,)
    rows = ctx.execute(retention_actors_sql(ctx, retention, row, value)).rows
    found = Behind.of(retention.group_type_index, [row[0] for row in rows], appearances=[list(row[1]) for row in rows])
    found.interval = retention.interval
    return found


def _paths(ctx: QueryContext, asked: Source, insight: Source) -> Behind:
    index, rows = paths_actors.paths_actors(ctx, {**asked, **fields.part(insight, "pathsFilter")}, insight)
    return Behind.of(index, [row[0] for row in rows], event_count=[int(row[1]) for row in rows])


_INSIGHTS: dict[str, Callable[[QueryContext, Source, Source], Behind]] = {
    "TrendsQuery": trends_actors,
    "StickinessQuery": stickiness_actors,
    "LifecycleQuery": lifecycle_actors,
    "FunnelsQuery": _funnel,
    "RetentionQuery": _retention,
    "PathsQuery": _paths,
}
