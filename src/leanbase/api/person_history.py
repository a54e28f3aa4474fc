"""What became of persons: how their properties changed, what users did to them by hand."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Offset, page, page_links
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid
from leanbase.api.person_lookup import person_of
from leanbase.api.person_shapes import activity_shape, change_shape
from leanbase.api.settling import settled
from leanbase.model.clock import micros
from leanbase.model.instants import iso
from leanbase.model.relative_date import parse_filter_date
from leanbase.persons import activity, properties_timeline, property_history
from leanbase.persons.listing import PersonView

router = APIRouter(tags=["persons"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("person"))]
ActivityAccess = Annotated[ProjectAccess, Depends(ProjectScope("activity_log"))]
Limit = Annotated[int, Query(ge=1, le=1000)]
Text = Annotated[str, Query(max_length=1000)]
_END_OF_DAY = timedelta(days=1, microseconds=-1)


@router.get("/persons/activity/")
def list_activity(
    request: Request, access: ActivityAccess, context: Context, limit: Limit = 10, offset: Offset = 0
) -> dict[str, Any]:
    """What users did to persons by hand, the newest first. Registered before the routes of single persons."""
    found, total = activity.page(context.state, access.project.id, None, limit, offset)
    return page(request, [activity_shape(entry) for entry in found], total, limit, offset)


@router.get("/persons/{name}/activity/")
def list_activity_of_person(
    name: str, request: Request, access: ActivityAccess, context: Context, limit: Limit = 10, offset: Offset = 0
) -> dict[str, Any]:
    """What users did to this person by hand, the newest first."""
    uuid = person_of(name, access, context).person.uuid
    found, total = activity.page(context.state, access.project.id, uuid, limit, offset)
    return page(request, [activity_shape(entry) for entry in found], total, limit, offset)


@router.get("/persons/{name}/property_history/")
def show_property_history(
    name: str,
    request: Request,
    access: Access,
    context: Context,
    key: Text = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Which property was set, by which event or user, to what, the newest change first; of one ``key`` or of all.

    ``operation`` is set, set_once, unset, merged (it came with a person that became part of this one) or other (no
    event explains it). ``truncated``: only the newest 10,000 events that set something were read.
    """
    person = person_of(name, access, context).person
    played = property_history.history(context.persons, person, access.project.person_properties_update_all)
    changes = [change for change in played.changes if not key or change.key == key]
    shown = [change_shape(change) for change in changes[offset : offset + limit]]
    return {
        **page_links(request, limit, offset, offset + limit < len(changes)),
        "results": shown,
        "count": len(changes),
        "truncated": played.truncated,
    }


@router.get("/persons/{name}/properties_timeline/")
def show_properties_timeline(
    name: str,
    access: Access,
    context: Context,
    date_from: Text = "",
    date_to: Text = "",
    events: str = "",
    properties: str = "",
    breakdown: str = "",
    breakdown_type: Text = "",
) -> dict[str, Any]:
    """Stretches of time in which the person properties that a question names had one value, as events carried them.

    ``properties``: a JSON list of filters; ``events``: a JSON list of ``{id: name}``; ``breakdown`` counts when
    ``breakdown_type`` is person. The last 90 days unless dates are given (ISO, or like -7d).
    """
    view = person_of(name, access, context)
    first, last = _dates(date_from, date_to, access)
    wanted = [item for item in _list(properties, "properties") if item.get("type") == "person"]
    keys = [str(item["key"]) for item in wanted if "key" in item]
    if breakdown and breakdown_type == "person":
        keys.append(breakdown)
    names = [str(item["id"]) for item in _list(events, "events") if item.get("id") is not None]
    points = _points(context, view, list(dict.fromkeys(keys)), names, micros(first), micros(last))
    return {
        "points": points,
        "crucial_property_keys": list(dict.fromkeys(keys)),
        "effective_date_from": first.isoformat(),
        "effective_date_to": last.isoformat(),
    }


def _points(
    context: ApiContext, view: PersonView, keys: list[str], names: list[str], first: int, last: int
) -> list[dict[str, Any]]:
    found = properties_timeline.stretches(context.persons, context.store, view.person, keys, names, first, last)
    return [
        {"timestamp": iso(each.at), "properties": each.properties, "relevant_event_count": each.events}
        for each in found
    ]


def _dates(date_from: str, date_to: str, access: ProjectAccess) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    zone = ZoneInfo(access.project.timezone)
    first = parse_filter_date(date_from or "-90d", now, zone)
    last = parse_filter_date(date_to, now, zone) if date_to else now
    if first is None or not 1900 < first.year < 2299:
        raise invalid("date_from is an ISO date or time, or like -7d.", "date_from")
    if last is None or not 1900 < last.year < 2299:
        raise invalid("date_to is an ISO date or time, or like -7d.", "date_to")
    return first, last + _END_OF_DAY if len(date_to) == 10 else last


def _list(text: str, attr: str) -> list[dict[str, Any]]:
    try:
        value = json.loads(text) if text else []
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in cast("list[Any]", value)):
        raise invalid(f"{attr} must be a JSON list of objects.", attr)
    return cast("list[dict[str, Any]]", value)
