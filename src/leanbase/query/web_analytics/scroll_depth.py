"""How far down pages were scrolled: what the next page view or the leaving says of the page before it."""

from collections.abc import Sequence
from typing import Any, cast

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.scope import EventScope
from leanbase.query.web_analytics.sessions import Expression, WebQuery, began_inside

COLUMNS = ("average_scroll_percentage", "scroll_gt80_percentage")
_TOLD_BY = ("$pageview", "$pageleave", "$screen")
_PAGE_BEFORE = "$prev_pageview_pathname"

Depth = tuple[float | None, float | None]


def scroll_depths(
    ctx: QueryContext, asked: WebQuery, period: Period, page: Expression, pages: Sequence[str]
) -> dict[str, Depth]:
    """Of each page the mean of how far it was scrolled, and the share of views that saw more than 80 % of it (0 to 1).

    ``page`` is the page that an event tells of. Filters by path hold for that page, not for the event's own.
    """
    binder = Binder()
    scope = EventScope(ctx, binder)
    value = page(scope)
    reached, seen = (
        f"toFloat64OrNull({scope.property('event', f'$prev_pageview_max_{what}_percentage', typed=False)})"
        for what in ("scroll", "content")
    )
    filters = {"properties": _of_page_before(asked.properties), "filterTestAccounts": bool(asked.filter_test_accounts)}
    conditions = [
        scope.between(period.start, period.end),
        f"{scope.column('event')} IN {binder(list(_TOLD_BY), 'Array(String)')}",
        f"{scope.column('session_id')} != ''",
        scope.query_filters(filters),
        began_inside(scope, period, scope.property("session", "$start_timestamp")),
        f"{value} IN {binder(list(pages), 'Array(String)')}",
    ]
    where = " AND ".join(f"({condition})" for condition in conditions)
    rows = ctx.execute(
        binder.sql(
            f"SELECT {value} AS page, avgOrNull({reached}), avgOrNull({seen} > 0.8) FROM {scope.source()}"
            f" WHERE {where} GROUP BY page"
        )
    ).rows
    return {found: (depth, far) for found, depth, far in rows}


def _of_page_before(filters: Any) -> Any:
    """Filters with ``$pathname`` as that of the page before."""
    if isinstance(filters, list):
        return [_of_page_before(item) for item in cast(list[Any], filters)]
    if not isinstance(filters, dict):
        return filters
    described = cast(dict[str, Any], filters)
    if "values" in described:
        return described | {"values": _of_page_before(described["values"])}
    of_event = described.get("type") in (None, "event")
    return described | {"key": _PAGE_BEFORE} if of_event and described.get("key") == "$pathname" else described
