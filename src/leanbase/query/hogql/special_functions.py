"""Functions that HogQL means otherwise than ClickHouse, or that ClickHouse does not have."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from leanbase.query.hogql import ast
from leanbase.query.hogql.call_parser import UNITS
from leanbase.query.hogql.names import Frame

if TYPE_CHECKING:
    from leanbase.query.hogql.expression_compiler import ExpressionCompiler

Special = Callable[["ExpressionCompiler", ast.Call, Frame], str | None]
"""Answers SQL, or None to leave the call as it is."""


def _unit(node: ast.Expression) -> str | None:
    """The unit of time that a first argument names, as a bare word or a text."""
    text = None
    if isinstance(node, ast.Field) and len(node.parts) == 1:
        text = str(node.parts[0])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    unit = (text or "").lower().removesuffix("s")
    return unit if unit in UNITS else None


def _now(compiler: "ExpressionCompiler", _node: ast.Call, _frame: Frame) -> str:
    return compiler.local(compiler.binder(compiler.ctx.now.strftime("%Y-%m-%d %H:%M:%S"), "DateTime('UTC')"))


def _now64(compiler: "ExpressionCompiler", _node: ast.Call, _frame: Frame) -> str:
    return compiler.bound_time(compiler.ctx.now)


def _today(compiler: "ExpressionCompiler", _node: ast.Call, _frame: Frame) -> str:
    return compiler.binder(compiler.now().strftime("%Y-%m-%d"), "Date")


def _yesterday(compiler: "ExpressionCompiler", _node: ast.Call, _frame: Frame) -> str:
    return compiler.binder((compiler.now().date() - timedelta(days=1)).isoformat(), "Date")


def _or_null(kind: str) -> Special:
    def special(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
        if len(node.arguments) != 1:
            raise compiler.fail(f"{node.name} takes one value", node)
        return f"accurateCastOrNull({compiler.sql(node.arguments[0], frame)}, '{kind}')"

    return special


def _to_bool(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    if len(node.arguments) != 1:
        return None
    return f"accurateCastOrNull({compiler.sql(node.arguments[0], frame)}, 'Bool')"


def _to_date_time(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    if not 1 <= len(node.arguments) <= 2:
        return None
    value = compiler.sql(node.arguments[0], frame)
    if len(node.arguments) == 2:
        zone = compiler.sql(node.arguments[1], frame)
    else:
        zone = compiler.binder(compiler.ctx.project.timezone, "String")
    first = node.arguments[0]
    if isinstance(first, (ast.Constant, ast.Field, ast.Placeholder)) and not compiler.is_time(first, frame):
        if isinstance(first, ast.Constant) and not isinstance(first.value, str):
            return f"toDateTime({value}, {zone})"
        return f"parseDateTime64BestEffortOrNull(toString({value}), 6, {zone})"
    return f"toDateTime({value}, {zone})"


def _to_date(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    if len(node.arguments) != 1:
        return None
    first, value = node.arguments[0], compiler.sql(node.arguments[0], frame)
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return f"toDate(parseDateTimeBestEffort({value}))"
    return f"toDate({value})"


def _to_start_of_week(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    if len(node.arguments) != 1:
        return None
    return f"toStartOfWeek({compiler.sql(node.arguments[0], frame)}, {1 if compiler.ctx.project.week_start_day else 0})"


def _date_diff(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    unit = _unit(node.arguments[0]) if len(node.arguments) == 3 else None
    if unit is None:
        raise compiler.fail(f"{node.name} takes a unit ({', '.join(UNITS[:8])}) and two times", node)
    return f"dateDiff('{unit}', {compiler.list(node.arguments[1:], frame)})"


def _date_trunc(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    unit = _unit(node.arguments[0]) if len(node.arguments) == 2 else None
    if unit is None:
        raise compiler.fail(f"{node.name} takes a unit ({', '.join(UNITS[:8])}) and a time", node)
    if unit == "week":
        return _to_start_of_week(compiler, ast.Call(node.start, node.end, "toStartOfWeek", node.arguments[1:]), frame)
    return f"dateTrunc('{unit}', {compiler.sql(node.arguments[1], frame)})"


def _date_add(sign: str) -> Special:
    def special(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
        if len(node.arguments) == 2:
            left, right = (compiler.sql(item, frame) for item in node.arguments)
            return f"({left} {sign} {right})"
        unit = _unit(node.arguments[0]) if len(node.arguments) == 3 else None
        if unit is None:
            raise compiler.fail(f"{node.name} takes a unit, a number and a time", node)
        amount, time = (compiler.sql(item, frame) for item in node.arguments[1:])
        return f"({time} {sign} toInterval{unit.capitalize()}({amount}))"

    return special


def _matches_action(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(argument, ast.Constant) or isinstance(argument.value, (bool, float, list, type(None))):
        raise compiler.fail("matchesAction takes the number of an action", node)
    events = compiler.events(node, frame, "matchesAction")
    if not str(argument.value).isdigit() or compiler.ctx.actions.steps(int(argument.value)) is None:
        raise compiler.fail(f"there is no action {argument.value!r} in this project", argument)
    return events.condition(events.scope.action(argument.value))


def _in_cohort(compiler: "ExpressionCompiler", node: ast.Call, frame: Frame) -> str | None:
    cohort = node.arguments[1] if len(node.arguments) == 2 else None
    if not isinstance(cohort, ast.Constant) or not isinstance(cohort.value, (int, str)):
        raise compiler.fail("inCohort takes a person's id and the number or name of a cohort", node)
    return compiler.sql(ast.InCohort(node.start, node.end, node.arguments[0], cohort.value, False), frame)


SPECIAL: dict[str, Special] = {
    "now": _now,
    "current_timestamp": _now,
    "now64": _now64,
    "today": _today,
    "current_date": _today,
    "yesterday": _yesterday,
    "toint": _or_null("Int64"),
    "tofloat": _or_null("Float64"),
    "tofloatordefault": _or_null("Float64"),
    "todecimal": _or_null("Decimal(38, 10)"),
    "tobool": _to_bool,
    "todatetime": _to_date_time,
    "todate": _to_date,
    "tostartofweek": _to_start_of_week,
    "datediff": _date_diff,
    "date_diff": _date_diff,
    "datetrunc": _date_trunc,
    "date_trunc": _date_trunc,
    "dateadd": _date_add("+"),
    "date_add": _date_add("+"),
    "timestampadd": _date_add("+"),
    "datesub": _date_add("-"),
    "date_sub": _date_add("-"),
    "timestampsub": _date_add("-"),
    "matchesaction": _matches_action,
    "incohort": _in_cohort,
}
