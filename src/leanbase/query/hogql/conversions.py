"""Conversions as HogQL means them: what cannot be converted is NULL instead of an error."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from leanbase.query.hogql import ast
from leanbase.query.hogql.names import Frame

if TYPE_CHECKING:
    from leanbase.query.hogql.call_compiler import CallCompiler

Special = Callable[["CallCompiler", ast.Call, Frame], str | None]
"""Answers SQL, or None to leave the call as it is."""


def _value(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str:
    if len(node.arguments) != 1:
        raise compiler.fail(f"{node.name} takes one value", node)
    return compiler.sql(node.arguments[0], frame)


def _or_null(kind: str) -> Special:
    return lambda compiler, node, frame: f"accurateCastOrNull({_value(compiler, node, frame)}, '{kind}')"


def _or_zero(kind: str) -> Special:
    return lambda compiler, node, frame: f"ifNull(accurateCastOrNull({_value(compiler, node, frame)}, '{kind}'), 0)"


def _float_or_default(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    if not 1 <= len(node.arguments) <= 2:
        raise compiler.fail(f"{node.name} takes a value and what stands for it where it is no number", node)
    value, *default = (compiler.sql(item, frame) for item in node.arguments)
    number = f"accurateCastOrNull({value}, 'Float64')"
    return f"ifNull({number}, {default[0]})" if default else number


def _to_decimal(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    if len(node.arguments) == 1:
        return f"accurateCastOrNull({compiler.sql(node.arguments[0], frame)}, 'Decimal(38, 10)')"
    scale = (
        node.arguments[1].value if len(node.arguments) == 2 and isinstance(node.arguments[1], ast.Constant) else None
    )
    if not isinstance(scale, int) or not 0 <= scale <= 18:
        raise compiler.fail("toDecimal takes a value and how many digits follow the point, up to 18", node)
    return f"toDecimal64OrNull(toString({compiler.sql(node.arguments[0], frame)}), {scale})"


def _zone(compiler: "CallCompiler", node: ast.Call, frame: Frame, at: int) -> str:
    """The zone that a call names, else the project's."""
    if len(node.arguments) > at:
        return compiler.sql(node.arguments[at], frame)
    return compiler.binder(compiler.ctx.project.timezone, "String")


def _parsed(function: str) -> Special:
    def special(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
        if not 1 <= len(node.arguments) <= 2:
            return None
        value = compiler.sql(node.arguments[0], frame)
        return f"{function}(toString({value}), 6, {_zone(compiler, node, frame, 1)})"

    return special


def _parse_date_time(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    if not 2 <= len(node.arguments) <= 3:
        return None
    return f"parseDateTimeOrNull({compiler.list(node.arguments[:2], frame)}, {_zone(compiler, node, frame, 2)})"


def _to_date_time(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    if not 1 <= len(node.arguments) <= 2:
        return None
    value, zone = compiler.sql(node.arguments[0], frame), _zone(compiler, node, frame, 1)
    first = node.arguments[0]
    if isinstance(first, (ast.Constant, ast.Field, ast.Placeholder)) and not compiler.is_time(first, frame):
        if isinstance(first, ast.Constant) and not isinstance(first.value, str):
            return f"toDateTime({value}, {zone})"
        return f"parseDateTime64BestEffortOrNull(toString({value}), 6, {zone})"
    return f"toDateTime({value}, {zone})"


def _to_date(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
    if len(node.arguments) != 1:
        return None
    first, value = node.arguments[0], compiler.sql(node.arguments[0], frame)
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return f"toDate(parseDateTimeBestEffortOrNull({value}))"
    if isinstance(first, ast.Field) and not compiler.is_time(first, frame):
        return f"accurateCastOrNull({value}, 'Date')"
    return f"toDate({value})"


CONVERSIONS: dict[str, Special] = {
    "toint": _or_null("Int64"),
    "tointorzero": _or_zero("Int64"),
    "tofloat": _or_null("Float64"),
    "tofloatorzero": _or_zero("Float64"),
    "tofloatordefault": _float_or_default,
    "todecimal": _to_decimal,
    "tobool": lambda compiler, node, frame: (
        f"accurateCastOrNull({compiler.sql(node.arguments[0], frame)}, 'Bool')" if len(node.arguments) == 1 else None
    ),
    "touuid": _or_null("UUID"),
    "todatetime": _to_date_time,
    "todatetimeus": _parsed("parseDateTime64BestEffortUSOrNull"),
    "parsedatetimebesteffort": _parsed("parseDateTime64BestEffortOrNull"),
    "parsedatetime": _parse_date_time,
    "todate": _to_date,
}
