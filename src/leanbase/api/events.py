"""Events one by one, as PostHog's older route lists them, and the values of their properties."""

import json
from typing import Annotated, Any, cast
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from leanbase.api.access import Identity, ProjectAccess, ProjectScope, UserScope, current_project
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.query import queries_of, refused
from leanbase.query.errors import QueryError
from leanbase.query.property_values import values_found, values_query

router = APIRouter(tags=["events"])
older = APIRouter(include_in_schema=False)

Access = Annotated[ProjectAccess, Depends(ProjectScope("query", "read"))]
Reader = Annotated[Identity, Depends(UserScope("query", "read"))]
Key = Annotated[str, Query(min_length=1, max_length=400)]
Text = Annotated[str, Query(max_length=400)]
EventNames = Annotated[list[str] | None, Query()]
COLUMNS = ["*", "person"]


@router.get("/events/")
def list_events(
    request: Request,
    access: Access,
    context: Context,
    event: Text = "",
    distinct_id: Text = "",
    person_id: str = "",
    after: str = "",
    before: str = "",
    properties: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> dict[str, Any]:
    """Events, newest first; without ``after`` those of the last day. ``properties`` is a JSON list of filters."""
    query: dict[str, Any] = {"kind": "EventsQuery", "select": COLUMNS, "limit": limit, "offset": offset}
    for name, value in (("event", event), ("personId", person_id), ("after", after), ("before", before)):
        if value:
            query[name] = value
    query["properties"] = _filters(properties)
    if distinct_id:
        query["fixedProperties"] = [_is("distinct_id", distinct_id)]
    answer = _run(query, access, context)
    following = None
    if answer["hasMore"]:
        kept = {name: value for name, value in request.query_params.items() if name != "offset"}
        following = str(request.url.replace(query=urlencode({**kept, "offset": offset + limit})))
    return {"next": following, "results": [_shape(row) for row in answer["results"]]}


@router.get("/events/values/")
def list_values(
    access: Access,
    context: Context,
    key: Key,
    value: Text = "",
    event_name: EventNames = None,
) -> list[dict[str, Any]]:
    """Values that a property has had in the last week, the frequent ones first; ``value`` is a part of them."""
    return _values(access, context, key, value, event_name)


@router.get("/events/{event_id}/")
def show_event(event_id: str, access: Access, context: Context) -> dict[str, Any]:
    """One event by its uuid."""
    try:
        wanted = str(UUID(event_id))
    except ValueError:
        raise not_found("An event has a uuid.") from None
    query = {"kind": "EventsQuery", "select": COLUMNS, "after": "all", "limit": 1}
    rows = _run({**query, "fixedProperties": [_is("uuid", wanted)]}, access, context)["results"]
    if not rows:
        raise not_found("There is no such event.")
    return _shape(rows[0])


@older.get("/api/event/values/")
@older.get("/api/events/values/")
def list_values_of_current_project(
    identity: Reader,
    context: Context,
    key: Key,
    value: Text = "",
    event_name: EventNames = None,
) -> list[dict[str, Any]]:
    """The older path, for the project the user works in."""
    record = current_project(identity, context)
    if record is None:
        raise not_found("You have no project.")
    return _values(ProjectAccess(record, identity), context, key, value, event_name)


def _values(
    access: ProjectAccess, context: ApiContext, key: str, value: str, events: list[str] | None
) -> list[dict[str, Any]]:
    names = [name for item in events or [] for name in _names(item)]
    answer = _run(values_query(key, value, names), access, context)
    return [{"name": item} for item in values_found(answer)]


def _names(text: str) -> list[str]:
    """An event name, or a JSON list of them."""
    if not text.startswith("["):
        return [text]
    try:
        return [str(item) for item in json.loads(text)]
    except (ValueError, RecursionError):
        return [text]


def _run(query: dict[str, Any], access: ProjectAccess, context: ApiContext) -> dict[str, Any]:
    try:
        return queries_of(context).run(access.project, query)
    except QueryError as problem:
        raise refused(problem) from None


def _filters(text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in cast("list[Any]", value)):
        raise invalid("Must be a JSON list of property filters.", "properties")
    return cast("list[dict[str, Any]]", value)


def _is(column: str, value: str) -> dict[str, Any]:
    """A filter on a column of events."""
    return {"type": "event_metadata", "key": column, "operator": "exact", "value": value}


def _shape(row: list[Any]) -> dict[str, Any]:
    event, person = row
    return {
        "id": event["uuid"],
        "uuid": event["uuid"],
        "distinct_id": event["distinct_id"],
        "properties": event["properties"],
        "event": event["event"],
        "timestamp": event["timestamp"],
        "person": {"uuid": person["uuid"], "distinct_ids": [event["distinct_id"]], "properties": person["properties"]},
        "elements": [],
        "elements_chain": event["elements_chain"],
    }
