"""Functions that HogQL means otherwise than ClickHouse, or that ClickHouse does not have."""

from datetime import timedelta
from typing import TYPE_CHECKING

from leanbase.query.hogql import ast
from leanbase.query.hogql.call_parser import UNITS
from leanbase.query.hogql.conversions import CONVERSIONS, Special
from leanbase.query.hogql.names import Frame
from leanbase.query.hogql.postgres_functions import POSTGRES

if TYPE_CHECKING:
    from leanbase.query.hogql.call_compiler import CallCompiler


def _unit(node: ast.Expression) -> str | None:
    """The unit of time that a first argument names, as a bare word or a text."""
    text = None
    if isinstance(node, ast.Field) and len(node.parts) == 1:
        text = str(node.parts[0])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    unit = (text or "").lower().removesuffix("s")
    return unit if unit in UNITS else None


def _now(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str:
    """The moment of the question, in the project's zone or the one that is named."""
    moment = compiler.binder(compiler.ctx.now.strftime("%Y-%m-%d %H:%M:%S"), "DateTime('UTC')")
    if node.arguments:
        return f"toTimeZone({moment}, {compiler.sql(node.arguments[0], frame)})"
    return compiler.local(moment)


def _now64(compiler: "CallCompiler", _node: ast.Call, _frame: Frame) -> str:
    return compiler.bound_time(compiler.ctx.now)


def _today(compiler: "CallCompiler", node: ast.Call, _frame: Frame) -> str:
    if node.arguments:  # whoever writes toDay(timestamp) means another day than this one
        raise compiler.fail("today() takes no argument; the day of a time is toDate(time) or toDayOfMonth(time)", node)
    return compiler.binder(compiler.now().strftime("%Y-%m-%d"), "Date")


def _yesterday(compiler: "CallCompiler", _node: ast.Call, _frame: Frame) -> str:
    return compiler.binder((compiler.now().date() - timedelta(days=1)).isoformat(), "Date")


def _to_start_of_week(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    if len(node.arguments) != 1:
        return None
    return f"toStartOfWeek({compiler.sql(node.arguments[0], frame)}, {1 if compiler.ctx.project.week_start_day else 0})"


def _date_diff(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    unit = _unit(node.arguments[0]) if len(node.arguments) == 3 else None
    if unit is None:
        raise compiler.fail(f"{node.name} takes a unit ({', '.join(UNITS[:8])}) and two times", node)
    return f"dateDiff('{unit}', {compiler.list(node.arguments[1:], frame)})"


def _date_trunc(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    unit = _unit(node.arguments[0]) if 2 <= len(node.arguments) <= 3 else None
    if unit is None:
        raise compiler.fail(f"{node.name} takes a unit ({', '.join(UNITS[:8])}), a time and perhaps a time zone", node)
    time = compiler.sql(node.arguments[1], frame)
    if len(node.arguments) == 3:
        time = f"toTimeZone({time}, {compiler.sql(node.arguments[2], frame)})"
    if unit == "week":
        return f"toStartOfWeek({time}, {1 if compiler.ctx.project.week_start_day else 0})"
    return f"dateTrunc('{unit}', {time})"


def _date_add(sign: str) -> Special:
    def special(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
        if len(node.arguments) == 2:
            left, right = (compiler.sql(item, frame) for item in node.arguments)
            return f"({left} {sign} {right})"
        unit = _unit(node.arguments[0]) if len(node.arguments) == 3 else None
        if unit is None:
            raise compiler.fail(f"{node.name} takes a unit, a number and a time", node)
        amount, time = (compiler.sql(item, frame) for item in node.arguments[1:])
        return f"({time} {sign} toInterval{unit.capitalize()}({amount}))"

    return special


_PARTS = {"day": "toDayOfMonth", "week": "toISOWeek", "dow": "toDayOfWeek", "doy": "toDayOfYear"}


def _date_part(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    first = node.arguments[0] if len(node.arguments) == 2 else None
    written = str(first.value).lower() if isinstance(first, ast.Constant) else ""
    unit = written if written in ("dow", "doy") else _unit(first) if first is not None else None
    if unit is None:
        raise compiler.fail(f"{node.name} takes a unit ({', '.join(UNITS[:8])}, dow, doy) and a time", node)
    return f"{_PARTS.get(unit) or f'to{unit.capitalize()}'}({compiler.sql(node.arguments[1], frame)})"


def _generate_series(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    """The whole numbers from the first to the last, both included."""
    if not 2 <= len(node.arguments) <= 3:
        raise compiler.fail("generateSeries takes the first number, the last one and the step", node)
    first, last, *step = (compiler.sql(item, frame) for item in node.arguments)
    return f"range({first}, {last} + 1{''.join(f', {size}' for size in step)})"


def _exists(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    only = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(only, ast.Subquery):
        raise compiler.fail("EXISTS takes a query in brackets", node)
    return f"exists{compiler.sql(only, frame)}"


def _sparkline(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    """A small chart in a cell of the SQL editor, in the form that PostHog's clients draw."""
    if len(node.arguments) != 1:
        raise compiler.fail("sparkline takes an array of numbers", node)
    return f"tuple('__hx_tag', 'Sparkline', 'data', {compiler.sql(node.arguments[0], frame)})"


def _recording_button(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    """A way to a recording in a cell, in the form that PostHog's clients draw."""
    if not 1 <= len(node.arguments) <= 2:
        raise compiler.fail("recordingButton takes the id of a session, and perhaps the status of its recording", node)
    session, *status = (compiler.sql(item, frame) for item in node.arguments)
    more = f", 'recordingStatus', {status[0]}" if status else ""
    return f"tuple('__hx_tag', 'RecordingButton', 'sessionId', {session}{more})"


def _concat(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    """Texts behind each other: NULL is empty and every value is its text (HogQL's rule). Arrays stay arrays."""
    if node.arguments and all(isinstance(item, (ast.Array, ast.Tuple)) for item in node.arguments):
        return None
    parts = [
        compiler.sql(item, frame)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
        else f"ifNull(toString({compiler.sql(item, frame)}), '')"
        for item in node.arguments
    ]
    parts += ["''"] * (2 - len(parts))
    return f"concat({', '.join(parts)})"


def _time_window(function: str) -> Special:
    """``tumble`` and ``hop`` take whole seconds that are not NULL."""

    def special(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
        if len(node.arguments) < 2:
            return None
        time, rest = compiler.sql(node.arguments[0], frame), compiler.list(node.arguments[1:], frame)
        return f"{function}(assumeNotNull(toDateTime({time})), {rest})"

    return special


def _matches_action(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(argument, ast.Constant) or isinstance(argument.value, (bool, float, list, type(None))):
        raise compiler.fail("matchesAction takes the number or 'name' of an action", node)
    events = compiler.events(node, frame, "matchesAction")
    action = _action_number(compiler, argument.value)
    if action is None:
        raise compiler.fail(f"there is no action {argument.value!r} in this project", argument)
    return events.condition(events.scope.action(action))


def _action_number(compiler: "CallCompiler", wanted: int | str) -> int | None:
    """The number of an action by its number, also as text, or by its name."""
    actions = compiler.ctx.actions
    if (
        str(wanted).isascii()
        and str(wanted).isdigit()
        and len(str(wanted)) < 10
        and actions.steps(int(wanted)) is not None
    ):
        return int(wanted)
    return next((number for number, name in actions.names().items() if name == wanted), None)


def _in_cohort(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
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
    **CONVERSIONS,
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
    "date_subtract": _date_add("-"),
    "date_part": _date_part,
    "generateseries": _generate_series,
    "exists": _exists,
    "sparkline": _sparkline,
    "recordingbutton": _recording_button,
    "recording_button": _recording_button,
    "concat": _concat,
    **{
        name.lower(): _time_window(name) for name in ("tumble", "tumbleStart", "tumbleEnd", "hop", "hopStart", "hopEnd")
    },
    **POSTGRES,
    "matchesaction": _matches_action,
    "incohort": _in_cohort,
}
