"""The people of a funnel that is correlated: who completed, who did not, and when each was on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from leanbase.query import fields
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.funnels.actors import at_step, people_at_step
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.query import FunnelQuery, read_funnel


@dataclass(frozen=True, slots=True)
class People:
    """Actors with the times (microseconds) between which their events count, and whether they completed."""

    funnel: FunnelQuery
    over: Period
    actors: list[Any]
    begins: list[int]
    ends: list[int]
    completed: list[int]

    @property
    def successes(self) -> int:
        return sum(self.completed)

    @property
    def failures(self) -> int:
        return len(self.completed) - self.successes

    def sql(self, binder: Binder) -> str:
        """Rows (actor, begins, ends, completed)."""
        kind = "UInt64" if self.funnel.group_type_index is None else "String"
        parts = [
            binder(self.actors, f"Array({kind})"),
            binder(self.begins, "Array(Int64)"),
            binder(self.ends, "Array(Int64)"),
            binder(self.completed, "Array(UInt8)"),
        ]
        return (
            "SELECT who.1 AS actor, who.2 AS begins, who.3 AS ends, who.4 AS completed"
            f" FROM (SELECT arrayJoin(arrayZip({', '.join(parts)})) AS who)"
        )


def funnel_people(ctx: QueryContext, query: Mapping[str, Any]) -> People:
    """The people of a FunnelCorrelationQuery: everybody at the step its source names, the first by default.

    Raises :class:`QueryError`.
    """
    asked = fields.part(query, "source")
    funnel = replace(read_funnel(fields.part(asked, "source", "source.")), viz="steps")
    if funnel.aggregate_by:
        raise QueryError("correlation counts persons or groups, not an expression", attr="source.source.funnelsFilter")
    over = funnel_period(ctx, funnel)
    last = len(funnel.series)
    wanted = at_step(funnel, fields.whole(asked, "funnelStep", 1, -1000, 1000, "source."))
    found: dict[Any, tuple[int, int, int]] = {}
    for person in people_at_step(ctx, funnel, over, wanted, asked.get("funnelStepBreakdown")):
        begin = person.outcome.times[0]
        done = person.outcome.furthest == last
        end = person.outcome.times[-1] if done else begin + funnel.window
        if person.actor not in found or done:
            found[person.actor] = (begin, end, int(done))
    spans = list(found.values())
    return People(
        funnel,
        over,
        list(found),
        [span[0] for span in spans],
        [span[1] for span in spans],
        [span[2] for span in spans],
    )
