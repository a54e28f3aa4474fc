"""Placeholders that are more than a name: ``{variables.paid ? 'paid' : 'free'}``. Names in them are placeholders."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from leanbase.query.hogql import ast


def with_placeholders(node: Any) -> Any:
    """The tree with every name turned into a placeholder; what stands in ``sql(…)`` is left as it is."""
    if isinstance(node, ast.Field):
        return ast.Placeholder(node.start, node.end, tuple(str(part) for part in node.parts))
    if isinstance(node, ast.Call) and node.name == "sql" and len(node.arguments) == 1:
        return node.arguments[0]
    if isinstance(node, tuple):
        return tuple(with_placeholders(item) for item in cast(tuple[Any, ...], node))
    if not isinstance(node, ast.Node) or isinstance(node, (ast.Subquery, ast.Select, ast.Union)):
        return node
    assert is_dataclass(node)
    inner = {field.name: with_placeholders(getattr(node, field.name)) for field in fields(node)}
    return replace(node, **inner)
