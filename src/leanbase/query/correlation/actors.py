"""The people behind a row of a correlation."""

from collections.abc import Mapping
from typing import Any

from leanbase.query import fields
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.correlation.people import funnel_people
from leanbase.query.correlation.sql import actors_sql
from leanbase.query.errors import QueryError
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.scope import EventScope


def correlation_actors(ctx: QueryContext, asked: Mapping[str, Any]) -> tuple[FunnelQuery, list[Any]]:
    """The funnel and the actors of a FunnelCorrelationActorsQuery.

    ``funnelCorrelationPersonEntity`` names the event, ``funnelCorrelationPropertyValues`` the person properties, and
    ``funnelCorrelationPersonConverted`` ("true", "false" or absent) the side. Raises :class:`QueryError`.
    """
    people = funnel_people(ctx, fields.part(asked, "source", "source."))
    side = asked.get("funnelCorrelationPersonConverted")
    converted = None if side is None else str(side).lower() == "true"
    values = fields.objects(asked, "funnelCorrelationPropertyValues")
    if not values:
        entity = dict(fields.part(asked, "funnelCorrelationPersonEntity"))
        if not entity:
            raise QueryError(
                "people of a correlation need funnelCorrelationPersonEntity or funnelCorrelationPropertyValues",
                attr="source.funnelCorrelationPersonEntity",
            )
        return people.funnel, [row[0] for row in ctx.execute(actors_sql(ctx, people, entity, converted)).rows]
    pairs = zip(people.actors, people.completed, strict=True)
    kept = {actor for actor, done in pairs if converted is None or bool(done) == converted}
    return people.funnel, sorted(kept & _with_values(ctx, people.funnel, list(values)))


def _with_values(ctx: QueryContext, funnel: FunnelQuery, values: list[Mapping[str, Any]]) -> set[Any]:
    """Everybody of whom some event in the project satisfies the filters, which read the profile."""
    binder = Binder()
    scope = EventScope(ctx, binder)
    actor = scope.actor(funnel.group_type_index)
    where = f"{scope.between(None, None)} AND {scope.filters(values, 'funnelCorrelationPropertyValues')}"
    return {
        row[0] for row in ctx.execute(binder.sql(f"SELECT DISTINCT {actor} FROM {scope.source()} WHERE {where}")).rows
    }
