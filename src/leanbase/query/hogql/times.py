"""Comparisons of times. A time column is compared bare, without its zone, so that the sort key prunes by it."""

from typing import TYPE_CHECKING

from leanbase.query.hogql import ast
from leanbase.query.hogql.names import Frame

if TYPE_CHECKING:
    from leanbase.query.hogql.expression_compiler import ExpressionCompiler

# Calls whose answer is a moment, the same in every zone, when their arguments say one.
_MOMENTS = (
    "now", "now64", "current_timestamp", "todatetime", "todatetime64", "parsedatetimebesteffort",
    "parsedatetime64besteffort", "fromunixtimestamp", "tostartofday", "tostartofhour", "tostartofminute",
)  # fmt: skip
_DAYS = (
    "today", "yesterday", "current_date", "todate", "tostartofweek", "tostartofmonth", "tostartofquarter",
    "tostartofyear", "tomonday",
)  # fmt: skip


def compared(
    compiler: "ExpressionCompiler", left: ast.Expression, right: ast.Expression, frame: Frame
) -> list[str] | None:
    """Both sides of a comparison as moments; None when they are none, or their zones might matter."""
    if not compiler.is_time(left, frame) and not compiler.is_time(right, frame):
        return None
    sides = [_moment(compiler, side, frame) for side in (left, right)]
    return [side for side in sides if side is not None] if None not in sides else None


def _moment(compiler: "ExpressionCompiler", node: ast.Expression, frame: Frame) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return f"parseDateTime64BestEffort({compiler.sql(node, frame)}, 6, {_zone(compiler)})"
    if isinstance(node, ast.Field):
        column = compiler.field(node, frame)
        return (column.instant or column.sql) if column.kind == "time" else None
    if _is_day(node):  # a day begins at midnight in the project's zone
        return f"toDateTime({compiler.sql(node, frame)}, {_zone(compiler)})"
    return compiler.sql(node, frame) if _is_moment(node) else None


def _is_moment(node: ast.Expression) -> bool:
    if isinstance(node, ast.Placeholder):
        return node.parts[0] == "filters"
    if isinstance(node, ast.Binary):
        return node.operator in ("+", "-") and _is_moment(node.left)
    return isinstance(node, ast.Call) and node.name.lower() in _MOMENTS


def _is_day(node: ast.Expression) -> bool:
    if isinstance(node, ast.Binary):
        hours = isinstance(node.right, ast.Interval) and node.right.unit in ("HOUR", "MINUTE", "SECOND")
        return node.operator in ("+", "-") and not hours and _is_day(node.left)
    return isinstance(node, ast.Call) and node.name.lower() in _DAYS


def _zone(compiler: "ExpressionCompiler") -> str:
    return compiler.binder(compiler.ctx.project.timezone, "String")
