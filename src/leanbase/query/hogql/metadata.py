"""HogQLMetadata: is this SQL right, and if not, where is it wrong?"""

from collections.abc import Mapping
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql import ast
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.expressions import compile_expression
from leanbase.query.hogql.parser import parse_expression, parse_query
from leanbase.query.hogql.query_compiler import QueryCompiler
from leanbase.query.hogql.runner import placeholders_of
from leanbase.query.scope import EventScope
from leanbase.store.client import StoreError
from leanbase.store.sql import Sql


def run_metadata(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``isValid``, and ``errors`` with offsets in the text. ``language``: hogQL (a query) or hogQLExpr."""
    text = str(query.get("query") or query.get("select") or "")
    language = str(query.get("language") or "hogQL")
    answer: dict[str, Any] = {
        "query": text, "isValid": True, "errors": [], "warnings": [], "notices": [], "table_names": [], "results": [],
    }  # fmt: skip
    try:
        if language == "hogQLExpr":
            _check_expression(text, ctx, query.get("sourceQuery"))
        else:
            answer["table_names"] = _check_query(text, ctx, query)
    except (QueryError, RecursionError) as problem:
        answer["isValid"] = False
        answer["errors"] = [_mark(problem, text)]
    return answer


def _check_expression(text: str, ctx: QueryContext, source: Any) -> None:
    """An expression stands among the columns of its ``sourceQuery``, or alone over events."""
    around: Any = source.get("query") if isinstance(source, Mapping) else None
    tree = parse_query(around) if isinstance(around, str) and around.strip() else None
    if not isinstance(tree, ast.Select):
        compile_expression(text, EventScope(ctx, Binder()))
        return
    item = ast.SelectItem(0, len(text), parse_expression(text), "value", True)
    QueryCompiler(ctx, Binder(), text).compile(ast.Select(0, len(text), (item,), tree.ctes, sources=tree.sources))


def _check_query(text: str, ctx: QueryContext, query: Mapping[str, Any]) -> list[str]:
    binder = Binder()
    compiler = QueryCompiler(ctx, binder, text, placeholders_of(ctx, query))
    compiled = compiler.compile(parse_query(text))
    try:  # the engine knows types and functions best; explaining reads no rows
        ctx.execute(Sql(f"EXPLAIN {compiled.sql}", binder.sql("").binds))
    except StoreError as problem:
        raise QueryError(str(problem)) from None
    return sorted(compiler.tables)


def _mark(problem: QueryError | RecursionError, text: str) -> dict[str, Any]:
    if isinstance(problem, SqlError):
        return {"message": problem.message, "start": problem.start, "end": problem.end, "fix": None}
    detail = problem.detail if isinstance(problem, QueryError) else "the query is nested too deeply"
    return {"message": detail, "start": 0, "end": len(text), "fix": None}
