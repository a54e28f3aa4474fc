"""Insights, dashboards and tiles as the API shows them."""

from collections.abc import Iterable, Sequence
from typing import Any

from leanbase.api.answers import iso_or_none
from leanbase.api.context import ApiContext
from leanbase.api.shapes import person_in_charge
from leanbase.dashboards.boards import Dashboard, Tile
from leanbase.dashboards.insights import Insight, Insights
from leanbase.model.instants import iso

MAY_EDIT = {
    "user_access_level": "manager",
    "effective_restriction_level": 21,  # PostHog's numbers: everyone in the project may edit
    "effective_privilege_level": 37,
}


class Authors:
    """Users by id, each looked up once per answer."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._known: dict[int, dict[str, Any] | None] = {}

    def __call__(self, user_id: int | None) -> dict[str, Any] | None:
        if user_id is None:
            return None
        if user_id not in self._known:
            self._known[user_id] = person_in_charge(self._context.auth.users.find(user_id))
        return self._known[user_id]


def insight_shapes(insights: Sequence[Insight], context: ApiContext) -> list[dict[str, Any]]:
    """Insights without what is computed."""
    placements = Insights(context.appdb).placements([item.id for item in insights])
    authors = Authors(context)
    return [
        {
            "id": item.id,
            "short_id": item.short_id,
            "name": item.name,
            "derived_name": item.derived_name,
            "query": item.query,
            "order": None,
            "deleted": item.deleted,
            "saved": item.saved,
            "dashboards": [place.dashboard_id for place in placements.get(item.id, [])],
            "dashboard_tiles": [
                {"id": place.tile_id, "dashboard_id": place.dashboard_id, "deleted": place.deleted}
                for place in placements.get(item.id, [])
            ],
            "description": item.description,
            "tags": item.tags,
            "favorited": item.favorited,
            "is_sample": False,
            "created_at": iso(item.created_at),
            "created_by": authors(item.created_by),
            "updated_at": iso(item.updated_at),
            "last_modified_at": iso(item.last_modified_at),
            "last_modified_by": authors(item.last_modified_by),
            "last_viewed_at": iso_or_none(item.last_viewed_at),
            "alerts": [],
            **MAY_EDIT,
        }
        for item in insights
    ]


def dashboard_shapes(dashboards: Iterable[Dashboard], shared: set[int], context: ApiContext) -> list[dict[str, Any]]:
    """Dashboards without tiles."""
    authors = Authors(context)
    return [
        {
            "id": item.id,
            "name": item.name,
            "description": item.description,
            "pinned": item.pinned,
            "created_at": iso(item.created_at),
            "created_by": authors(item.created_by),
            "last_accessed_at": iso_or_none(item.last_viewed_at),
            "last_viewed_at": iso_or_none(item.last_viewed_at),
            "last_refresh": None,
            "is_shared": item.id in shared,
            "deleted": item.deleted,
            "creation_mode": item.creation_mode,
            "filters": item.filters,
            "variables": item.variables,
            "persisted_filters": item.filters or None,
            "persisted_variables": item.variables or None,
            "breakdown_colors": item.breakdown_colors,
            "data_color_theme_id": None,
            "tags": item.tags,
            "restriction_level": 21,
            "access_control_version": "v2",
            "team_id": item.project_id,
            **MAY_EDIT,
        }
        for item in dashboards
    ]


def tile_shape(tile: Tile, insight: dict[str, Any] | None, order: int) -> dict[str, Any]:
    """A tile; ``insight`` is the whole shape of its insight."""
    return {
        "id": tile.id,
        "layouts": tile.layouts,
        "color": tile.color,
        "insight": insight,
        "text": {"body": tile.text_body} if tile.insight_id is None else None,
        "filters_overrides": tile.filters_overrides,
        "show_description": tile.show_description,
        "is_cached": bool(insight and insight.get("is_cached")),
        "last_refresh": insight.get("last_refresh") if insight else None,
        "order": order,
    }
