"""HogQL expressions over an event scope: for breakdowns, maths and filters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leanbase.query.errors import QueryError
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.event_columns import ScopedEvents
from leanbase.query.hogql.expression_compiler import ExpressionCompiler
from leanbase.query.hogql.names import Column, Frame
from leanbase.query.hogql.parser import parse_expression

if TYPE_CHECKING:
    from leanbase.query.scope import EventScope


class _Events(ScopedEvents):
    """PostHog's insights read events as ``e``, so expressions written for it may say ``e.timestamp``."""

    def column(self, parts: Sequence[str | int]) -> Column | None:
        return super().column(parts[1:] if len(parts) > 1 and parts[0] == "e" else parts)


def compile_expression(expression: str, scope: "EventScope", attr: str | None = None) -> str:
    """SQL of a HogQL expression over the events of ``scope``. Raises :class:`QueryError` with the position."""
    try:
        tree = parse_expression(expression)
        frame = Frame(relations={"events": _Events(scope)})
        return ExpressionCompiler(scope.ctx, scope.binder, expression).sql(tree, frame)
    except SqlError as problem:
        problem.attr = attr
        raise
    except RecursionError:
        raise QueryError("the expression is nested too deeply", attr=attr) from None
