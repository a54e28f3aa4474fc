"""WebStatsTableQuery: pages, entries, exits, channels, sources, campaigns, devices, places."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.filter_operators import cleaned_path
from leanbase.query.scope import EventScope
from leanbase.query.web_analytics.scroll_depth import COLUMNS as SCROLL_COLUMNS
from leanbase.query.web_analytics.scroll_depth import scroll_depths
from leanbase.query.web_analytics.sessions import (
    Expression,
    SessionRows,
    WebQuery,
    bounced,
    event_property,
    paired,
    per_period,
    read_web_query,
    session_field,
    web_periods,
    web_range,
)

DEFAULT_LIMIT = 10
_MAX_LIMIT = 1_000
_BETWEEN = "\x1f"  # of the parts of a value that the answer shows as a list


def _list(*keys: str, needed: str) -> Expression:
    """Several properties as one text, for :func:`_row` to make a list of; NULL where the needed one is missing."""

    def sql(scope: EventScope) -> str:
        texts = ", ".join(f"ifNull({event_property(key)(scope)}, '')" for key in keys)
        present = f"ifNull({event_property(needed)(scope)}, '') != ''"
        return f"if({present}, arrayStringConcat([{texts}], {scope.binder(_BETWEEN, 'String')}), NULL)"

    return sql


def _previous_page(scope: EventScope) -> str:
    """The page looked at before: in the same page load, else on the same host; else whatever referred to this one."""
    before, here, came_from = (
        event_property(key)(scope) for key in ("$prev_pageview_pathname", "$current_url", "$referrer")
    )
    same_host = f"domain(ifNull({here}, '')) = domain(ifNull({came_from}, ''))"
    return f"coalesce({before}, if({same_host}, path({came_from}), {came_from}))"


def _source_medium_campaign(scope: EventScope) -> str:
    """``google / cpc / (none)``; who came without a source came from the referring domain."""
    known = (("$entry_utm_source", "$entry_referring_domain"), ("$entry_utm_medium",), ("$entry_utm_campaign",))
    parts = [
        f"coalesce({', '.join(scope.property('session', name) for name in names)}, {scope.binder('(none)', 'String')})"
        for names in known
    ]
    return f"concat({(', ' + scope.binder(' / ', 'String') + ', ').join(parts)})"


# What each breakdown reads. Session values are those of the whole session, event values of the page view.
BREAKDOWNS: Mapping[str, Expression] = {
    "Page": event_property("$pathname"),
    "InitialPage": session_field("$entry_pathname"),
    "ExitPage": session_field("$end_pathname"),
    "PreviousPage": _previous_page,
    "ExitClick": session_field("$last_external_click_url"),
    "ScreenName": event_property("$screen_name"),
    "InitialChannelType": session_field("$channel_type"),
    "InitialReferringDomain": session_field("$entry_referring_domain"),
    "InitialReferringURL": session_field("$entry_referrer"),
    "InitialUTMSource": session_field("$entry_utm_source"),
    "InitialUTMMedium": session_field("$entry_utm_medium"),
    "InitialUTMCampaign": session_field("$entry_utm_campaign"),
    "InitialUTMTerm": session_field("$entry_utm_term"),
    "InitialUTMContent": session_field("$entry_utm_content"),
    "InitialUTMSourceMediumCampaign": _source_medium_campaign,
    "Browser": event_property("$browser"),
    "OS": event_property("$os"),
    "DeviceType": event_property("$device_type"),
    "Viewport": _list("$viewport_width", "$viewport_height", needed="$viewport_height"),
    "Country": event_property("$geoip_country_code"),
    "Region": _list(
        "$geoip_country_code",
        "$geoip_subdivision_1_code",
        "$geoip_subdivision_1_name",
        needed="$geoip_subdivision_1_code",
    ),
    "City": _list("$geoip_country_code", "$geoip_city_name", needed="$geoip_city_name"),
    "Timezone": event_property("$timezone"),
    "Language": event_property("$browser_language"),
}
# Sessions without these have something to say ("direct", "no campaign"); rows without the others are left out.
_SHOW_NONE = frozenset(name for name in BREAKDOWNS if name.startswith(("InitialUTM", "InitialChannel", "InitialRef")))
_HOSTS: Mapping[str, Expression] = {
    "Page": event_property("$host"),
    "InitialPage": session_field("$entry_hostname"),
    "ExitPage": session_field("$end_hostname"),
}
_LISTS = frozenset({"Viewport", "Region", "City"})
_PATHS = frozenset({"Page", "InitialPage", "ExitPage", "PreviousPage"})
_ORDERS = {
    "Visitors": "visitors",
    "Views": "views",
    "BounceRate": "bounce_rate",
    "TotalConversions": "total_conversions",
    "UniqueConversions": "unique_conversions",
    "ConversionRate": "conversion_rate",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A pair of numbers in a row: its name and its aggregate of sessions, with a place for the period's condition."""

    name: str
    aggregate: str


