"""EventsQuery: a list of events with columns that are SQL expressions."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from leanbase.model.display_name import display_properties
from leanbase.query import fields
from leanbase.query.actions import action_condition
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import parse_date
from leanbase.query.errors import QueryError
from leanbase.query.hogql.event_columns import STAR, ScopedEvents
from leanbase.query.hogql.expression_compiler import ExpressionCompiler
from leanbase.query.hogql.functions import aggregate_name
from leanbase.query.hogql.names import Frame
from leanbase.query.hogql.parser import parse_item, parse_order
from leanbase.query.rows import in_zone, plain, shown_type
from leanbase.query.scope import EventScope
from leanbase.query.series import calendar_of

DEFAULT_ROWS, MOST_ROWS = 100, 50_000
LOOK_BACK = timedelta(hours=24)  # without `after`: PostHog's default
_LABEL = re.compile(r"--\s*(?P<label>[^\n]*)\s*$")

_CALL = re.compile(r"(?P<name>\w+)\s*\(")

_OBJECTS = ("*", "person")
_DISPLAY_NAME = "person_display_name"
_DIRECTION = re.compile(r"\s(ASC|DESC)\s*$", re.IGNORECASE)


def run_events(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of the selected columns, newest first unless ``orderBy`` says otherwise.

    ``*`` is a whole event, ``person`` its person {uuid, distinct_id, created_at, properties}. Raises
    :class:`QueryError` for a column that is none, with its place.
    """
    select = fields.texts(query, "select") or ["*"]
    binder = Binder()
    scope = EventScope(ctx, binder)
    columns = [_column(item, scope, f"select.{number}") for number, item in enumerate(select)]
    conditions = _conditions(query, ctx, scope)
    aggregated = [_is_aggregate(item) for item in select]
    order = _order(query, scope, [column for column, is_one in zip(columns, aggregated, strict=True) if is_one])
    limit = _number(query, "limit", DEFAULT_ROWS, MOST_ROWS)
    offset = _number(query, "offset", 0, 10_000_000)
    text = f"SELECT {', '.join(columns)} FROM {scope.source()} WHERE {' AND '.join(conditions)}"
    grouped = _group_by(columns, aggregated)
    text += f"{grouped}{order} LIMIT {limit + 1} OFFSET {offset}"
    found = ctx.execute(binder.sql(text))
    zone = ctx.project.timezone
    rows = [
        [_cell(item, value, kind, zone) for item, value, kind in zip(select, row, found.types, strict=True)]
        for row in found.rows[:limit]
    ]
    names = [item if item in _OBJECTS else _name(item) for item in select]
    return {
        "results": rows,
        "columns": names,
        "types": [shown_type(kind) for kind in found.types],
        "limit": limit,
        "offset": offset,
        "hasMore": len(found.rows) > limit,
        "hogql": f"SELECT {', '.join(select)} FROM events",
        "error": None,
    }


def _name(item: str) -> str:
    return item.strip()


def _expression(item: str) -> str:
    return _LABEL.sub("", item).strip()


def _column(item: str, scope: EventScope, attr: str) -> str:
    relation = ScopedEvents(scope)
    if item.strip() == "*":
        parts = [relation.column((name,)) for name in STAR]
        return f"tuple({', '.join(part.sql for part in parts if part is not None)})"
    if item.strip() == "person":
        return (
            f"tuple({scope.person_id()}, {scope.column('distinct_id')}, {scope.person_created_at()},"
            f" {scope.joins.person_properties()})"
        )
    expression = _expression(item)
    if expression == _DISPLAY_NAME:
        return f"tuple({_display_name(scope)}, {scope.person_id()}, {scope.column('distinct_id')})"
    try:
        tree = parse_item(expression).expression
        compiler = ExpressionCompiler(scope.ctx, scope.binder, expression)
        return compiler.sql(tree, Frame(relations={"events": relation}))
    except QueryError as problem:
        problem.attr = attr
        raise
    except RecursionError:
        raise QueryError("the expression is nested too deeply", attr=attr) from None


def _display_name(scope: EventScope) -> str:
    """What the event's person is called: a display property of the project, else the distinct id."""
    texts = [scope.property("person", key, typed=False) for key in display_properties(scope.ctx.project)]
    named = ", ".join(f"nullIf(trimBoth({text}), '')" for text in texts)
    return f"coalesce({named}, {scope.column('distinct_id')})"


def _is_aggregate(item: str) -> bool:
    """Whether a column is the call of an aggregate function."""
    call = _CALL.match(_expression(item))
    return call is not None and aggregate_name(call["name"]) is not None


