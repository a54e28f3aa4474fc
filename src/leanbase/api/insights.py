"""Saved insights in PostHog's shapes."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, moment_of, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.insight_results import NO_REFRESH, computed_fields
from leanbase.api.insight_shapes import insight_shapes
from leanbase.api.noting import note
from leanbase.dashboards.boards import Boards, Dashboard, TooManyTiles
from leanbase.dashboards.insights import Insight, Insights, InsightWishes
from leanbase.model.instants import now_us

router = APIRouter(tags=["insights"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("insight"))]
MAX_QUERY_BYTES = 256 * 1024


class InsightBody(BaseModel):
    """What a client may set. Deleting is ``{"deleted": true}``."""

    name: str | None = Field(None, max_length=400)
    description: str | None = Field(None, max_length=10_000)
    query: dict[str, Any] | None = None
    tags: list[Annotated[str, Field(max_length=255)]] | None = Field(None, max_length=100)
    favorited: bool | None = None
    saved: bool | None = None
    deleted: bool | None = None
    dashboards: list[int] | None = Field(None, max_length=100)


@router.get("/insights/")
def list_insights(
    request: Request,
    access: Access,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    short_id: str | None = None,
    search: Annotated[str, Query(max_length=400)] = "",
    saved: bool | None = None,
    favorited: bool | None = None,
    insight: str | None = None,
    tags: str = "",
    created_by: str = "",
    dashboards: str = "",
    date_from: str = "",
    date_to: str = "",
    refresh: str = NO_REFRESH,
) -> dict[str, Any]:
    """Saved insights, those changed last first. ``insight`` is a kind of query (TRENDS, FUNNELS, SQL …)."""
    wishes = InsightWishes(
        short_id=short_id,
        search=search,
        saved=saved,
        favorited=favorited or None,
        kind=KINDS.get(insight.upper(), insight) if insight else None,
        tags=[tag for tag in tags.split(",") if tag],
        created_by=_numbers(created_by, "created_by"),
        dashboards=_numbers(dashboards, "dashboards"),
        changed_after=_moment(date_from, "date_from"),
        changed_before=_moment(date_to, "date_to"),
    )
    insights = Insights(context.appdb)
    found, total = insights.page(access.project.id, wishes, limit, offset)
    shapes = insight_shapes(found, context)
    for item, shape in zip(found, shapes, strict=True):
        shape.update(computed_fields(item, access, context, refresh))
    return page(request, shapes, total, limit, offset)


KINDS = {  # the words of the older filter -> kinds of queries
    "TRENDS": "TrendsQuery",
    "FUNNELS": "FunnelsQuery",
    "RETENTION": "RetentionQuery",
    "PATHS": "PathsQuery",
    "STICKINESS": "StickinessQuery",
    "LIFECYCLE": "LifecycleQuery",
    "SQL": "HogQLQuery",
}


@router.post("/insights/", status_code=201)
def create_insight(body: InsightBody, access: Access, context: Context) -> dict[str, Any]:
    """Save an insight, and put it on dashboards if asked to."""
    values = _values(body)
    boards = _boards(body.dashboards or [], access, context)
    insight = Insights(context.appdb).create(access.project.id, values, access.user.id)
    _place(insight, boards, context)
    note(access, context, "Insight", None, insight)
    return _full(insight, access, context)


TRENDING_DAYS = 7


@router.get("/insights/trending/")
def trending_insights(
    request: Request,
    access: Access,
    context: Context,
    limit: Limit = 10,
    days: Annotated[int, Query(ge=1, le=365)] = TRENDING_DAYS,
) -> dict[str, Any]:
    """Saved insights that somebody looked at in the last days, those seen last first."""
    since = now_us() - days * 86_400_000_000
    found, _ = Insights(context.appdb).page(access.project.id, InsightWishes(saved=True))
    seen = [item for item in found if (item.last_viewed_at or 0) >= since]
    seen.sort(key=lambda item: -(item.last_viewed_at or 0))
    shapes = insight_shapes(seen[:limit], context)
    for item, shape in zip(seen, shapes, strict=False):
        shape.update(computed_fields(item, access, context))
    return page(request, shapes, len(seen), limit, 0)


@router.get("/insights/{insight_id}/")
def show_insight(
    insight_id: str,
    access: Access,
    context: Context,
    refresh: str = NO_REFRESH,
    from_dashboard: int | None = None,
) -> dict[str, Any]:
    """An insight by id or short id, with its result: ``refresh`` says whether it may be computed.

    ``from_dashboard`` applies the filters of that dashboard.
    """
    insight = find_insight(insight_id, access, context)
    overrides: dict[str, Any] = {}
    if from_dashboard is not None:
        overrides = _boards([from_dashboard], access, context)[0].filters
    Insights(context.appdb).note_view(insight)
    return _full(insight, access, context, refresh, overrides)


@router.patch("/insights/{insight_id}/")
def change_insight(insight_id: str, body: InsightBody, access: Access, context: Context) -> dict[str, Any]:
    """Change an insight; ``dashboards`` says on which dashboards it is from now on."""
    insight = find_insight(insight_id, access, context, also_deleted=True)
    boards = None if body.dashboards is None else _boards(body.dashboards, access, context)
    changed = Insights(context.appdb).change(insight, _values(body), access.user.id)
    note(access, context, "Insight", insight, changed)
    if boards is not None:
        _place(changed, boards, context)
    return _full(changed, access, context)


@router.post("/insights/{insight_id}/duplicate/", status_code=201)
def duplicate_insight(insight_id: str, access: Access, context: Context) -> dict[str, Any]:
    """A copy of an insight, on no dashboard."""
    source = find_insight(insight_id, access, context)
    values = {
        "name": f"{source.name} (copy)" if source.name else None,
        "description": source.description,
        "query": source.query,
        "tags": source.tags,
    }
    copy = Insights(context.appdb).create(access.project.id, values, access.user.id)
    note(access, context, "Insight", None, copy)
    return _full(copy, access, context)


@router.post("/insights/{insight_id}/viewed/", status_code=201)
def view_insight(insight_id: str, access: Access, context: Context) -> dict[str, Any]:
    """Somebody looked at an insight whose result did not come from here."""
    Insights(context.appdb).note_view(find_insight(insight_id, access, context))
    return {}


def find_insight(insight_id: str, access: ProjectAccess, context: ApiContext, also_deleted: bool = False) -> Insight:
    """The insight of this project by id or short id. Raises 404."""
    found = Insights(context.appdb).find(access.project.id, insight_id)
    if found is None or (found.deleted and not also_deleted):
        raise not_found("There is no such insight.")
    return found


def _full(
    insight: Insight,
    access: ProjectAccess,
    context: ApiContext,
    refresh: str = NO_REFRESH,
    overrides: dict[str, Any] | None = None,
) -> dict[str, Any]:
    (shape,) = insight_shapes([insight], context)
    return {**shape, **computed_fields(insight, access, context, refresh, overrides)}


def _values(body: InsightBody) -> dict[str, Any]:
    """What was sent, checked; null resets a field."""
    given = body.model_dump(exclude_unset=True, exclude={"dashboards"})
    query = given.get("query")
    if query is not None:
        check_query(query)
    resets = {"description": "", "tags": [], "favorited": False, "saved": True, "deleted": False}
    return {name: resets.get(name) if value is None else value for name, value in given.items()}


def check_query(query: dict[str, Any]) -> None:
    """Raise 400 unless this has the outer form of a query."""
    if not isinstance(query.get("kind"), str):
        raise invalid('A query needs a kind, such as {"kind": "TrendsQuery", …}.', "query")
    if len(repr(query)) > MAX_QUERY_BYTES:
        raise invalid(f"The query is larger than {MAX_QUERY_BYTES} bytes.", "query")


def _boards(ids: list[int], access: ProjectAccess, context: ApiContext) -> list[Dashboard]:
    found: list[Dashboard] = []
    for dashboard_id in ids:
        dashboard = Boards(context.appdb).find(access.project.id, dashboard_id) if 0 < dashboard_id < 2**31 else None
        if dashboard is None or dashboard.deleted:
            raise invalid(f"There is no dashboard {dashboard_id} in this project.", "dashboards", "does_not_exist")
        found.append(dashboard)
    return found


def _place(insight: Insight, boards: list[Dashboard], context: ApiContext) -> None:
    placements = Insights(context.appdb).placements([insight.id]).get(insight.id, [])
    try:
        Boards(context.appdb).place(insight.id, boards, [item.dashboard_id for item in placements])
    except TooManyTiles as problem:
        raise invalid(str(problem), "dashboards") from problem


def _numbers(text: str, attr: str) -> list[int]:
    parts = [part.strip() for part in text.strip("[]").split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise invalid("Must be a list of ids.", attr)
    return [int(part) for part in parts]


def _moment(text: str, attr: str) -> int | None:
    """An ISO time, or PostHog's ``-7d`` and ``all``."""
    if not text or text == "all":
        return None
    if text.startswith("-") and text.endswith("d") and text[1:-1].isdigit() and len(text) < 8:
        return int(datetime.now(UTC).timestamp() * 1_000_000) - int(text[1:-1]) * 86_400_000_000
    return moment_of(text, attr)
