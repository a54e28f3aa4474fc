"""The toolbar: a bar on the customer's own page, where a click on an element makes an action.

The app opens an authorised URL (project setting ``app_urls``) with a code in its hash. posthog-js on that page reads
the hash and loads ``/static/toolbar.js``, which exchanges the code for a token. The token is good for the routes of
this module alone: no other route knows it, and these know neither personal keys nor the cookie of the web app.
"""

import json
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import ProjectAccess, ProjectScope, bearer
from leanbase.api.actions import ActionBody, Step, add_action
from leanbase.api.address import own_address
from leanbase.api.answers import JsonAnswer
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid
from leanbase.auth.toolbar_grants import CODE_SECONDS, ToolbarGrant
from leanbase.auth.users import MEMBER
from leanbase.model.instants import iso, now_us
from leanbase.projects.authorised_urls import is_authorised, origin_of
from leanbase.projects.directory import ProjectRecord
from leanbase.query.errors import QueryError
from leanbase.query.service import Question
from leanbase.query.stored_actions import ActionRows

router = APIRouter(tags=["actions"])
public = APIRouter(prefix="/api/toolbar", tags=["actions"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("action"))]

MAX_SHOWN = 500  # actions that a page is searched for
MAX_COUNTED = 10  # actions in one question; each reads the clicks of a week
REFUSED = "Open the toolbar again from the Actions page of the app."


class Opening(BaseModel):
    """Which page to open with the toolbar."""

    url: str = Field(max_length=2000)


class Exchange(BaseModel):
    code: str = Field(max_length=100)


class NewAction(BaseModel):
    """What the toolbar may make: an action with a name and steps."""

    name: str = Field(min_length=1, max_length=400)
    steps: list[Step] = Field(min_length=1, max_length=10)


@router.post("/toolbar/")
def open_toolbar(body: Opening, access: Access, request: Request, context: Context) -> dict[str, Any]:
    """The address that opens a page of an authorised URL with the toolbar. It works once, within two minutes."""
    origin = origin_of(body.url)
    if origin is None or "*" in origin:
        raise invalid("Must be the address of a page, such as https://example.com/pricing.", "url")
    if not is_authorised(origin, access.record.settings["app_urls"]):
        raise invalid(f"{origin} is not among the authorised URLs of this project.", "url", "not_authorised")
    code = context.auth.toolbar.offer(access.project.id, access.user.id, origin)
    parts = urlsplit(body.url.strip())
    parameters = {
        "action": "ph_authorize",
        "token": access.project.api_token,
        "toolbarCode": code,
        "appURL": own_address(request, context),
        "projectId": access.project.id,
        "dataAttributes": access.record.settings["data_attributes"],
        "userIntent": "add-action",
        **({"desiredHash": parts.fragment} if parts.fragment else {}),
    }
    address = parts._replace(fragment=f"__posthog={quote(json.dumps(parameters), safe='')}").geturl()
    return {"url": address, "expires_at": iso(now_us() + CODE_SECONDS * 1_000_000)}


@public.post("/token/")
def exchange_code(body: Exchange, request: Request, context: Context) -> dict[str, Any]:
    """A token for the code of an address. The code is spent, whether this succeeds or not."""
    found = context.auth.toolbar.redeem(body.code, request.headers.get("origin", ""))
    if found is None:
        raise ApiError(401, f"This address was used already, or is too old. {REFUSED}", code="invalid_code")
    grant, token = found
    record = _project_of(grant, context)
    return {"token": token, "expires_at": iso(grant.expires_at), "project": record.project.name}


@dataclass(frozen=True)
class ToolbarAccess:
    """A token that holds, and what it is for."""

    record: ProjectRecord
    user_id: int
    token: str


def toolbar_access(request: Request, context: Context) -> ToolbarAccess:
    """A dependency: the token of a toolbar, on the pages it was made for. Raises 401 and 403."""
    token = bearer(request)
    grant = context.auth.toolbar.find(token) if token else None
    if token is None or grant is None:
        raise ApiError(401, f"The time of this toolbar is over. {REFUSED}", code="invalid_token")
    # Browsers leave the origin out of a GET to the page's own site, where a reverse proxy may stand for us.
    if request.headers.get("origin", grant.origin) != grant.origin:
        raise ApiError(403, "This toolbar belongs to another site.")
    return ToolbarAccess(_project_of(grant, context), grant.user_id, token)


OnPage = Annotated[ToolbarAccess, Depends(toolbar_access)]


@public.post("/end/", status_code=204)
def end_toolbar(access: OnPage, context: Context) -> Response:
    """The toolbar was closed: its token is refused from now on."""
    context.auth.toolbar.end(access.token)
    return Response(status_code=204)


@public.get("/actions/")
def list_actions_for_page(access: OnPage, context: Context) -> dict[str, Any]:
    """The actions of the project, so that the toolbar shows which of them are on the page."""
    found, _ = ActionRows(context.appdb).page(access.record.project.id, "", MAX_SHOWN, 0)
    return {"results": [{"id": one.id, "name": one.name, "steps": one.steps} for one in found]}


@public.post("/actions/", status_code=201)
def create_action_on_page(body: NewAction, access: OnPage, context: Context) -> dict[str, Any]:
    """A new action. Past events match it at once."""
    action = ActionBody.model_validate(body.model_dump(exclude_unset=True))
    made = add_action(action, access.record.project.id, access.user_id, context)
    return {"id": made["id"], "name": made["name"], "steps": made["steps"]}


@public.get("/counts/")
def count_actions(access: OnPage, context: Context, ids: str = "") -> JsonAnswer:
    """Events of the last 7 days that each of these actions matches, by id; at most ten are counted."""
    rows = ActionRows(context.appdb)
    wanted = [int(text) for text in ids.split(",") if text.isascii() and text.isdigit() and len(text) < 10]
    known = [one for one in wanted[:MAX_COUNTED] if rows.find(access.record.project.id, one)]
    if not known or context.queries is None:
        return JsonAnswer({"counts": {}})
    counts = ", ".join(f"countIf(matchesAction({number}))" for number in known)
    query = f"SELECT {counts} FROM events WHERE timestamp > now() - INTERVAL 7 DAY"  # noqa: S608 -- numbers
    question = Question(project=access.record.project, query={"kind": "HogQLQuery", "query": query})
    try:
        (row,) = context.queries.ask(question).body["results"]
    except QueryError:
        return JsonAnswer({"counts": {}})  # too dear now: the toolbar shows names alone
    return JsonAnswer({"counts": dict(zip(map(str, known), row, strict=True))})


def _project_of(grant: ToolbarGrant, context: ApiContext) -> ProjectRecord:
    """The project of a grant, while its user still belongs to it and the site is still authorised. Raises 401, 403."""
    record = context.projects.record(grant.project_id)
    user = context.auth.users.find(grant.user_id)
    if record is None or user is None or not user.is_active or user.level_in(record.organization_id) < MEMBER:
        raise ApiError(401, f"This toolbar's project is not yours any more. {REFUSED}", code="invalid_token")
    if not is_authorised(grant.origin, record.settings["app_urls"]):
        raise ApiError(403, f"{grant.origin} is no longer among the authorised URLs of the project.")
    return record
