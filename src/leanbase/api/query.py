"""Queries: ask, poll, cancel."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field
from starlette.responses import Response

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import JsonAnswer
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, error_answer, invalid
from leanbase.query.errors import QueryError
from leanbase.query.service import QueryService, Question
from leanbase.query.upgrades import upgraded

router = APIRouter(tags=["query"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("query", "read"))]
TestNow = Annotated[str | None, Header(alias="X-Leanbase-Now", include_in_schema=False)]


class QueryRequest(BaseModel):
    """``query`` is one of PostHog's query kinds; ``refresh`` says how fresh the answer must be."""

    query: dict[str, Any]
    refresh: str | bool | None = None
    async_: bool | None = Field(None, alias="async")
    client_query_id: str | None = None
    filters_override: dict[str, Any] | None = None
    variables_override: dict[str, Any] | None = None
    name: str | None = Field(None, max_length=128)
    limit_context: str | None = None


@router.post("/query/check_auth_for_async/")
def check_auth_for_async(_access: Access) -> dict[str, str]:
    """Whether the key that signs this may ask for queries that run later: 200 when it may."""
    return {"user": "ok"}


@router.get("/query/draft_sql/")
def draft_sql(_access: Access, prompt: str = "") -> dict[str, str]:
    """SQL drafted by a language model from a ``prompt``; here none is configured."""
    if not prompt.strip():
        raise invalid("This field is required.", "prompt", "required")
    raise invalid("No language model is configured on this server; write the SQL in the editor.", "prompt")


@router.post("/query/")
@router.post("/query/{kind}/")
def ask(
    body: QueryRequest, access: Access, context: Context, now: TestNow = None, kind: str | None = None
) -> JsonAnswer:
    """Answer a query: 200 with the result, or 202 with a ``query_status`` when it was asked to run later."""
    if kind == "upgrade":
        return JsonAnswer({"query": upgraded(body.query)})
    if kind is not None and kind != body.query.get("kind"):
        raise invalid(f"The path says {kind!r}, the query {body.query.get('kind')!r}.", "query.kind")
    question = Question(
        project=access.project,
        query=body.query,
        refresh="async" if body.async_ and body.refresh is None else body.refresh,
        client_query_id=body.client_query_id,
        filters_override=body.filters_override,
        variables_override=body.variables_override,
        now=test_now(now, context),
    )
    try:
        answer = queries_of(context).ask(question)
    except QueryError as problem:
        raise refused(problem) from None
    return JsonAnswer(answer.body, status_code=answer.status)


@router.get("/query/{query_id}/", response_model=None)
def poll(query_id: str, access: Access, context: Context) -> Response:
    """How a query that runs later is doing: 202 while it runs, 200 with the result, 400 when it failed."""
    status = queries_of(context).status(access.project.id, query_id)
    if status is None:
        raise ApiError(404, f"There is no query {query_id!r}; results are kept for 20 minutes.")
    if not status.complete:
        return JsonAnswer({"query_status": status.shape()}, status_code=202)
    if status.failed:
        return error_answer(
            500, "The query failed on our side; the server's log says why.", extra={"query_status": status.shape()}
        )
    if status.error is not None:
        problem = status.error
        return error_answer(
            problem.status, problem.detail, problem.code, problem.attr, problem.kind,
            extra={"query_status": status.shape()},
        )  # fmt: skip
    return JsonAnswer({"query_status": status.shape()})


@router.get("/query/{query_id}/log/")
def log(query_id: str, access: Access, context: Context) -> dict[str, Any]:
    """What a query that ended cost, as one row: the latest thousand are known, by ``client_query_id``."""
    found = queries_of(context).logged(access.project.id, query_id)
    if found is None:
        raise ApiError(404, f"There is no log of a query {query_id!r}; the latest thousand are kept.")
    return {"columns": list(found), "results": [list(found.values())], "hasMore": False}


@router.delete("/query/{query_id}/")
def cancel(query_id: str, access: Access, context: Context) -> dict[str, Any]:
    """Stop a query by the id it was given in ``client_query_id``."""
    stopped = queries_of(context).cancel(access.project.id, query_id)
    return {"message": "Query cancelled" if stopped else "No query of this id is running", "cancelled": stopped}


def queries_of(context: ApiContext) -> QueryService:
    """The query service. Raises 503 where this process has none."""
    service = context.queries
    if service is None:
        raise ApiError(503, "Queries are not answered by this process.", code="unavailable")
    return service


def refused(problem: QueryError) -> ApiError:
    """A query's refusal as an answer of the API."""
    headers = {"Retry-After": "5"} if problem.status in (429, 503) else None
    return ApiError(
        problem.status, problem.detail, code=problem.code, attr=problem.attr, kind=problem.kind, headers=headers
    )


def test_now(text: str | None, context: ApiContext) -> datetime | None:
    """The clock that a test sets; None unless the server runs with the test clock."""
    if text is None or not context.test_clock:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise invalid(f"X-Leanbase-Now: {text!r} is no ISO time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
