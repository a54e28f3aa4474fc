"""HogQL expressions over an event scope."""

from typing import TYPE_CHECKING

from leanbase.query.errors import QueryError

if TYPE_CHECKING:
    from leanbase.query.scope import EventScope


def compile_expression(expression: str, scope: "EventScope", attr: str | None = None) -> str:
    raise QueryError(f"SQL expressions are not available yet: {expression} {scope.alias}", attr=attr)
