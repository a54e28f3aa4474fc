"""Who is new, returning, resurrecting or dormant in an interval."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from leanbase.query import fields
from leanbase.query.actors.behind import Behind
from leanbase.query.context import QueryContext
from leanbase.query.dates import parse_date
from leanbase.query.errors import QueryError
from leanbase.query.intervals import index_of, index_sql
from leanbase.query.lifecycle import STATUSES, widened
from leanbase.query.series import InsightQuery, Math, calendar_of, earliest_event, read_query
from leanbase.query.trends.selection import Selection


def lifecycle_actors(ctx: QueryContext, asked: Mapping[str, Any], source: Mapping[str, Any]) -> Behind:
    """The actors of a LifecycleQuery on ``day`` with ``status``, without either those of any day or status.

    Raises :class:`QueryError`.
    """
    query = read_query(InsightQuery, source)
    calendar, dates = calendar_of(ctx, query.timezone), query.dates()
    period = calendar.resolve(
        dates, query.interval or "day", lambda: earliest_event(ctx, query.series), exact=dates.explicit
    )
    status = fields.choice(asked, "status", STATUSES, "", "source.")
    places = list(range(1, len(period.starts) + 1))  # 0 is the interval before the first
    if asked.get("day") is not None:
        moment = parse_date(str(asked["day"]), calendar.zone, ctx.now).moment
        position = index_of(moment.astimezone(UTC), period.starts)
        if position < 0 or moment >= period.read_until:
            raise QueryError(f"the day {asked['day']!r} is not in the range of this query", attr="source.day")
        places = [position + 1]
    wider = widened(period)
    starts = [wider.start, *period.starts]
    selection = Selection.of(ctx, query, query.series[0], Math(), wider, total_value=False)
    scope, group = selection.scope, selection.group_type_index
    created = scope.person_created_at() if group is None else scope.group_created_at(group)
    known = f"ifNull(min({created}) >= {selection.moment(starts[0])}, 0)"
    created_in = f"if({known}, {index_sql(selection.bind, f'assumeNotNull(min({created}))', starts)}, toInt64(-1))"
    extra = f"{scope.column('person_mode')} != 'propertyless' AND ({selection.has_actor() or '1'})"
    where = selection.where(starts[0], extra)
    active = index_sql(selection.bind, selection.timestamp, starts)
    now, before = "has(active, here)", "has(active, here - 1)"
    wanted = {
        "new": f"{now} AND created = here",
        "returning": f"{now} AND created != here AND {before}",
        "resurrecting": f"{now} AND created != here AND NOT {before}",
        "dormant": f"NOT {now} AND {before}",
        "": f"{now} OR {before}",
    }[status]
    rows = ctx.execute(
        selection.bind.sql(
            f"SELECT actor FROM (SELECT {selection.actor()} AS actor, groupUniqArray({active}) AS active,"
            f" {created_in} AS created FROM {selection.source()} WHERE {where} GROUP BY actor)"
            f" WHERE arrayExists(here -> {wanted}, {selection.bind(places, 'Array(Int64)')}) ORDER BY actor"
        )
    ).rows
    return Behind.of(group, [row[0] for row in rows])
