"""Who changed what in a project, in PostHog's shapes."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Query, Request

from leanbase.api.access import Id, ProjectAccess, ProjectScope
from leanbase.api.answers import moment_of
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid
from leanbase.api.insight_shapes import Authors
from leanbase.api.insights import find_insight
from leanbase.dashboards.activity_log import FIELDS, ActivityLog, Entry, EntryWishes
from leanbase.model.instants import iso

router = APIRouter(tags=["activity log"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("activity_log"))]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]
PageSize = Annotated[int, Query(ge=1, le=1000)]
Ordering = Literal["created_at", "-created_at"]


@router.get("/activity_log/")
def list_activity(
    request: Request,
    access: Access,
    context: Context,
    scope: str = "",
    scopes: str = "",
    item_id: str = "",
    user: str = "",
    ordering: Ordering = "-created_at",
    number: PageNumber = 1,
    page_size: PageSize = 100,
) -> dict[str, Any]:
    """What users changed, the newest first. ``scope`` is PostHog's word: Insight, Dashboard, Action …"""
    wishes = EntryWishes(
        scopes=[name for name in (scope, *scopes.split(",")) if name],
        item_ids=[item_id] if item_id else [],
        users=_users([user] if user else [], context),
        oldest_first=ordering == "created_at",
    )
    return _page(request, access, context, wishes, number, page_size)


@router.get("/advanced_activity_logs/")
def list_filtered_activity(
    request: Request,
    access: Access,
    context: Context,
    start_date: str = "",
    end_date: str = "",
    users: str = "",
    scopes: str = "",
    activities: str = "",
    item_ids: str = "",
    ordering: Ordering = "-created_at",
    number: PageNumber = 1,
    page_size: PageSize = 100,
) -> dict[str, Any]:
    """What users changed, filtered; lists are JSON or separated by commas."""
    wishes = EntryWishes(
        scopes=_list(scopes, "scopes"),
        item_ids=_list(item_ids, "item_ids"),
        activities=_list(activities, "activities"),
        users=_users(_list(users, "users"), context),
        after=moment_of(start_date, "start_date") if start_date else None,
        before=moment_of(end_date, "end_date") if end_date else None,
        oldest_first=ordering == "created_at",
    )
    return _page(request, access, context, wishes, number, page_size)


@router.get("/advanced_activity_logs/available_filters/")
def list_filters(access: Access, context: Context) -> dict[str, Any]:
    """What the log of the project can be filtered by."""
    scopes, activities, user_ids = ActivityLog(context.appdb).kinds(access.project.id)
    authors = Authors(context)
    known = [found for number in user_ids if (found := authors(number)) is not None]
    return {
        "static_filters": {
            "users": [{"value": user["uuid"], "label": user["email"]} for user in known],
            "scopes": [{"value": name} for name in scopes],
            "activities": [{"value": name} for name in activities],
            "clients": [],
        },
        "detail_fields": {name: {"fields": [{"name": field} for field in FIELDS.get(name, ())]} for name in scopes},
    }


@router.get("/insights/activity/")
def list_activity_of_insights(
    request: Request,
    access: Access,
    context: Context,
    number: PageNumber = 1,
    limit: PageSize = 10,
) -> dict[str, Any]:
    """What users changed about insights. Registered before the routes of single insights."""
    return _page(request, access, context, EntryWishes(scopes=["Insight"]), number, limit, "limit")


@router.get("/insights/{insight_id}/activity/")
def list_activity_of_insight(
    request: Request,
    insight_id: str,
    access: Access,
    context: Context,
    number: PageNumber = 1,
    limit: PageSize = 10,
) -> dict[str, Any]:
    """What users changed about one insight, by id or short id."""
    insight = find_insight(insight_id, access, context, also_deleted=True)
    wishes = EntryWishes(scopes=["Insight"], item_ids=[str(insight.id)])
    return _page(request, access, context, wishes, number, limit, "limit")


@router.get("/dashboards/{item_id}/activity/")
def list_activity_of_dashboard(
    request: Request,
    item_id: Id,
    access: Access,
    context: Context,
    number: PageNumber = 1,
    limit: PageSize = 10,
) -> dict[str, Any]:
    """What users changed about one dashboard."""
    wishes = EntryWishes(scopes=["Dashboard"], item_ids=[str(item_id)])
    return _page(request, access, context, wishes, number, limit, "limit")


@router.get("/cohorts/{item_id}/activity/")
def list_activity_of_cohort(
    request: Request,
    item_id: Id,
    access: Access,
    context: Context,
    number: PageNumber = 1,
    limit: PageSize = 10,
) -> dict[str, Any]:
    """What users changed about one cohort."""
    wishes = EntryWishes(scopes=["Cohort"], item_ids=[str(item_id)])
    return _page(request, access, context, wishes, number, limit, "limit")


def _page(
    request: Request,
    access: ProjectAccess,
    context: ApiContext,
    wishes: EntryWishes,
    number: int,
    size: int,
    size_name: str = "page_size",
) -> dict[str, Any]:
    found, total = ActivityLog(context.appdb).page(access.project.id, wishes, size, (number - 1) * size)
    authors = Authors(context)

    def link(other: int) -> str:
        return str(request.url.include_query_params(**{"page": other, size_name: size}))

    return {
        "count": total,
        "total_count": total,
        "next": link(number + 1) if number * size < total else None,
        "previous": link(number - 1) if number > 1 else None,
        "results": [_shape(entry, authors, access) for entry in found],
    }


def _shape(entry: Entry, authors: Authors, access: ProjectAccess) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "user": authors(entry.user_id),
        "unread": False,
        "organization_id": access.record.organization_id,
        "team_id": entry.project_id,
        "was_impersonated": False,
        "is_system": entry.user_id is None,
        "client": None,
        "activity": entry.activity,
        "scope": entry.scope,
        "item_id": entry.item_id,
        "detail": entry.detail,
        "created_at": iso(entry.created_at),
    }


def _list(text: str, attr: str) -> list[str]:
    """A list in a query parameter: JSON, or words separated by commas."""
    if not text.startswith("["):
        return [word for word in text.split(",") if word]
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise invalid("Must be a JSON list, or words separated by commas.", attr) from None
    return [str(item) for item in cast(Sequence[Any], value)]


def _users(uuids: Sequence[str], context: ApiContext) -> list[int] | None:
    """The ids of users; None for no wish. One that is not known matches nothing."""
    if not uuids:
        return None
    found = [context.auth.users.by_uuid(uuid) for uuid in uuids]
    return [user.id for user in found if user is not None]
