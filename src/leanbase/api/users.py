"""The signed-in user: who am I, change my name, my password and the project I work in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from leanbase.api.access import Identity, UserScope, project_of_path
from leanbase.api.context import Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.shapes import person_in_charge, user_shape
from leanbase.auth.passwords import WeakPassword
from leanbase.auth.users import EmailTaken
from leanbase.model.instants import iso

router = APIRouter(prefix="/api/users", tags=["users"])

Asker = Annotated[Identity, Depends(UserScope("user"))]


class UserChange(BaseModel):
    """What a user may change about themselves. A new password or address needs the current password."""

    first_name: str | None = Field(None, max_length=150)
    last_name: str | None = Field(None, max_length=150)
    email: str | None = Field(None, max_length=254)
    password: str | None = Field(None, max_length=1024)
    current_password: str | None = Field(None, max_length=1024)
    set_current_team: int | None = Field(None, ge=1)


@router.get("/@me/")
def show_me(identity: Asker, context: Context) -> dict[str, Any]:
    """The asking user, their organization and the project they work in."""
    return user_shape(identity, context)


@router.patch("/@me/")
def change_me(body: UserChange, identity: Asker, context: Context) -> dict[str, Any]:
    """Change one's own name, address, password or current project. Other sessions end with a new password."""
    users, user = context.auth.users, identity.user
    if (body.password is not None or body.email is not None) and (
        users.sign_in(user.email, body.current_password or "") is None
    ):
        raise invalid("The current password is wrong.", "current_password", "incorrect_password")
    values: dict[str, Any] = body.model_dump(include={"first_name", "last_name", "email"}, exclude_none=True)
    if "email" in values:
        values["email"] = values["email"].strip().lower()
        if "@" not in values["email"]:
            raise invalid("This is no e-mail address.", "email")
    if body.set_current_team is not None:
        values["current_project_id"] = project_of_path(str(body.set_current_team), identity, context).project.id
    try:
        if body.password is not None:
            users.change_password(user.id, body.password)
            context.auth.sessions.end_all(user.id, but=identity.session_secret)
        changed = users.change(user.id, values) if values else user
    except WeakPassword as problem:
        raise invalid(str(problem), "password", "password_too_weak") from problem
    except EmailTaken as problem:
        raise invalid(str(problem), "email", "unique") from problem
    return user_shape(type(identity)(changed, identity.key, identity.session_secret), context)


@router.get("/@me/sessions/")
def list_sessions(identity: Asker, context: Context) -> list[dict[str, Any]]:
    """Where one is signed in, the session used last first."""
    return [
        {
            "id": session.id,
            "user_agent": session.user_agent,
            "created_at": iso(session.created_at),
            "last_seen_at": iso(session.last_seen_at),
            "current": session.current,
        }
        for session in context.auth.sessions.list(identity.user.id, identity.session_secret)
    ]


@router.delete("/@me/sessions/", status_code=204)
def end_other_sessions(identity: Asker, context: Context) -> Response:
    """Sign out everywhere else."""
    context.auth.sessions.end_all(identity.user.id, but=identity.session_secret)
    return Response(status_code=204)


@router.delete("/@me/sessions/{session_id}/", status_code=204)
def end_session(session_id: str, identity: Asker, context: Context) -> Response:
    """Sign out one session."""
    if not context.auth.sessions.end_listed(identity.user.id, session_id):
        raise not_found()
    return Response(status_code=204)


@router.get("/{user_uuid}/")
def show_user(user_uuid: str, identity: Asker, context: Context) -> dict[str, Any]:
    """A member of one of the asking user's organizations."""
    found = context.auth.users.by_uuid(user_uuid)
    ours = {item.organization_id for item in identity.user.memberships}
    if found is None or not any(item.organization_id in ours for item in found.memberships):
        raise not_found()
    return person_in_charge(found) or {}


@router.patch("/{user_uuid}/")
def change_user(user_uuid: str, body: UserChange, identity: Asker, context: Context) -> dict[str, Any]:
    """Change oneself, by uuid; others change themselves."""
    if user_uuid != identity.user.uuid:
        raise not_found()
    return change_me(body, identity, context)
