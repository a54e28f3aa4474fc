"""Steps that count only somebody's first event, looking back over all time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leanbase.query.errors import QueryError
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.scope import EventScope

_MATHS = ("total", "first_time_for_user", "first_time_for_user_with_filters")


def first_time_condition(
    scope: EventScope, funnel: FunnelQuery, node: Mapping[str, Any], number: int, until: datetime
) -> str | None:
    """The condition that an event is the one the step's ``math`` asks for; None without such a math.

    ``first_time_for_user``: the very first event of that name, which must then satisfy the filters.
    ``first_time_for_user_with_filters``: the first one that satisfies them.
    """
    math = node.get("math") or "total"
    if math not in _MATHS:
        raise QueryError(f"the math of a funnel step is one of {', '.join(_MATHS)}", attr=f"series.{number}.math")
    if math == "total":
        return None
    inner = EventScope(scope.ctx, scope.binder, f"f{number}")
    bare = {name: value for name, value in node.items() if name not in {"properties", "fixedProperties"}}
    looked_for = bare if math == "first_time_for_user" else node
    actor = inner.actor(funnel.group_type_index)
    where = [
        inner.between(None, until),
        inner.event_in([node]),
        inner.entity(looked_for, f"series.{number}"),
        *([f"{actor} != ''"] if funnel.group_type_index is not None else []),
    ]
    first = (
        f"SELECT {actor} AS actor, min({inner.column('timestamp')}) AS at FROM {inner.source()}"
        f" WHERE {' AND '.join(condition for condition in where if condition != '1')} GROUP BY actor"
    )
    return f"({scope.actor(funnel.group_type_index)}, {scope.column('timestamp')}) IN ({first})"
