"""CohortSizeQuery: how many persons the criteria of a cohort take in, before it is saved."""

from collections.abc import Mapping
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.cohorts.criteria import Criteria
from leanbase.query.context import QueryContext


def run_cohort_size(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``results``: the number of persons that ``filters`` ({properties, filterTestAccounts}) take in now.

    Cohorts that the criteria name count with the members they were last calculated with. Raises :class:`QueryError`
    with the place of what is wrong, as saving them does.
    """
    binder = Binder()
    members = Criteria(ctx, binder).members(query.get("filters"))
    persons = (
        f"SELECT p.pk FROM persons AS p FINAL WHERE p.project_id = {binder(ctx.project.id, 'UInt32')}"
        " AND NOT p.is_deleted"
    )
    text = f"SELECT count() FROM (({persons}) INTERSECT ({members}))"
    return {"results": int(ctx.execute(binder.sql(text)).rows[0][0])}