def _group_by(columns: list[str], aggregated: list[bool]) -> str:
    """Columns beside an aggregate are grouped by, as in PostHog."""
    if not any(aggregated):
        return ""
    keys = [column for column, is_aggregate in zip(columns, aggregated, strict=True) if not is_aggregate]
    return f" GROUP BY {', '.join(keys)}" if keys else ""


def _conditions(query: Mapping[str, Any], ctx: QueryContext, scope: EventScope) -> list[str]:
    after = _moment(query, "after", ctx)
    before = _moment(query, "before", ctx) or ctx.now + timedelta(seconds=5)
    if after is None and query.get("after") != "all" and not query.get("personId"):
        after = before - LOOK_BACK
    conditions = [scope.between(after, before)]
    event = query.get("event")
    if event:
        conditions.append(f"{scope.column('event')} = {scope.binder(str(event), 'String')}")
    names = fields.texts(query, "events")
    if names:
        conditions.append(f"{scope.column('event')} IN {scope.binder(names, 'Array(String)')}")
    action = fields.whole(query, "actionId", None, 0, 2**63 - 1)
    if action is not None:
        if ctx.actions.steps(action) is None:
            raise QueryError("there is no such action in this project", "does_not_exist", "actionId")
        conditions.append(scope.action(action, "actionId"))
    steps = query.get("actionSteps")
    if steps is not None:
        conditions.append(action_condition(scope, _steps(steps), "actionSteps"))
    if query.get("personId"):
        conditions.append(_of_person(str(query["personId"]), scope))
    conditions.append(scope.query_filters(query))
    conditions.append(scope.filters(query.get("fixedProperties"), "fixedProperties"))
    for number, expression in enumerate(fields.texts(query, "where")):
        conditions.append(f"ifNull(toBool({scope.hogql(expression, f'where.{number}')}), false)")
    return conditions


def _steps(value: Any) -> list[Mapping[str, Any]]:
    """The steps of an action that is not saved yet, as ``actions/`` takes them: what would match is tried with them."""
    given = cast(list[Any], value) if isinstance(value, list) else [value]
    steps = [cast(Mapping[str, Any], step) for step in given if isinstance(step, Mapping)]
    if not steps or len(steps) != len(given):
        raise QueryError("actionSteps are the steps of an action, each an object", attr="actionSteps")
    return steps


def _of_person(person: str, scope: EventScope) -> str:
    try:
        uuid = str(UUID(person))
    except ValueError:
        raise QueryError("personId is the uuid of a person", attr="personId") from None
    return f"{scope.actor()} = cityHash64(toUUID({scope.binder(uuid, 'String')}))"


def _order(query: Mapping[str, Any], scope: EventScope, aggregates: list[str]) -> str:
    """Without ``orderBy``: the largest first aggregate first, or the newest event first (PostHog's rule)."""
    wanted = fields.texts(query, "orderBy")
    if query.get("orderBy") is None:
        return f" ORDER BY {aggregates[0] if aggregates else scope.column('timestamp')} DESC"
    parts: list[str] = []
    for number, text in enumerate(wanted):
        direction = _DIRECTION.search(text)  # also behind a label
        bare = _expression(_DIRECTION.sub("", text))
        if bare == _DISPLAY_NAME:
            parts.append(f"{_display_name(scope)} {direction[1].upper() if direction else 'ASC'}")
            continue
        expression = f"{bare} {direction[1]}" if direction else bare
        try:
            item = parse_order(expression)
            compiler = ExpressionCompiler(scope.ctx, scope.binder, expression)
            parts.append(compiler.order([item], Frame(relations={"events": ScopedEvents(scope)})))
        except QueryError as problem:
            problem.attr = f"orderBy.{number}"
            raise
    return f" ORDER BY {', '.join(parts)}" if parts else ""


def _moment(query: Mapping[str, Any], name: str, ctx: QueryContext) -> datetime | None:
    text = query.get(name)
    if not text or text == "all":
        return None
    try:
        return parse_date(str(text), calendar_of(ctx).zone, ctx.now).moment.astimezone(UTC)
    except QueryError as problem:
        problem.attr = name
        raise


def _number(query: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise QueryError(f"{name} is a whole number, not below 0", attr=name)
    return min(value, most)


def _cell(item: str, value: Any, kind: str, zone: str) -> Any:
    if item.strip() == "*":
        event = {name: plain(part) for name, part in zip(STAR, value, strict=True)}
        event["properties"] = _json(event["properties"])
        return event
    if item.strip() == "person":
        person_id, distinct_id, created_at, properties = value
        return {
            "uuid": str(person_id),
            "distinct_id": distinct_id,
            "created_at": plain(created_at),
            "properties": _json(properties),
        }
    if _expression(item) == _DISPLAY_NAME:
        name, person_id, distinct_id = value
        return {"display_name": name, "id": str(person_id), "distinct_id": distinct_id}
    return in_zone(value, kind, zone)


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return {}
