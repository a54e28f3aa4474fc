"""WebLiveQuery: who is on the site now, and on which pages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.scope import EventScope
from leanbase.query.series import read

_MOST_MINUTES = 60
_MOST_PAGES = 10


class LiveQuery(msgspec.Struct):
    """``minutes``: for how long somebody counts as present after their last event."""

    minutes: int = 5


def run_web_live(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``{visitors, pages: [[path, visitors], …]}`` of the last minutes. Raises :class:`QueryError`."""
    asked = read(LiveQuery, query)
    if not 1 <= asked.minutes <= _MOST_MINUTES:
        raise QueryError(f"minutes is 1 to {_MOST_MINUTES}.", attr="minutes")
    since = ctx.now - timedelta(minutes=asked.minutes)
    binder = Binder()
    scope = EventScope(ctx, binder)
    actor, where = scope.actor(), scope.between(since, ctx.now)
    visitors = ctx.execute(binder.sql(f"SELECT uniqExact({actor}) FROM {scope.source()} WHERE {where}")).rows[0][0]

    binder = Binder()
    scope = EventScope(ctx, binder)
    actor, path, where = scope.actor(), scope.property("event", "$pathname", typed=False), scope.between(since, ctx.now)
    # Everybody is on one page: that of their latest page view.
    latest = (
        f"SELECT argMax({path}, {scope.column('timestamp')}) AS page FROM {scope.source()}"
        f" WHERE {where} AND {scope.column('event')} = '$pageview' GROUP BY {actor}"
    )
    limit = binder(_MOST_PAGES, "UInt64")
    pages = ctx.execute(
        binder.sql(
            f"SELECT page, count() AS visitors FROM ({latest}) WHERE page != ''"
            f" GROUP BY page ORDER BY visitors DESC, page LIMIT {limit}"
        )
    ).rows
    return {"results": {"visitors": visitors, "pages": [list(row) for row in pages], "minutes": asked.minutes}}
