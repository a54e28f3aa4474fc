"""Personal API keys of the signed-in user."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from leanbase.api.access import CurrentUser, Identity
from leanbase.api.answers import iso_or_none
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.shapes import person_in_charge
from leanbase.auth import scopes as known_scopes
from leanbase.auth.personal_keys import PersonalKey

router = APIRouter(prefix="/api/personal_api_keys", tags=["personal API keys"])


def key_manager(identity: CurrentUser) -> Identity:
    """A session, or a key of all scopes: a leaked key with few scopes must not make one with more. Raises 403."""
    identity.need("*")
    return identity


KeyManager = Annotated[Identity, Depends(key_manager)]

MAX_KEYS = 100  # of one user; more are a mistake in a script


class NewKey(BaseModel):
    """A key to make. Without scopes it may do what its user may."""

    label: str = Field(min_length=1, max_length=40)
    scopes: list[str] = ["*"]
    scoped_teams: list[int] | None = None
    scoped_organizations: list[str] | None = None


class KeyChange(BaseModel):
    """What can be changed about a key."""

    label: str | None = Field(None, min_length=1, max_length=40)
    scopes: list[str] | None = None
    scoped_teams: list[int] | None = None
    scoped_organizations: list[str] | None = None


@router.get("/")
def list_keys(identity: KeyManager, context: Context) -> list[dict[str, Any]]:
    """One's own keys, without their values."""
    return [_shape(key, identity) for key in context.auth.keys.list(identity.user.id)]


@router.get("/@current/")
def show_current(identity: CurrentUser) -> dict[str, Any]:
    """The key that signs this request. 404 for a session."""
    if identity.key is None:
        raise not_found("This request was not signed by a personal API key.")
    return _shape(identity.key, identity)


@router.post("/", status_code=201)
def create_key(body: NewKey, identity: KeyManager, context: Context) -> dict[str, Any]:
    """Make a key. Its value is in this answer only."""
    _check(body.scopes, body.scoped_teams, body.scoped_organizations, identity, context)
    if len(context.auth.keys.list(identity.user.id)) >= MAX_KEYS:
        raise invalid(f"A user can have {MAX_KEYS} keys. Delete one first.")
    key, value = context.auth.keys.create(
        identity.user.id, body.label, body.scopes, body.scoped_teams or (), body.scoped_organizations or ()
    )
    return {**_shape(key, identity), "value": value}


@router.get("/{key_id}/")
def show_key(key_id: str, identity: KeyManager, context: Context) -> dict[str, Any]:
    return _shape(_find(key_id, identity, context), identity)


@router.patch("/{key_id}/")
def change_key(key_id: str, body: KeyChange, identity: KeyManager, context: Context) -> dict[str, Any]:
    """Change a key's label, scopes or limits; its value stays."""
    key = _find(key_id, identity, context)
    given = body.model_fields_set
    scopes = body.scopes if body.scopes is not None else list(key.scopes)
    projects = body.scoped_teams if "scoped_teams" in given else list(key.scoped_projects)
    organizations = body.scoped_organizations if "scoped_organizations" in given else list(key.scoped_organizations)
    _check(scopes, projects, organizations, identity, context)
    context.auth.keys.change(key, body.label or key.label, scopes, projects or (), organizations or ())
    return _shape(_find(key_id, identity, context), identity)


@router.post("/{key_id}/roll/")
def roll_key(key_id: str, identity: KeyManager, context: Context) -> dict[str, Any]:
    """Replace the value of a key. The new one is in this answer only."""
    key = _find(key_id, identity, context)
    value = context.auth.keys.roll(key)
    return {**_shape(_find(key_id, identity, context), identity), "value": value}


@router.delete("/{key_id}/", status_code=204)
def delete_key(key_id: str, identity: KeyManager, context: Context) -> Response:
    """Withdraw a key at once."""
    context.auth.keys.delete(_find(key_id, identity, context))
    return Response(status_code=204)


def _find(key_id: str, identity: Identity, context: ApiContext) -> PersonalKey:
    key = context.auth.keys.find(identity.user.id, key_id)
    if key is None:
        raise not_found()
    return key


def _check(
    scopes: list[str],
    projects: list[int] | None,
    organizations: list[str] | None,
    identity: Identity,
    context: ApiContext,
) -> None:
    if not scopes:
        raise invalid("A key needs at least one scope.", "scopes", "required")
    wrong = known_scopes.unknown(scopes)
    if wrong is not None:
        raise invalid(f"{wrong!r} is no scope. A scope is object:read or object:write, or *.", "scopes")
    for project_id in projects or ():
        record = context.projects.record(project_id)
        if record is None or not identity.sees(record):
            raise invalid(f"There is no project {project_id}, or it is not yours.", "scoped_teams")
    for organization_id in organizations or ():
        if identity.user.level_in(organization_id) == 0:
            raise invalid(f"There is no organization {organization_id}, or it is not yours.", "scoped_organizations")


def _shape(key: PersonalKey, identity: Identity) -> dict[str, Any]:
    return {
        "id": key.id,
        "label": key.label,
        "value": None,
        "mask_value": key.mask,
        "created_at": iso_or_none(key.created_at),
        "last_used_at": iso_or_none(key.last_used_at),
        "last_rolled_at": iso_or_none(key.last_rolled_at),
        "user_id": identity.user.id,
        "user": person_in_charge(identity.user),
        "scopes": list(key.scopes),
        "scoped_teams": list(key.scoped_projects),
        "scoped_organizations": list(key.scoped_organizations),
    }
