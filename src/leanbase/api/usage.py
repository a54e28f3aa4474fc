"""What a project uses, by day: anonymous and identified events, flag calls, exceptions and recordings, apart."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import Context
from leanbase.api.errors import invalid
from leanbase.api.settling import settled
from leanbase.persons import usage

router = APIRouter(tags=["usage"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("usage"))]
_MOST_DAYS = 400


@router.get("/usage/")
def show_usage(
    access: Access, context: Context, date_from: date | None = None, date_to: date | None = None
) -> dict[str, Any]:
    """Counts of each day (UTC, of receipt) from ``date_from`` to ``date_to``, both included; the last 30 by default."""
    last = date_to or datetime.now(UTC).date()
    if date_from is None and last.toordinal() <= 29:
        raise invalid("date_to is too early.", "date_to")
    first = date_from or last - timedelta(days=29)
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise invalid(f"date_from must be at most {_MOST_DAYS} days before date_to.", "date_from")
    with context.state.read() as connection:
        found = usage.by_day(connection, access.project.id, first.isoformat(), last.isoformat())
    days = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    counts = [{kind: found.get(day, {}).get(kind, 0) for kind in usage.KINDS} for day in days]
    results = [{"date": day, **row} for day, row in zip(days, counts, strict=True)]
    totals = {kind: sum(row[kind] for row in counts) for kind in usage.KINDS}
    return {"date_from": days[0], "date_to": days[-1], "results": results, "totals": totals}
