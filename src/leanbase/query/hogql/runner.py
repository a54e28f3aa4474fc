"""HogQLQuery: SQL that somebody wrote, over the project's own rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Calendar, DateRange
from leanbase.query.errors import QueryError
from leanbase.query.hogql.literals import Placeholders
from leanbase.query.hogql.query_compiler import MOST_ROWS, compile_query
from leanbase.query.rows import in_zone, shown_type
from leanbase.query.series import calendar_of
from leanbase.store.sql import Sql


def run_hogql(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Rows with ``columns`` as written and ``types``; 100 rows without a LIMIT, 50,000 at most.

    Raises :class:`QueryError` with the position of what is wrong in the text.
    """
    text = query.get("query")
    if not isinstance(text, str) or not text.strip():
        raise QueryError("A HogQLQuery needs SQL in `query`.", "required", "query")
    binder = Binder()
    compiled = compile_query(text, ctx, binder, placeholders_of(ctx, query), most_rows=MOST_ROWS)
    sql = binder.sql(compiled.sql)
    if query.get("explain"):
        plan = ctx.execute(Sql(f"EXPLAIN indexes = 1 {sql.text}", sql.binds))
        return _answer(compiled.columns, [], [], text, explain=[str(row[0]) for row in plan.rows])
    found = ctx.execute(sql)
    zone = ctx.project.timezone
    rows = [
        [in_zone(value, kind, zone) for value, kind in zip(row, found.types, strict=True)]
        for row in found.rows[: compiled.limit]
    ]
    types = [[name, shown_type(kind)] for name, kind in zip(compiled.columns, found.types, strict=False)]
    return _answer(
        compiled.columns,
        rows,
        types,
        text,
        limit=compiled.limit,
        offset=compiled.offset,
        hasMore=compiled.open_ended and len(found.rows) > compiled.limit,
    )


def _answer(columns: Any, rows: list[Any], types: list[Any], text: str, **more: Any) -> dict[str, Any]:
    return {
        "results": rows,
        "columns": list(columns),
        "types": types,
        "query": text,
        "hogql": text,
        "error": None,
        **more,
    }


def placeholders_of(ctx: QueryContext, query: Mapping[str, Any]) -> Placeholders:
    """The values that a query brings for its placeholders. Raises :class:`QueryError` for a broken date range."""
    filters = query.get("filters")
    date_from, date_to = None, None
    if isinstance(filters, Mapping):
        date_from, date_to = _ends(calendar_of(ctx), _mapping(filters, "dateRange", "filters.dateRange"))
    return Placeholders(
        values=_mapping(query, "values"),
        variables=_variables(_mapping(query, "variables")),
        filters=_mapping(query, "filters") if filters is not None else None,
        date_from=date_from,
        date_to=date_to,
    )


def _ends(calendar: Calendar, dates: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The ends of ``filters.dateRange``; an end that is not given stays open."""
    for name in ("date_from", "date_to"):
        if not isinstance(dates.get(name), (str, type(None))):
            raise QueryError("A date is a text, such as 2026-01-31 or -7d.", attr=f"filters.dateRange.{name}")
    if not dates.get("date_from") and not dates.get("date_to"):
        return None, None
    everything = dates.get("date_from") == "all"
    wanted = DateRange(
        None if everything else dates.get("date_from"), dates.get("date_to"), bool(dates.get("explicitDate"))
    )
    period = calendar.resolve(wanted, "day")
    date_from = None if everything or not dates.get("date_from") else period.start
    return date_from, period.end


def _mapping(query: Mapping[str, Any], name: str, path: str = "") -> Mapping[str, Any]:
    value = query.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise QueryError(f"`{path or name}` must be an object.", "invalid_input", path or name)
    return value


def _variables(given: Mapping[str, Any]) -> dict[str, Any]:
    """By code name: PostHog keys them by id and puts name and value inside."""
    found: dict[str, Any] = {}
    for name, variable in given.items():
        if isinstance(variable, Mapping):
            is_null = bool(variable.get("isNull"))
            found[str(variable.get("code_name") or name)] = None if is_null else variable.get("value")
        else:
            found[str(name)] = variable
    return found
