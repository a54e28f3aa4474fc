"""Who asks, and whether they may: dependencies of every route of the API.

A request is signed by a personal API key (``Authorization: Bearer phx_…``) or by the session cookie of the web app.
A cookie travels along with forged requests too, so with it everything but reading must come from our own origin
and repeat the session's CSRF token in ``X-CSRFToken``.
"""

import hmac
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Path, Request

from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, not_found
from leanbase.auth.personal_keys import PersonalKey
from leanbase.auth.scopes import allows
from leanbase.auth.users import ADMIN, MEMBER, User
from leanbase.model.project import Project
from leanbase.projects.directory import ProjectRecord

SESSION_COOKIE = "leanbase_session"
CSRF_COOKIE = "leanbase_csrf"
CSRF_HEADER = "x-csrftoken"
READING = frozenset({"GET", "HEAD", "OPTIONS"})

MAX_ID = 2**31 - 1  # ids are 32-bit integers in PostgreSQL
Id = Annotated[int, Path(ge=1, le=MAX_ID)]


@dataclass(frozen=True)
class Identity:
    """A user, and the key or the session that speaks for them."""

    user: User
    key: PersonalKey | None = None
    session_secret: str | None = None

    def may(self, scope: str) -> bool:
        """Whether the key has this scope; a session has all."""
        return self.key is None or allows(self.key.scopes, scope)

    def sees(self, record: ProjectRecord) -> bool:
        """Whether this project is the user's, and within the key's limits."""
        if self.user.level_in(record.organization_id) < MEMBER:
            return False
        key = self.key
        return key is None or (
            (not key.scoped_projects or record.project.id in key.scoped_projects)
            and (not key.scoped_organizations or record.organization_id in key.scoped_organizations)
        )

    def need(self, scope: str) -> None:
        """Raise 403 unless the key has this scope."""
        if not self.may(scope):
            raise ApiError(403, f"This API key lacks the required scope '{scope}'.")

    def need_admin(self, organization_id: str) -> None:
        """Raise 403 unless the user is at least an admin of the organization."""
        if self.user.level_in(organization_id) < ADMIN:
            raise ApiError(403, "Only an admin of the organization may do this.")


def bearer(request: Request) -> str | None:
    """The bearer token of a request, or None."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None


def identify(request: Request, context: ApiContext) -> Identity:
    """Who asks. Raises 401, or 403 for a request that may be forged."""
    value = bearer(request)
    if value is not None:
        return _by_key(value, context)
    secret = request.cookies.get(SESSION_COOKIE)
    session = context.auth.sessions.find(secret) if secret else None
    user = context.auth.users.find(session.user_id) if session else None
    if session is None or user is None or not user.is_active:
        raise ApiError(401, "Sign in, or send a personal API key: Authorization: Bearer phx_…")
    if request.method not in READING:
        check_origin(request, context)
        if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), session.csrf_token.encode()):
            raise ApiError(403, "The X-CSRFToken header is missing or wrong. Reload the page.", code="csrf_failed")
    return Identity(user, session_secret=secret)


def _by_key(value: str, context: ApiContext) -> Identity:
    key = context.auth.keys.by_value(value)
    user = context.auth.users.find(key.user_id) if key else None
    if key is None or user is None or not user.is_active:
        hint = " A project token (phc_…) is no personal key." if value.startswith("phc_") else ""
        raise ApiError(401, f"This personal API key is not valid.{hint}", code="invalid_personal_api_key")
    return Identity(user, key=key)


def check_origin(request: Request, context: ApiContext) -> None:
    """Raise 403 when a browser says that the request comes from another site."""
    origin = request.headers.get("origin") or request.headers.get("referer")
    if origin is None:
        return
    # The front sets X-Forwarded-Host itself; behind a proxy the Host may be an inner name.
    ours = {request.headers.get(name, "").lower() for name in ("host", "x-forwarded-host")} - {""}
    if context.public_url:
        ours.add(urlsplit(context.public_url).netloc.lower())
    if urlsplit(origin).netloc.lower() not in ours:
        raise ApiError(403, "This request comes from another site.", code="csrf_failed")


def current_identity(request: Request, context: Context) -> Identity:
    return identify(request, context)


CurrentUser = Annotated[Identity, Depends(current_identity)]


class UserScope:
    """A dependency: the asking user, if a key has the scope. See :class:`ProjectScope` for ``mode``."""

    def __init__(self, subject: str, mode: str | None = None) -> None:
        self._subject = subject
        self._mode = mode

    def __call__(self, request: Request, context: Context) -> Identity:
        identity = identify(request, context)
        identity.need(_scope(self._subject, self._mode, request))
        return identity


@dataclass(frozen=True)
class ProjectAccess:
    """A project that the asking user may work with."""

    record: ProjectRecord
    identity: Identity

    @property
    def project(self) -> Project:
        return self.record.project

    @property
    def user(self) -> User:
        return self.identity.user


class ProjectScope:
    """A dependency: the project of the path, for those who have the scope on it.

    ``Annotated[ProjectAccess, Depends(ProjectScope("insight"))]`` asks for ``insight:read`` on GET and
    ``insight:write`` otherwise; ``mode`` fixes it for a POST that only reads. A stranger gets the same 404 as for a
    project that does not exist.
    """

    def __init__(self, subject: str, mode: str | None = None) -> None:
        self._subject = subject
        self._mode = mode

    def __call__(self, request: Request, project_id: str, context: Context) -> ProjectAccess:
        identity = identify(request, context)
        identity.need(_scope(self._subject, self._mode, request))
        return ProjectAccess(project_of_path(project_id, identity, context), identity)


def _scope(subject: str, mode: str | None, request: Request) -> str:
    return f"{subject}:{mode or ('read' if request.method in READING else 'write')}"


def project_of_path(project_id: str, identity: Identity, context: ApiContext) -> ProjectRecord:
    """The project that a path names by number or ``@current``. Raises 404."""
    if project_id == "@current":
        record = current_project(identity, context)
    else:
        number = int(project_id) if project_id.isascii() and project_id.isdigit() and len(project_id) < 11 else 0
        record = context.projects.record(number)
    if record is None or not identity.sees(record):
        raise not_found("There is no such project, or it is not yours.")
    return record


def current_project(identity: Identity, context: ApiContext) -> ProjectRecord | None:
    """The project the user last chose, else the first one they see."""
    chosen = context.projects.record(identity.user.current_project_id or 0)
    if chosen is not None and identity.sees(chosen):
        return chosen
    return next((record for record in context.projects.list() if identity.sees(record)), None)
