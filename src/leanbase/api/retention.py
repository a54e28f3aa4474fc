"""How long events are kept: what is stored, what the limits would remove, and removing it now."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import Context
from leanbase.model.drop_reasons import DROP_REASONS
from leanbase.model.project import Project
from leanbase.projects.retention import Excess, Stored, excesses, limits
from leanbase.projects.settings import MAX_RETENTION_BYTES, MAX_RETENTION_DAYS, MIN_RETENTION_BYTES

router = APIRouter(tags=["projects"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("project"))]
Days = Annotated[int | None, Query(ge=1, le=MAX_RETENTION_DAYS)]
Bytes = Annotated[int | None, Query(ge=MIN_RETENTION_BYTES, le=MAX_RETENTION_BYTES)]


@router.get("/event_retention/")
def show_retention(access: Access, context: Context, days: Days = None, bytes: Bytes = None) -> dict[str, Any]:
    """What is stored and what the limits would remove; ``days`` and ``bytes`` try others than those that are set."""
    project = access.project
    if days is not None or bytes is not None:
        tried = {"event_retention_days": days, "event_retention_bytes": bytes}
        project = msgspec.structs.replace(project, settings={**project.settings, **tried})
    stored = context.retention.stored(project)
    return _shape(project, stored, excesses(stored, project, datetime.now(UTC)))


@router.post("/event_retention/apply/")
def apply_retention(access: Access, context: Context) -> dict[str, Any]:
    """Remove what is beyond the limits now instead of tonight. ``excess`` is what was removed."""
    access.identity.need_admin(access.record.organization_id)
    removed = context.retention.remove_excess(access.project, datetime.now(UTC))
    if removed and context.queries is not None:
        context.queries.forget()
    return _shape(access.project, context.retention.stored(access.project), removed)


def _shape(project: Project, stored: list[Stored], found: list[Excess]) -> dict[str, Any]:
    days, most = limits(project)
    return {
        "days": days,
        "bytes": most,
        "stored_events": sum(one.events for one in stored),
        "stored_bytes": sum(one.bytes for one in stored),
        "oldest_day": min(one.day for one in stored).isoformat() if stored else None,
        "excess": [
            {
                "reason": one.reason,
                "meaning": DROP_REASONS[one.reason],
                "before": one.before.isoformat(),
                "events": one.events,
            }
            for one in found
        ],
    }
