"""Who went along a link of a path, or dropped off at a point."""

from collections.abc import Mapping
from typing import Any

from leanbase.query import fields
from leanbase.query.context import QueryContext
from leanbase.query.paths.funnel import funnel_times
from leanbase.query.paths.query import read_paths
from leanbase.query.paths.sql import actors_sql
from leanbase.query.periods import period


def paths_actors(
    ctx: QueryContext, keys: Mapping[str, Any], query: Mapping[str, Any]
) -> tuple[int | None, list[tuple[Any, ...]]]:
    """The group type counted (None: persons) and rows (actor, times).

    ``keys`` may name ``pathStartKey`` and ``pathEndKey``, the ends of a link (``1_/``), or ``pathDropoffKey``, the
    last point of a path. Raises :class:`QueryError`.
    """
    paths = read_paths(ctx, query)
    funnel = funnel_times(ctx, paths, paths.funnel) if paths.funnel is not None else None
    statement = actors_sql(
        ctx,
        paths,
        period(ctx, query, "day"),
        funnel,
        fields.text(keys, "pathStartKey"),
        fields.text(keys, "pathEndKey"),
        fields.text(keys, "pathDropoffKey"),
    )
    return paths.group_type_index, ctx.execute(statement).rows
