"""WebExternalClicksTableQuery: to which other sites visitors left by a click."""

from collections.abc import Mapping
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.scope import EventScope
from leanbase.query.web_analytics.sessions import WebQuery, paired, read_web_query, web_periods, web_range

DEFAULT_LIMIT = 10
_MAX_LIMIT = 1_000
_LINK = "$external_click_url"
COLUMNS = ("url", "visitors", "clicks")
_ORDERS = {"Visitors": 0, "Clicks": 1}


def run_web_external_clicks(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Rows ``[url, [persons, previous], [clicks, previous]]``, most clicks first unless ``orderBy`` says otherwise.

    ``stripQueryParams`` puts addresses together that differ behind a ``?`` or ``#`` only. Addresses of the site's own
    domain are no other site. Raises :class:`QueryError`.
    """
    asked = read_web_query(query)
    periods = web_periods(ctx, asked)
    found = [_counts(ctx, asked, period, strip=query.get("stripQueryParams") is True) for period in periods]
    part, sign = _order(asked)
    order = sorted(found[0], key=lambda url: (sign * found[0][url][part], url))
    limit, offset = min(max(asked.limit or DEFAULT_LIMIT, 1), _MAX_LIMIT), max(asked.offset or 0, 0)
    rows = [
        [url, *(paired([counts.get(url, (0, 0))[part] for counts in found]) for part in range(2))]
        for url in order[offset : offset + limit]
    ]
    return {
        "results": rows,
        "columns": [f"context.columns.{name}" for name in COLUMNS],
        "types": [],
        "hasMore": len(order) > offset + limit,
        "limit": limit,
        "offset": offset,
        **web_range(periods),
    }


def _order(asked: WebQuery) -> tuple[int, int]:
    """Which number rows are sorted by, and 1 or -1 as they rise or fall. Raises :class:`QueryError`."""
    name, direction = ([*(asked.order_by or []), "DESC"] if asked.order_by else ["Clicks", "DESC"])[:2]
    if name not in _ORDERS or direction not in {"ASC", "DESC"}:
        raise QueryError(f"orderBy is [one of {', '.join(_ORDERS)}, ASC or DESC].", "invalid_choice", "orderBy")
    return _ORDERS[name], 1 if direction == "ASC" else -1


def _counts(ctx: QueryContext, asked: WebQuery, period: Period, *, strip: bool) -> dict[str, tuple[int, int]]:
    """Persons and clicks by address."""
    binder = Binder()
    scope = EventScope(ctx, binder)
    url = scope.property("event", _LINK, typed=False)
    shown = f"cutQueryStringAndFragment({url})" if strip else url
    host = f"concat('https://', ifNull({scope.property('event', '$host', typed=False)}, ''))"
    conditions = [
        scope.between(period.start, period.end),
        f"{scope.column('event')} = {binder('$autocapture', 'String')}",
        f"ifNull({url}, '') != ''",
        f"cutToFirstSignificantSubdomain(assumeNotNull({url})) != cutToFirstSignificantSubdomain({host})",
        scope.query_filters({"properties": asked.properties, "filterTestAccounts": bool(asked.filter_test_accounts)}),
    ]
    where = " AND ".join(f"({condition})" for condition in conditions)
    rows = ctx.execute(
        binder.sql(
            f"SELECT assumeNotNull({shown}) AS url, uniqExact({scope.actor()}), count() FROM {scope.source()}"
            f" WHERE {where} GROUP BY url ORDER BY 2 DESC, 3 DESC, url LIMIT 10000"
        )
    ).rows
    return {url: (persons, clicks) for url, persons, clicks in rows}
