"""Membership in a cohort as SQL. Members are read by today's person, so merges carry them along."""

from typing import TYPE_CHECKING, Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.person_mode import overridden_pk

if TYPE_CHECKING:
    from leanbase.query.scope import EventScope


def cohort_condition(scope: "EventScope", cohort: Any, attr: str | None = None) -> str:
    """Whether the event's person is in the cohort, by id or name. Raises :class:`QueryError` when there is none."""
    return f"{scope.actor()} IN ({cohort_members(scope.ctx, scope.binder, cohort, attr)})"


def cohort_members(ctx: QueryContext, binder: Binder, cohort: Any, attr: str | None = None) -> str:
    """A SELECT of the keys (UInt64) of the persons in a cohort of the project."""
    found = ctx.cohorts.find(cohort) if isinstance(cohort, (int, str)) and not isinstance(cohort, bool) else None
    if found is None:
        raise QueryError(f"there is no cohort {cohort!r} in this project", "does_not_exist", attr)
    return (
        f"SELECT {overridden_pk('m')} FROM cohort_people AS m WHERE m.project_id = {binder(ctx.project.id, 'UInt32')}"
        f" AND m.cohort_id = {binder(found[0], 'UInt64')} AND NOT m.is_deleted"
    )
