"""Dashboards in PostHog's shapes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from leanbase.api.access import Id, ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.insight_results import NO_REFRESH, computed_fields
from leanbase.api.insight_shapes import dashboard_shapes, insight_shapes, tile_shape
from leanbase.api.noting import note
from leanbase.dashboards.boards import Boards, Dashboard, Tile, TooManyTiles
from leanbase.dashboards.insights import Insight, Insights
from leanbase.dashboards.sharing import SharedLinks
from leanbase.dashboards.template_list import TEMPLATES, find_template
from leanbase.dashboards.templates import TemplateProblem, put_on

router = APIRouter(tags=["dashboards"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("dashboard"))]


class TileBody(BaseModel):
    """What a client may set about a tile that is there."""

    id: int = Field(ge=1, lt=2**31)
    layouts: dict[str, Any] | None = None
    color: str | None = Field(None, max_length=40)
    filters_overrides: dict[str, Any] | None = None
    show_description: bool | None = None
    deleted: bool | None = None
    text: dict[str, Any] | None = None


class DashboardBody(BaseModel):
    """What a client may set about a dashboard."""

    name: str | None = Field(None, max_length=400)
    description: str | None = Field(None, max_length=10_000)
    pinned: bool | None = None
    deleted: bool | None = None
    filters: dict[str, Any] | None = None
    variables: dict[str, Any] | None = None
    breakdown_colors: list[Any] | None = None
    tags: list[Annotated[str, Field(max_length=255)]] | None = Field(None, max_length=100)
    tiles: list[TileBody] | None = None
    delete_insights: bool = False


class NewDashboard(DashboardBody):
    """``use_dashboard`` copies the tiles of another one; ``duplicate_tiles`` copies its insights too.

    ``use_template`` makes those of a template, by id or name, with ``template_variables`` (``{"VALUE": "paid"}``).
    """

    use_dashboard: int | None = Field(None, ge=1, lt=2**31)
    duplicate_tiles: bool = False
    use_template: str | None = Field(None, max_length=400)
    template_variables: dict[str, Any] = {}


@router.get("/dashboards/")
def list_dashboards(
    request: Request,
    access: Access,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    search: Annotated[str, Query(max_length=400)] = "",
    pinned: bool | None = None,
) -> dict[str, Any]:
    """Dashboards without tiles, pinned ones first."""
    found, total = Boards(context.appdb).page(access.project.id, search, pinned, limit, offset)
    shared = SharedLinks(context.appdb).enabled_dashboards(access.project.id)
    return page(request, dashboard_shapes(found, shared, context), total, limit, offset)


@router.post("/dashboards/", status_code=201)
def create_dashboard(body: NewDashboard, access: Access, context: Context) -> dict[str, Any]:
    """Make a dashboard: empty, as a copy of another one, or by a template."""
    boards = Boards(context.appdb)
    if body.use_template:
        made = _by_template(body, body.use_template, access, context)
        note(access, context, "Dashboard", None, made)
        return _full(made, access, context)
    source = None
    if body.use_dashboard is not None:
        source = find_dashboard(body.use_dashboard, access, context)
    mode = "default" if source is None else "duplicate"
    dashboard = boards.create(access.project.id, _values(body), access.user.id, mode)
    if source is not None:
        _copy_tiles(source, dashboard, body.duplicate_tiles, access, context)
    note(access, context, "Dashboard", None, dashboard)
    return _full(dashboard, access, context)


@router.get("/dashboards/widget_catalog/")
def list_widgets(_access: Access) -> dict[str, Any]:
    """Kinds of tiles beside insights and texts: there are none."""
    return {"results": []}


@router.get("/dashboards/{dashboard_id}/")
def show_dashboard(dashboard_id: Id, access: Access, context: Context, refresh: str = NO_REFRESH) -> dict[str, Any]:
    """A dashboard with its tiles and their results; ``refresh`` says whether they may be computed."""
    dashboard = find_dashboard(dashboard_id, access, context)
    Boards(context.appdb).note_view(dashboard)
    return _full(dashboard, access, context, refresh)


@router.patch("/dashboards/{dashboard_id}/")
def change_dashboard(dashboard_id: Id, body: DashboardBody, access: Access, context: Context) -> dict[str, Any]:
    """Change a dashboard and its tiles. With ``delete_insights`` and ``deleted`` its insights go too."""
    dashboard = find_dashboard(dashboard_id, access, context, also_deleted=True)
    boards, insights = Boards(context.appdb), Insights(context.appdb)
    for change in body.tiles or []:
        _change_tile(change, dashboard, boards)
    if body.deleted and body.delete_insights:
        for tile in boards.tiles(dashboard):
            insight = insights.find(access.project.id, tile.insight_id) if tile.insight_id else None
            if insight is not None:
                gone = insights.change(insight, {"deleted": True}, access.user.id)
                note(access, context, "Insight", insight, gone)
    changed = boards.change(dashboard, _values(body))
    note(access, context, "Dashboard", dashboard, changed)
    return _full(changed, access, context)


@router.get("/dashboards/{dashboard_id}/run_insights/")
def run_insights(dashboard_id: Id, access: Access, context: Context, refresh: str = "blocking") -> dict[str, Any]:
    """The results of all insights of a dashboard."""
    dashboard = find_dashboard(dashboard_id, access, context)
    tiles = dashboard_tiles(dashboard, access, context, refresh)
    return {"results": [tile["insight"] for tile in tiles if tile["insight"] is not None]}


def find_dashboard(
    dashboard_id: int, access: ProjectAccess, context: ApiContext, also_deleted: bool = False
) -> Dashboard:
    """The dashboard of this project. Raises 404."""
    found = Boards(context.appdb).find(access.project.id, dashboard_id)
    if found is None or (found.deleted and not also_deleted):
        raise not_found("There is no such dashboard.")
    return found


def dashboard_tiles(
    dashboard: Dashboard, access: ProjectAccess, context: ApiContext, refresh: str
) -> list[dict[str, Any]]:
    """The tiles with their insights and results, under the filters of the dashboard and of the tile."""
    tiles = Boards(context.appdb).tiles(dashboard)
    found = [Insights(context.appdb).find(access.project.id, tile.insight_id) for tile in tiles if tile.insight_id]
    present = [insight for insight in found if insight is not None]
    shapes = dict(zip((item.id for item in present), insight_shapes(present, context), strict=True))
    by_id = {item.id: item for item in present}
    return [
        tile_shape(tile, _with_result(tile, by_id, shapes, dashboard, access, context, refresh), order)
        for order, tile in enumerate(tiles)
    ]


def _with_result(
    tile: Tile,
    insights: dict[int, Insight],
    shapes: dict[int, dict[str, Any]],
    dashboard: Dashboard,
    access: ProjectAccess,
    context: ApiContext,
    refresh: str,
) -> dict[str, Any] | None:
    insight = insights.get(tile.insight_id or 0)
    if insight is None:
        return None
    overrides = {**dashboard.filters, **tile.filters_overrides}
    return {**shapes[insight.id], **computed_fields(insight, access, context, refresh, overrides)}


def _full(
    dashboard: Dashboard, access: ProjectAccess, context: ApiContext, refresh: str = NO_REFRESH
) -> dict[str, Any]:
    shared = SharedLinks(context.appdb).enabled_dashboards(access.project.id)
    (shape,) = dashboard_shapes([dashboard], shared, context)
    return {**shape, "tiles": dashboard_tiles(dashboard, access, context, refresh)}


def _by_template(body: NewDashboard, key: str, access: ProjectAccess, context: ApiContext) -> Dashboard:
    template = find_template(key)
    if template is None:
        known = ", ".join(item.id for item in TEMPLATES)
        raise invalid(f"There is no template {key!r}. Templates: {known}.", "use_template", "does_not_exist")
    if body.use_dashboard is not None:
        raise invalid("Send use_template or use_dashboard, not both.", "use_template")
    try:
        events = template.chosen(body.template_variables)
    except TemplateProblem as problem:
        raise invalid(str(problem), f"template_variables__{problem.variable}") from problem
    named = {"name": template.name, "description": template.description, "tags": list(template.tags)}
    given = {name: value for name, value in _values(body).items() if value}
    boards = Boards(context.appdb)
    dashboard = boards.create(access.project.id, {**named, **given}, access.user.id, "template")
    put_on(dashboard, template, events, access.user.id, boards, Insights(context.appdb))
    return dashboard


def _values(body: DashboardBody) -> dict[str, Any]:
    """What was sent; null resets a field."""
    given = body.model_dump(
        exclude_unset=True,
        exclude={
            "tiles", "delete_insights", "use_dashboard", "duplicate_tiles", "use_template", "template_variables",
        },
    )  # fmt: skip
    resets: dict[str, Any] = {
        "description": "", "pinned": False, "deleted": False, "filters": {}, "variables": {},
        "breakdown_colors": [], "tags": [],
    }  # fmt: skip
    return {name: resets.get(name) if value is None else value for name, value in given.items()}


def _change_tile(change: TileBody, dashboard: Dashboard, boards: Boards) -> None:
    tile = boards.tile(dashboard, change.id)
    if tile is None:
        raise invalid(f"There is no tile {change.id} on this dashboard.", "tiles", "does_not_exist")
    values = change.model_dump(exclude_unset=True, exclude={"id", "text"})
    for name, empty in (("layouts", {}), ("filters_overrides", {}), ("deleted", False)):
        if name in values and values[name] is None:
            values[name] = empty
    if change.text is not None and tile.insight_id is None:
        values["text_body"] = text_of(change.text.get("body"), "tiles")
    boards.change_tile(tile, values)


def text_of(body: Any, attr: str) -> str:
    """The text of a tile. Raises 400."""
    if not isinstance(body, str) or not 0 < len(body) <= 4000:
        raise invalid("A text tile needs a body of 1 to 4000 characters.", attr)
    return body


def _copy_tiles(
    source: Dashboard, target: Dashboard, with_insights: bool, access: ProjectAccess, context: ApiContext
) -> None:
    boards, insights = Boards(context.appdb), Insights(context.appdb)
    for tile in boards.tiles(source):
        insight_id = tile.insight_id
        original = insights.find(access.project.id, insight_id) if insight_id and with_insights else None
        if original is not None:
            copied = {name: getattr(original, name) for name in ("name", "description", "query", "tags")}
            insight_id = insights.create(access.project.id, copied, access.user.id).id
        values = {name: getattr(tile, name) for name in ("layouts", "color", "filters_overrides", "show_description")}
        try:
            boards.add_tile(target, insight_id, tile.text_body, values)
        except TooManyTiles as problem:
            raise invalid(str(problem), "tiles") from problem
