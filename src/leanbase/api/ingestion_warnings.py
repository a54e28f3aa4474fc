"""What was wrong with events, by type, with the events to blame."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import Context
from leanbase.api.settling import settled
from leanbase.model.instants import iso
from leanbase.persons.warnings import summaries

router = APIRouter(tags=["ingestion warnings"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("ingestion_warning"))]
_DAY = 86_400_000_000


@router.get("/ingestion_warnings/")
def list_warnings(
    access: Access,
    context: Context,
    q: Annotated[str, Query(max_length=400)] = "",
    days: Annotated[int, Query(ge=1, le=90)] = 30,
) -> dict[str, Any]:
    """Warnings of the last days, the type seen last first; of each type the number, and the newest in full."""
    since = time.time_ns() // 1000 - days * _DAY
    with context.state.read() as connection:
        found = summaries(connection, access.project.id, since, q.strip())
    results = [
        {
            "type": summary.type,
            "lastSeen": iso(summary.last_seen),
            "count": summary.total,
            "warnings": [
                {"type": summary.type, "timestamp": iso(at), "details": details} for at, details in summary.warnings
            ],
        }
        for summary in found
    ]
    return {"next": None, "previous": None, "results": results}
