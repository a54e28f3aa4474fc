"""Signing in and out of the web app."""

import math
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import CSRF_COOKIE, SESSION_COOKIE, check_origin
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid
from leanbase.auth.sessions import LIFETIME_SECONDS, NewSession
from leanbase.auth.users import User, normal_email

router = APIRouter(tags=["sign-in"])


class SignIn(BaseModel):
    """An address and a password."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


@router.post("/api/login/")
def sign_in(body: SignIn, request: Request, response: Response, context: Context) -> dict[str, Any]:
    """Start a session. The CSRF token in the cookie ``leanbase_csrf`` must come back as ``X-CSRFToken``."""
    check_origin(request, context)
    user = sign_in_checked(body.email, body.password, request, context)
    session = context.auth.sessions.start(user.id, request.headers.get("user-agent", ""))
    set_session_cookies(response, request, context, session)
    return {"success": True}


def sign_in_checked(address: str, password: str, request: Request, context: ApiContext) -> User:
    """The user with this address and password. Raises 400, or 429 after too many tries."""
    email, client = normal_email(address), client_address(request)
    limiter = context.auth.limiter
    wait = limiter.wait_seconds(email, client)
    if wait > 0:
        seconds = math.ceil(wait)
        detail = f"Too many failed tries. Wait {seconds} seconds."
        raise ApiError(429, detail, headers={"Retry-After": str(seconds)})
    user = context.auth.users.sign_in(email, password)
    if user is None:
        limiter.failed(email, client)
        raise invalid("The e-mail address or the password is wrong.", code="invalid_credentials")
    limiter.succeeded(email)
    return user


@router.post("/api/logout/")
def sign_out(request: Request, response: Response, context: Context) -> dict[str, Any]:
    """End the session of the cookie, if there is one."""
    check_origin(request, context)
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        context.auth.sessions.end(secret)
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(name, path="/")
    return {"success": True}


def set_session_cookies(response: Response, request: Request, context: ApiContext, session: NewSession) -> None:
    """The session's cookie, which no script can read, and its CSRF token, which our scripts must."""
    secure = is_https(request, context)
    for name, value, hidden in (
        (SESSION_COOKIE, session.secret, True),
        (CSRF_COOKIE, session.csrf_token, False),
    ):
        response.set_cookie(
            name, value, max_age=LIFETIME_SECONDS, path="/", secure=secure, httponly=hidden, samesite="lax"
        )


def is_https(request: Request, context: ApiContext) -> bool:
    """Whether the browser reaches us over TLS, as far as we can know."""
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    return "https" in {request.url.scheme, forwarded} or context.public_url.lower().startswith("https://")


def client_address(request: Request) -> str:
    """Whom to count failed tries for: the address that the front saw."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[-1].strip()
    return forwarded or (request.client.host if request.client else "")
