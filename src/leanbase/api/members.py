"""Members of an organization, their roles, and invitations by link: there is no mail to depend on."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import Identity, UserScope, current_project
from leanbase.api.address import own_address
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid, not_found
from leanbase.api.shapes import person_in_charge
from leanbase.auth.invitations import Invitation
from leanbase.auth.members import LastOwner
from leanbase.auth.users import ADMIN, MEMBER, Membership, User
from leanbase.model.instants import iso

router = APIRouter(prefix="/api/organizations/{organization_id}", tags=["organizations"])

Asker = Annotated[Identity, Depends(UserScope("organization_member"))]
Level = Literal[1, 8, 15]


class LevelChange(BaseModel):
    """1 for a member, 8 for an admin, 15 for an owner."""

    level: Level


class NewInvite(BaseModel):
    """Whom to invite, and as what."""

    target_email: str = Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    level: Level = MEMBER


def membership(organization_id: str, identity: Identity, context: ApiContext) -> Membership:
    """The asking user's membership in the organization of a path; ``@current`` is that of their project. Raises 404."""
    if organization_id == "@current":
        record = current_project(identity, context)
        joined = identity.user.memberships
        organization_id = record.organization_id if record else (joined[0].organization_id if joined else "")
    limits = identity.key.scoped_organizations if identity.key else ()
    for item in identity.user.memberships:
        if item.organization_id == organization_id and (not limits or organization_id in limits):
            return item
    raise not_found()


@router.get("/members/")
def list_members(
    organization_id: str,
    request: Request,
    identity: Asker,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The members of an organization."""
    mine = membership(organization_id, identity, context)
    members = context.auth.users.of_organization(mine.organization_id)
    rows = [_member(member, mine.organization_id) for member in members[offset : offset + limit]]
    return page(request, rows, len(members), limit, offset)


@router.patch("/members/{user_uuid}/")
def change_member(
    organization_id: str, user_uuid: str, body: LevelChange, identity: Asker, context: Context
) -> dict[str, Any]:
    """Change what a member may do. Nobody gives or takes more than they have, and an owner remains."""
    mine, member = _manageable(organization_id, user_uuid, identity, context)
    if body.level > mine.level:
        raise ApiError(403, "You cannot give a role that is above your own.")
    try:
        context.auth.members.set_level(mine.organization_id, member.id, body.level)
    except LastOwner as problem:
        raise invalid(str(problem), "level", "last_owner") from problem
    return _member(context.auth.users.need(member.id), mine.organization_id)


@router.delete("/members/{user_uuid}/", status_code=204)
def remove_member(organization_id: str, user_uuid: str, identity: Asker, context: Context) -> Response:
    """Remove a member, or leave. Their keys and sessions see nothing of the organization from now on."""
    if user_uuid == identity.user.uuid:
        mine, member = membership(organization_id, identity, context), identity.user
    else:
        mine, member = _manageable(organization_id, user_uuid, identity, context)
    try:
        context.auth.members.remove(mine.organization_id, member.id)
    except LastOwner as problem:
        raise invalid(str(problem), None, "last_owner") from problem
    return Response(status_code=204)


@router.get("/invites/")
def list_invites(
    organization_id: str, request: Request, identity: Asker, context: Context, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """Invitations that wait to be accepted. Their links were shown when they were made."""
    mine = membership(organization_id, identity, context)
    found = context.auth.invitations.list(mine.organization_id)
    rows = [_invite(item, context) for item in found[offset : offset + limit]]
    return page(request, rows, len(found), limit, offset)


@router.post("/invites/", status_code=201)
def create_invite(
    organization_id: str, body: NewInvite, request: Request, identity: Asker, context: Context
) -> dict[str, Any]:
    """Invite somebody. ``link`` is in this answer only; whoever opens it within a week becomes a member, once."""
    mine = _as_admin(organization_id, identity, context)
    if body.level > mine.level:
        raise ApiError(403, "You cannot give a role that is above your own.")
    known = context.auth.users.by_email(body.target_email)
    if known is not None and known.level_in(mine.organization_id):
        raise invalid("This address belongs to a member already.", "target_email", "unique")
    made, secret = context.auth.invitations.create(
        mine.organization_id, body.target_email, body.level, identity.user.id
    )
    item = next(one for one in context.auth.invitations.list(mine.organization_id) if one.id == made)
    return {**_invite(item, context), "link": f"{own_address(request, context)}/invite/{secret}"}


@router.delete("/invites/{invite_id}/", status_code=204)
def delete_invite(organization_id: str, invite_id: str, identity: Asker, context: Context) -> Response:
    """Withdraw an invitation; its link opens nothing from now on."""
    mine = _as_admin(organization_id, identity, context)
    if not context.auth.invitations.delete(mine.organization_id, invite_id):
        raise not_found()
    return Response(status_code=204)


def _as_admin(organization_id: str, identity: Identity, context: ApiContext) -> Membership:
    mine = membership(organization_id, identity, context)
    if mine.level < ADMIN:
        raise ApiError(403, "Only an admin of the organization may do this.")
    return mine


def _manageable(
    organization_id: str, user_uuid: str, identity: Identity, context: ApiContext
) -> tuple[Membership, User]:
    """The asking admin's membership, and a member who is not above them."""
    mine = _as_admin(organization_id, identity, context)
    member = context.auth.users.by_uuid(user_uuid)
    if member is None or not member.level_in(mine.organization_id):
        raise not_found()
    if member.level_in(mine.organization_id) > mine.level:
        raise ApiError(403, "This member's role is above your own.")
    return mine, member


def _member(member: User, organization_id: str) -> dict[str, Any]:
    joined = next(item for item in member.memberships if item.organization_id == organization_id)
    return {
        "id": member.uuid,
        "user": person_in_charge(member),
        "level": joined.level,
        "joined_at": iso(joined.joined_at),
        "updated_at": iso(joined.joined_at),
        "is_2fa_enabled": False,
        "has_social_auth": False,
    }


def _invite(item: Invitation, context: ApiContext) -> dict[str, Any]:
    author = context.auth.users.find(item.created_by) if item.created_by else None
    return {
        "id": item.id,
        "target_email": item.email,
        "level": item.level,
        "created_by": person_in_charge(author),
        "created_at": iso(item.created_at),
        "expires_at": iso(item.expires_at),
        "is_expired": False,
        "emailing_attempt_made": False,
    }
