"""Accepting an invitation: with a new account, or with the password of the one there is."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import check_origin
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.sign_in import set_session_cookies, sign_in_checked
from leanbase.auth.invitations import Invitation
from leanbase.auth.passwords import WeakPassword
from leanbase.auth.users import EmailTaken

router = APIRouter(prefix="/api/signup", tags=["sign-in"])


class SignUp(BaseModel):
    """A password, and how to call whoever is new."""

    password: str = Field(max_length=1024)
    first_name: str = Field("", max_length=150)


@router.get("/{secret}/")
def show_invitation(secret: str, context: Context) -> dict[str, Any]:
    """What the link invites to, and whether its address has an account."""
    found = _invitation(secret, context)
    return {
        "target_email": found.email,
        "organization_name": found.organization_name,
        "level": found.level,
        "has_account": context.auth.users.by_email(found.email) is not None,
    }


@router.post("/{secret}/", status_code=201)
def accept_invitation(
    secret: str, body: SignUp, request: Request, response: Response, context: Context
) -> dict[str, Any]:
    """Become a member and begin a session. The link is used up."""
    check_origin(request, context)
    found, auth = _invitation(secret, context), context.auth
    if auth.users.by_email(found.email) is not None:
        user = sign_in_checked(found.email, body.password, request, context)
    else:
        try:
            user = auth.users.create(found.email, body.password, found.organization_id, found.level, body.first_name)
        except WeakPassword as problem:
            raise invalid(str(problem), "password", "password_too_weak") from problem
        except EmailTaken as problem:
            raise invalid(str(problem), "email", "unique") from problem
    auth.members.join(found.organization_id, user.id, found.level)
    auth.invitations.delete(found.organization_id, found.id)
    session = auth.sessions.start(user.id, request.headers.get("user-agent", ""))
    set_session_cookies(response, request, context, session)
    return {"success": True}


def _invitation(secret: str, context: ApiContext) -> Invitation:
    found = context.auth.invitations.by_secret(secret) if secret.isascii() else None
    if found is None:
        raise not_found("This invitation was used, withdrawn or is more than a week old. Ask for a new one.")
    return found
