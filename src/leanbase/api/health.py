"""Is everything all right with a project's data: what came, what was dropped and why, what waits, what it takes up."""

import platform
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.sdk.scripts import shipped_version
from leanbase.model.drop_reasons import DROP_REASONS
from leanbase.model.instants import iso
from leanbase.store.client import StoreError
from leanbase.store.sql import Sql

router = APIRouter(tags=["health"])
probes = APIRouter(tags=["health"], include_in_schema=False)

Access = Annotated[ProjectAccess, Depends(ProjectScope("health"))]

SAMPLES = 5  # shown of each reason
PAYLOAD_SHOWN = 4000  # bytes of a dead letter
STORED = """
SELECT count(), countIf(inserted_at > now64(6) - INTERVAL 1 DAY), countIf(inserted_at > now64(6) - INTERVAL 1 HOUR),
  toUnixTimestamp64Micro(max(inserted_at))
FROM events WHERE project_id = {project_id:UInt32}
"""


@router.get("/health/")
def show_health(access: Access, context: Context, days: Annotated[int, Query(ge=1, le=365)] = 7) -> dict[str, Any]:
    """Accepted and dropped events of the last ``days``, the backlog, the insert rate, disk use and versions."""
    pipeline, disk = context.pipeline, context.disk.measure()
    stored, store_problem = _stored(access.project.id, context)
    problems = [text for text in (store_problem, pipeline.last_error if pipeline else "") if text]
    return {
        "status": "ok" if not problems else "degraded",
        "problems": problems,
        "accepted": stored,
        "dropped": _dropped(access.project.id, days, context),
        "dead_letters": _count(context, "SELECT count(*) FROM dead_letters WHERE project_id = ?", access.project.id),
        "backlog": {
            "bytes": pipeline.backlog_bytes() if pipeline else 0,
            "seconds": round(pipeline.lag_seconds(), 3) if pipeline else 0.0,
        },
        "insert_rate": round(pipeline.events_per_second(), 3) if pipeline else 0.0,
        "disk": {"kinds": disk.kinds, "free": disk.free, "total": disk.total},
        "definitions": {
            "events": _count(context, "SELECT count(*) FROM event_definitions WHERE project_id = ?", access.project.id),
            "properties": _count(
                context, "SELECT count(*) FROM property_definitions WHERE project_id = ?", access.project.id
            ),
        },
        "versions": _versions(context),
    }


@router.get("/health/dead_letters/")
def list_dead_letters(
    request: Request, access: Access, context: Context, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Records that could not be processed, the newest first, with the reason and the start of what was sent."""
    total = _count(context, "SELECT count(*) FROM dead_letters WHERE project_id = ?", access.project.id)
    with context.state.read() as connection:
        rows = connection.execute(
            "SELECT id, received_at, reason, detail, substr(payload, 1, ?), length(payload) FROM dead_letters "
            "WHERE project_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
            (PAYLOAD_SHOWN, access.project.id, limit, offset),
        ).fetchall()
    letters = [
        {
            "id": key,
            "received_at": iso(received_at),
            "reason": reason,
            "detail": detail,
            "payload": bytes(payload).decode("utf-8", "replace"),
            "payload_bytes": size,
        }
        for key, received_at, reason, detail, payload, size in rows
    ]
    return page(request, letters, total, limit, offset)


@probes.get("/_readiness")
async def readiness(context: Context) -> Response:
    """200 when queries and the pipeline work, else 503."""
    ready = await run_in_threadpool(context.is_ready)
    return PlainTextResponse("ok" if ready else "not ready", 200 if ready else 503)


@probes.get("/_liveness")
async def liveness() -> Response:
    """200 as long as this process answers."""
    return PlainTextResponse("ok")


def _stored(project_id: int, context: ApiContext) -> tuple[dict[str, Any], str]:
    """Events in the store, and the problem when it does not answer."""
    try:
        ((total, day, hour, newest),) = context.store.query(Sql(STORED, {"project_id": project_id})).rows
    except StoreError as problem:
        return {"total": None, "last_day": None, "last_hour": None, "newest": None}, f"event store: {problem.name}"
    return {"total": total, "last_day": day, "last_hour": hour, "newest": iso(newest) if total else None}, ""


def _dropped(project_id: int, days: int, context: ApiContext) -> list[dict[str, Any]]:
    since = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d")
    with context.state.read() as connection:
        counts = connection.execute(
            "SELECT reason, sum(count) FROM dropped WHERE project_id = ? AND day >= ? "
            "GROUP BY reason ORDER BY 2 DESC, 1",
            (project_id, since),
        ).fetchall()
        return [
            {
                "reason": reason,
                "meaning": DROP_REASONS.get(reason, ""),
                "count": count,
                "samples": _samples(connection, project_id, reason),
            }
            for reason, count in counts
        ]


def _samples(connection: sqlite3.Connection, project_id: int, reason: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        "SELECT received_at, event, distinct_id, detail FROM dropped_samples "
        "WHERE project_id = ? AND reason = ? ORDER BY id DESC LIMIT ?",
        (project_id, reason, SAMPLES),
    )
    return [
        {"received_at": iso(received_at), "event": event, "distinct_id": distinct_id, "detail": detail}
        for received_at, event, distinct_id, detail in rows
    ]


def _count(context: ApiContext, statement: str, project_id: int) -> int:
    with context.state.read() as connection:
        return connection.execute(statement, (project_id,)).fetchone()[0]


def _versions(context: ApiContext) -> dict[str, str]:
    try:
        ((store,),) = context.store.query(Sql("SELECT version()")).rows
    except (StoreError, ValueError):
        store = "unknown"
    return {
        "leanbase": context.version,
        "event_store": str(store),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "posthog_js": shipped_version(context.sdk_dir) or "not built",
    }
