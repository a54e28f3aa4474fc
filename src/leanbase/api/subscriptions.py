"""Subscriptions in PostHog's shapes. They are kept and listed; no way of delivery is configured on this server."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from leanbase.api.access import Id, ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, iso_or_none, moment_of, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid, not_found
from leanbase.api.insight_shapes import Authors
from leanbase.api.noting import note
from leanbase.dashboards.boards import Boards
from leanbase.dashboards.insights import Insights
from leanbase.dashboards.subscriptions import Subscription, Subscriptions, SubscriptionWishes
from leanbase.model.instants import iso

router = APIRouter(tags=["subscriptions"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("subscription"))]
Target = Literal["email", "slack", "webhook"]
Frequency = Literal["daily", "weekly", "monthly", "yearly"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MOST_EXPORTED = 6  # insights of a dashboard in one message
NO_DELIVERY = "No way of delivery (mail, Slack, webhooks) is configured on this server, so nothing is sent."


class SubscriptionBody(BaseModel):
    """What a client may set. It is to an ``insight`` or to a ``dashboard``; deleting is ``{"deleted": true}``."""

    dashboard: int | None = Field(None, ge=1, lt=2**31)
    insight: int | None = Field(None, ge=1, lt=2**31)
    dashboard_export_insights: list[int] | None = Field(None, max_length=MOST_EXPORTED)
    target_type: Target | None = None
    target_value: str | None = Field(None, max_length=10_000)
    frequency: Frequency | None = None
    interval: int | None = Field(None, ge=1, le=1000)
    byweekday: list[Weekday] | None = Field(None, max_length=7)
    bysetpos: int | None = Field(None, ge=-1, le=4)
    count: int | None = Field(None, ge=1, lt=2**31)
    start_date: str | None = Field(None, max_length=40)
    until_date: str | None = Field(None, max_length=40)
    title: str | None = Field(None, max_length=100)
    enabled: bool | None = None
    deleted: bool | None = None


@router.get("/subscriptions/")
def list_subscriptions(
    request: Request,
    access: Access,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    insight: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    dashboard: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    created_by: str = "",
    resource_type: Literal["insight", "dashboard", "ai_prompt"] | None = None,
    target_type: Target | None = None,
    deleted: bool = False,
    search: Annotated[str, Query(max_length=400)] = "",
) -> dict[str, Any]:
    """Subscriptions of the project, the newest first."""
    author = context.auth.users.by_uuid(created_by) if created_by else None
    if resource_type == "ai_prompt" or (created_by and author is None):
        return page(request, [], 0, limit, offset)
    wishes = SubscriptionWishes(
        insight_id=insight,
        dashboard_id=dashboard,
        created_by=author.id if author else None,
        target_type=target_type,
        resource_type=resource_type,
        deleted=deleted,
        search=search,
    )
    found, total = Subscriptions(context.appdb).page(access.project.id, wishes, limit, offset)
    authors = Authors(context)
    return page(request, [_shape(item, authors, context) for item in found], total, limit, offset)


@router.post("/subscriptions/", status_code=201)
def create_subscription(body: SubscriptionBody, access: Access, context: Context) -> dict[str, Any]:
    """Note who wants what, where and how often."""
    for needed in ("target_type", "target_value", "frequency", "start_date"):
        if not getattr(body, needed):
            raise invalid("This field is required.", needed, "required")
    if (body.insight is None) is (body.dashboard is None):
        raise invalid("A subscription is to an insight or to a dashboard: send one of the two.", "insight")
    if body.dashboard is not None and not body.dashboard_export_insights:
        raise invalid("Select at least one insight for this subscription.", "dashboard_export_insights", "required")
    made = Subscriptions(context.appdb).create(access.project.id, _values(body, None, access, context), access.user.id)
    note(access, context, "Subscription", None, made)
    return _shape(made, Authors(context), context)


@router.get("/subscriptions/summary_quota/")
def show_summary_quota(_access: Access) -> dict[str, Any]:
    """How many subscriptions have a summary written by a language model: none can."""
    return {"active_count": 0, "limit": 0, "at_limit": True}


@router.get("/subscriptions/{subscription_id}/")
def show_subscription(subscription_id: Id, access: Access, context: Context) -> dict[str, Any]:
    return _shape(_find(subscription_id, access, context), Authors(context), context)


@router.patch("/subscriptions/{subscription_id}/")
def change_subscription(
    subscription_id: Id, body: SubscriptionBody, access: Access, context: Context
) -> dict[str, Any]:
    """Change, pause (``enabled``) or delete a subscription."""
    before = _find(subscription_id, access, context)
    after = Subscriptions(context.appdb).change(before, _values(body, before, access, context))
    note(access, context, "Subscription", before, after)
    return _shape(after, Authors(context), context)


@router.get("/subscriptions/{subscription_id}/deliveries/")
def list_deliveries(
    request: Request, subscription_id: Id, access: Access, context: Context, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """What was sent: nothing, for no way of delivery is configured."""
    _find(subscription_id, access, context)
    return page(request, [], 0, limit, offset)


@router.get("/subscriptions/{subscription_id}/deliveries/{delivery_id}/")
def show_delivery(subscription_id: Id, delivery_id: str, access: Access, context: Context) -> dict[str, Any]:
    _find(subscription_id, access, context)
    raise not_found(f"There is no delivery {delivery_id!r}. {NO_DELIVERY}")


@router.post("/subscriptions/{subscription_id}/test-delivery/", status_code=202)
def deliver_now(subscription_id: Id, access: Access, context: Context) -> dict[str, Any]:
    """Would send the subscription now. Answers 409: no way of delivery is configured."""
    _find(subscription_id, access, context)
    raise ApiError(409, NO_DELIVERY, code="delivery_not_configured")


def _find(subscription_id: int, access: ProjectAccess, context: ApiContext) -> Subscription:
    found = Subscriptions(context.appdb).find(access.project.id, subscription_id)
    if found is None:
        raise not_found()
    return found


def _values(
    body: SubscriptionBody, before: Subscription | None, access: ProjectAccess, context: ApiContext
) -> dict[str, Any]:
    """What was sent, ready for the table. Raises 400."""
    given = body.model_dump(exclude_unset=True)
    values = {name: value for name, value in given.items() if name not in _RENAMED and name not in _MOMENTS}
    for name, column in _RENAMED.items():
        if name in given:
            values[column] = given[name]
    for name in _MOMENTS:
        if name in given:
            values[name] = moment_of(given[name], name) if given[name] else None
    empty: dict[str, Any] = {"interval": 1, "enabled": True, "deleted": False, "export_insights": []}
    values = {name: empty.get(name) if value is None else value for name, value in values.items()}
    for needed in ("target_type", "target_value", "frequency", "start_date"):
        if needed in values and not values[needed]:
            raise invalid("This field may not be empty.", needed, "blank")
    _check(values, before, access, context)
    return values


_RENAMED = {"insight": "insight_id", "dashboard": "dashboard_id", "dashboard_export_insights": "export_insights"}
_MOMENTS = ("start_date", "until_date")


def _check(values: dict[str, Any], before: Subscription | None, access: ProjectAccess, context: ApiContext) -> None:
    """Raise 400 unless all that the values name is of this project, and the schedule has an occasion."""
    project_id, insights = access.project.id, Insights(context.appdb)
    if values.get("insight_id") is not None and insights.find(project_id, values["insight_id"]) is None:
        raise invalid("There is no such insight in this project.", "insight", "does_not_exist")
    board_id = values.get("dashboard_id") or (before.dashboard_id if before else None)
    board = Boards(context.appdb).find(project_id, board_id) if board_id else None
    if board_id and board is None:
        raise invalid("There is no such dashboard in this project.", "dashboard", "does_not_exist")
    chosen = set(values.get("export_insights") or [])
    if chosen and board is None:
        raise invalid("Insights can be selected of a dashboard only.", "dashboard_export_insights")
    if board is not None and not chosen <= {tile.insight_id for tile in Boards(context.appdb).tiles(board)}:
        raise invalid("Some of these insights are not on the dashboard.", "dashboard_export_insights")
    start = values.get("start_date") or (before.start_date if before else None)
    until = values.get("until_date", before.until_date if before else None)
    if start and until and until < start:
        raise invalid("The subscription ends before it begins.", "until_date")


def _shape(item: Subscription, authors: Authors, context: ApiContext) -> dict[str, Any]:
    insight = Insights(context.appdb).find(item.project_id, item.insight_id) if item.insight_id else None
    board = Boards(context.appdb).find(item.project_id, item.dashboard_id) if item.dashboard_id else None
    name = (insight.name or insight.derived_name) if insight else board.name if board else None
    return {
        "id": item.id,
        "content_type": "insight" if item.insight_id else "dashboard",
        "dashboard": item.dashboard_id,
        "insight": item.insight_id,
        "insight_short_id": insight.short_id if insight else None,
        "resource_name": name,
        "dashboard_export_insights": item.export_insights,
        "prompt": None,
        "ai_config": None,
        "target_type": item.target_type,
        "target_value": item.target_value,
        "frequency": item.frequency,
        "interval": item.interval,
        "byweekday": item.byweekday,
        "bysetpos": item.bysetpos,
        "count": item.count,
        "start_date": iso(item.start_date),
        "until_date": iso_or_none(item.until_date),
        "created_at": iso(item.created_at),
        "created_by": authors(item.created_by),
        "deleted": item.deleted,
        "enabled": item.enabled,
        "title": item.title,
        "summary": item.summary(),
        "next_delivery_date": None,
        "delivery": NO_DELIVERY,
        "integration_id": None,
        "invite_message": None,
        "summary_enabled": False,
        "summary_prompt_guide": None,
    }
