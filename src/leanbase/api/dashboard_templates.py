"""Dashboard templates in PostHog's shape. Make a dashboard of one with ``use_template``."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from leanbase.api.access import ProjectScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.errors import not_found
from leanbase.dashboards.template_list import TEMPLATES, find_template
from leanbase.dashboards.templates import Template

router = APIRouter(tags=["dashboards"], dependencies=[Depends(ProjectScope("dashboard", "read"))])


@router.get("/dashboard_templates/")
def list_templates(
    request: Request,
    limit: Limit = 100,
    offset: Offset = 0,
    search: Annotated[str, Query(max_length=400)] = "",
    scope: str = "global",
) -> dict[str, Any]:
    """The templates that come with the server; ``search`` looks at names, descriptions and tags."""
    found = [item for item in TEMPLATES if scope in ("", "global", "feature_flag") and _matches(item, search)]
    return page(request, [template_shape(item) for item in found[offset : offset + limit]], len(found), limit, offset)


@router.get("/dashboard_templates/{template_id}/")
def show_template(template_id: str) -> dict[str, Any]:
    """A template with its tiles and variables."""
    template = find_template(template_id)
    if template is None:
        raise not_found("There is no such dashboard template.")
    return template_shape(template)


def _matches(template: Template, search: str) -> bool:
    text = " ".join([template.name, template.description, *template.tags]).casefold()
    return all(word in text for word in search.casefold().split())


def template_shape(template: Template) -> dict[str, Any]:
    """A template with everything that a dashboard is made of; ``{ID}`` in queries stands for a variable's event."""
    return {
        "id": template.id,
        "template_name": template.name,
        "dashboard_description": template.description,
        "dashboard_filters": {},
        "tags": list(template.tags),
        "tiles": [
            {
                "type": "INSIGHT",
                "name": tile.name,
                "description": tile.description,
                "query": tile.query,
                "layouts": layouts,
                "color": None,
            }
            for tile, layouts in zip(template.tiles, template.layouts(), strict=True)
        ],
        "variables": [
            {
                "id": variable.id,
                "name": variable.name,
                "description": variable.description,
                "type": "event",
                "default": {"id": variable.default, "type": "events"},
                "required": variable.default is not None,
            }
            for variable in template.variables
        ],
        "deleted": False,
        "created_at": None,
        "created_by": None,
        "image_url": None,
        "team_id": None,
        "scope": "global",
        "is_featured": template.id == "activation",
        "availability_contexts": [],
    }