def run_web_stats_table(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Rows ``[value, [visitors, previous], [views, previous], …, fill fraction, ""]`` under ``columns``.

    Bounce rates are fractions. For pages they are those of the sessions that began there. Raises :class:`QueryError`.
    """
    asked = read_web_query(query)
    by = asked.breakdown_by or "Page"
    if by not in BREAKDOWNS:
        raise QueryError(f"breakdownBy is one of {', '.join(BREAKDOWNS)}.", "invalid_choice", "breakdownBy")
    periods = web_periods(ctx, asked)
    rows = SessionRows(ctx, asked, periods)
    columns = _columns(asked, by)
    fields: dict[str, Expression] = {}
    if any(column.name == "bounce_rate" for column in columns):
        fields["bounce"] = bounced
        if by == "Page":
            fields["entry"] = _value("InitialPage", asked)
    sessions = rows.select(fields, _value(by, asked), by not in _SHOW_NONE)
    order, direction = _order(asked, columns)
    selected = ["b"]
    for column in columns:
        parts = per_period(column.aggregate, "1", len(periods))
        selected += [f"{sql} AS {column.name}_{number}" for number, sql in enumerate(parts)]
    limit, offset = min(max(asked.limit or DEFAULT_LIMIT, 1), _MAX_LIMIT), max(asked.offset or 0, 0)
    fill = (
        f"ifNull({order}_0, 0) / nullIf(sum(ifNull({order}_0, 0)) OVER (), 0)"
        if order != "bounce_rate"
        else "bounce_rate_0"
    )
    statement = (
        f"SELECT *, {fill} AS fill FROM (SELECT {', '.join(selected)} FROM ({sessions}) GROUP BY b)"
        f" ORDER BY ifNull({order}_0, 0) {direction}, visitors_0 DESC, {columns[1].name}_0 DESC, b ASC NULLS LAST"
        f" LIMIT {rows.binder(limit + 1, 'UInt64')} OFFSET {rows.binder(offset, 'UInt64')}"
    )
    found = ctx.execute(rows.binder.sql(statement)).rows
    results = [_row(row, len(columns), len(periods), listed=by in _LISTS) for row in found[:limit]]
    names = _names(columns)
    if by == "Page" and asked.include_scroll_depth and not asked.conversion_goal:
        page = _cleaned(event_property("$prev_pageview_pathname"), asked)
        depths = [scroll_depths(ctx, asked, period, page, [row[0] for row in results]) for period in periods]
        for row in results:
            told = [depth.get(row[0], (None, None)) for depth in depths]
            row[-2:-2] = [paired([depth[part] for depth in told]) for part in range(len(SCROLL_COLUMNS))]
        names[-2:-2] = SCROLL_COLUMNS
    return {
        "results": results,
        "columns": [f"context.columns.{name}" for name in names],
        "types": [],
        "hasMore": len(found) > limit,
        "limit": limit,
        "offset": offset,
        **web_range(periods),
    }


def _names(columns: list[Column]) -> list[str]:
    return ["breakdown_value", *[column.name for column in columns], "ui_fill_fraction", "cross_sell"]


def _columns(asked: WebQuery, by: str) -> list[Column]:
    if asked.conversion_goal:
        converted = "uniqExactIf(person, conversions > 0 AND {0})"
        return [
            Column("visitors", "uniqExactIf(person, {})"),
            Column("total_conversions", "sumIf(conversions, {})"),
            Column("unique_conversions", converted),
            Column("conversion_rate", f"{converted} / nullIf(uniqExactIf(person, {{0}}), 0)"),
        ]
    columns = [Column("visitors", "uniqExactIf(person, {})"), Column("views", "sumIf(views, {})")]
    if asked.include_bounce_rate:
        began_here = "entry = b AND " if by == "Page" else ""
        columns.append(Column("bounce_rate", f"avgOrNullIf(bounce, {began_here}{{}})"))
    return columns


def _value(by: str, asked: WebQuery) -> Expression:
    """What rows are of: pages with the host before them, and paths cleaned by the project's rules, if that is asked."""
    value, host = BREAKDOWNS[by], _HOSTS.get(by)

    def sql(scope: EventScope) -> str:
        text = (_cleaned(value, asked) if by in _PATHS else value)(scope)
        return f"concat(ifNull({host(scope)}, ''), {text})" if asked.include_host and host else text

    return sql


def _cleaned(page: Expression, asked: WebQuery) -> Expression:
    """A path, cleaned by the project's rules if that is asked."""
    return lambda scope: cleaned_path(page(scope), scope.ctx, scope.binder) if asked.do_path_cleaning else page(scope)


def _order(asked: WebQuery, columns: list[Column]) -> tuple[str, str]:
    """The column to sort by and the direction. Raises :class:`QueryError`."""
    known = {column.name for column in columns}
    if not asked.order_by:
        return ("total_conversions" if asked.conversion_goal else "visitors"), "DESC"
    name = _ORDERS.get(asked.order_by[0])
    direction = asked.order_by[1] if len(asked.order_by) > 1 else "DESC"
    if name not in known or direction not in {"ASC", "DESC"}:
        names = ", ".join(order for order, column in _ORDERS.items() if column in known)
        raise QueryError(f"orderBy is [one of {names}, ASC or DESC].", "invalid_choice", "orderBy")
    return name, direction


def _row(row: tuple[Any, ...], columns: int, periods: int, *, listed: bool) -> list[Any]:
    value, *numbers, fill = row
    if listed and value is not None:
        value = [part or None for part in value.split(_BETWEEN)]
    pairs = [paired(numbers[place * periods : (place + 1) * periods]) for place in range(columns)]
    return [value, *pairs, fill or 0, ""]
