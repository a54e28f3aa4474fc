"""Organizations and their members."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from leanbase.api.access import Identity, UserScope, current_project
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import not_found
from leanbase.api.shapes import organization_shape, person_in_charge
from leanbase.auth.users import Membership
from leanbase.model.instants import iso

router = APIRouter(prefix="/api/organizations", tags=["organizations"])

Asker = Annotated[Identity, Depends(UserScope("organization"))]


class OrganizationChange(BaseModel):
    """What can be changed about an organization."""

    name: str = Field(min_length=1, max_length=64)


@router.get("/")
def list_organizations(
    request: Request, identity: Asker, context: Context, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """The organizations of the asking user."""
    joined = identity.user.memberships
    rows = [organization_shape(item, identity, context) for item in joined[offset : offset + limit]]
    return page(request, rows, len(joined), limit, offset)


@router.get("/{organization_id}/")
def show_organization(organization_id: str, identity: Asker, context: Context) -> dict[str, Any]:
    """An organization by id, or ``@current``."""
    return organization_shape(_membership(organization_id, identity, context), identity, context)


@router.patch("/{organization_id}/")
def change_organization(
    organization_id: str, body: OrganizationChange, identity: Asker, context: Context
) -> dict[str, Any]:
    """Rename an organization."""
    found = _membership(organization_id, identity, context)
    identity.need_admin(found.organization_id)
    context.auth.users.rename_organization(found.organization_id, body.name)
    renamed = Membership(found.organization_id, body.name, found.level)
    return organization_shape(renamed, identity, context)


@router.get("/{organization_id}/members/")
def list_members(
    organization_id: str,
    request: Request,
    identity: Annotated[Identity, Depends(UserScope("organization_member"))],
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The members of an organization."""
    found = _membership(organization_id, identity, context)
    members = context.auth.users.of_organization(found.organization_id)
    rows = [
        {
            "id": member.uuid,
            "user": person_in_charge(member),
            "level": member.level_in(found.organization_id),
            "joined_at": iso(member.created_at),
            "updated_at": iso(member.created_at),
            "is_2fa_enabled": False,
            "has_social_auth": False,
        }
        for member in members[offset : offset + limit]
    ]
    return page(request, rows, len(members), limit, offset)


def _membership(organization_id: str, identity: Identity, context: ApiContext) -> Membership:
    if organization_id == "@current":
        record = current_project(identity, context)
        joined = identity.user.memberships
        organization_id = record.organization_id if record else (joined[0].organization_id if joined else "")
    limits = identity.key.scoped_organizations if identity.key else ()
    for item in identity.user.memberships:
        if item.organization_id == organization_id and (not limits or organization_id in limits):
            return item
    raise not_found()
