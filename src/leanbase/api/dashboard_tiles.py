"""Actions on single tiles of a dashboard."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from leanbase.api.access import Id
from leanbase.api.context import Context
from leanbase.api.dashboards import Access, find_dashboard, show_dashboard, text_of
from leanbase.api.errors import invalid
from leanbase.dashboards.boards import Boards, Dashboard, Tile, TooManyTiles

router = APIRouter(prefix="/dashboards/{dashboard_id}", tags=["dashboards"])


class TextTile(BaseModel):
    """A text in Markdown, and where it is."""

    body: str
    layouts: dict[str, Any] = {}
    color: str | None = Field(None, max_length=40)


class TextChange(BaseModel):
    """A new text for a tile."""

    tile_id: int = Field(ge=1, lt=2**31)
    body: str


class TileChoice(BaseModel):
    """One tile."""

    tile_id: int = Field(ge=1, lt=2**31)


class TileMove(BaseModel):
    """A tile, as ``tile_id`` or ``tile.id``, and the dashboard it goes to."""

    tile_id: int | None = Field(None, ge=1, lt=2**31)
    tile: dict[str, Any] | None = None
    to_dashboard: int = Field(ge=1, lt=2**31)


class TileCopy(BaseModel):
    """A tile of another dashboard that is to appear on this one."""

    tile_id: int = Field(ge=1, lt=2**31)
    from_dashboard: int = Field(ge=1, lt=2**31)


class TileOrder(BaseModel):
    """Ids of tiles in their new order."""

    tile_order: list[int] = Field(max_length=1000)


@router.post("/create_text_tile/", status_code=201)
def create_text_tile(dashboard_id: Id, body: TextTile, access: Access, context: Context) -> dict[str, Any]:
    """Add a text; answers the dashboard."""
    dashboard = find_dashboard(dashboard_id, access, context)
    values = {"layouts": body.layouts, "color": body.color}
    try:
        Boards(context.appdb).add_tile(dashboard, text_body=text_of(body.body, "body"), values=values)
    except TooManyTiles as problem:
        raise invalid(str(problem)) from problem
    return show_dashboard(dashboard_id, access, context)


@router.post("/update_text_tile/")
def update_text_tile(dashboard_id: Id, body: TextChange, access: Access, context: Context) -> dict[str, Any]:
    """Change a text; answers the dashboard."""
    dashboard, boards = find_dashboard(dashboard_id, access, context), Boards(context.appdb)
    tile = _tile(body.tile_id, dashboard, boards)
    if tile.insight_id is not None:
        raise invalid("This tile is an insight, not a text.", "tile_id")
    boards.change_tile(tile, {"text_body": text_of(body.body, "body")})
    return show_dashboard(dashboard_id, access, context)


@router.post("/delete_tile/")
def delete_tile(dashboard_id: Id, body: TileChoice, access: Access, context: Context) -> dict[str, Any]:
    """Take a tile off; its insight stays. Answers the dashboard."""
    dashboard, boards = find_dashboard(dashboard_id, access, context), Boards(context.appdb)
    boards.change_tile(_tile(body.tile_id, dashboard, boards), {"deleted": True})
    return show_dashboard(dashboard_id, access, context)


@router.patch("/move_tile/")
def move_tile(dashboard_id: Id, body: TileMove, access: Access, context: Context) -> dict[str, Any]:
    """Move a tile to another dashboard of the project; answers the dashboard it left."""
    dashboard, boards = find_dashboard(dashboard_id, access, context), Boards(context.appdb)
    named = body.tile_id if body.tile_id is not None else (body.tile or {}).get("id")
    if not isinstance(named, int):
        raise invalid("Send tile_id.", "tile_id", "required")
    tile, target = _tile(named, dashboard, boards), find_dashboard(body.to_dashboard, access, context)
    _copy(tile, target, boards)
    boards.change_tile(tile, {"deleted": True})
    return show_dashboard(dashboard_id, access, context)


@router.post("/copy_tile/")
def copy_tile(dashboard_id: Id, body: TileCopy, access: Access, context: Context) -> dict[str, Any]:
    """Show a tile of another dashboard here too; answers this dashboard."""
    target, boards = find_dashboard(dashboard_id, access, context), Boards(context.appdb)
    source = find_dashboard(body.from_dashboard, access, context)
    _copy(_tile(body.tile_id, source, boards), target, boards)
    return show_dashboard(dashboard_id, access, context)


@router.post("/reorder_tiles/")
def reorder_tiles(dashboard_id: Id, body: TileOrder, access: Access, context: Context) -> dict[str, Any]:
    """Put tiles first in this order; answers the dashboard."""
    dashboard, boards = find_dashboard(dashboard_id, access, context), Boards(context.appdb)
    for tile_id in body.tile_order:
        _tile(tile_id, dashboard, boards)
    boards.reorder(dashboard, body.tile_order)
    return show_dashboard(dashboard_id, access, context)


def _tile(tile_id: int, dashboard: Dashboard, boards: Boards) -> Tile:
    tile = boards.tile(dashboard, tile_id)
    if tile is None:
        raise invalid(f"There is no tile {tile_id} on this dashboard.", "tile_id", "does_not_exist")
    return tile


def _copy(tile: Tile, target: Dashboard, boards: Boards) -> None:
    values = {name: getattr(tile, name) for name in ("layouts", "color", "filters_overrides", "show_description")}
    try:
        boards.add_tile(target, tile.insight_id, tile.text_body, values)
    except TooManyTiles as problem:
        raise invalid(str(problem)) from problem
