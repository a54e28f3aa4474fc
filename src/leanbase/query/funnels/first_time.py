"""Steps that count only somebody's first event, looking back over all time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leanbase.query.errors import QueryError
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.scope import EventScope

_MATHS = ("first_time_for_user", "first_time_for_user_with_filters")


def first_time_condition(
    scope: EventScope, funnel: FunnelQuery, node: Mapping[str, Any], number: int, until: datetime
) -> str | None:
    """The condition that an event is the one the step's ``math`` asks for; None without such a math.

    Other maths are ways to count events, which a funnel does not do: it has no use for them (PostHog's rule).

    ``first_time_for_user``: the very first event of that name, which must then satisfy the filters.
    ``first_time_for_user_with_filters``: the first one that satisfies them.
    """
    math = str(node.get("math") or "total")
    if not math.startswith("first_"):
        return None
    if math not in _MATHS:
        raise QueryError(
            f"a funnel step knows the first events {' and '.join(_MATHS)}", "invalid_choice", f"series.{number}.math"
        )
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
