"""Organizations; their members are in ``members``."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from leanbase.api.access import Identity, UserScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import Context
from leanbase.api.members import membership
from leanbase.api.shapes import organization_shape

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
    return organization_shape(membership(organization_id, identity, context), identity, context)


@router.patch("/{organization_id}/")
def change_organization(
    organization_id: str, body: OrganizationChange, identity: Asker, context: Context
) -> dict[str, Any]:
    """Rename an organization."""
    found = membership(organization_id, identity, context)
    identity.need_admin(found.organization_id)
    context.auth.users.rename_organization(found.organization_id, body.name)
    renamed = replace(found, organization_name=body.name)
    return organization_shape(renamed, identity, context)


@router.get("/{organization_id}/roles/")
def list_roles(
    request: Request, organization_id: str, identity: Asker, context: Context, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """Roles that people made beside member, admin and owner: there are none."""
    membership(organization_id, identity, context)
    return page(request, [], 0, limit, offset)
