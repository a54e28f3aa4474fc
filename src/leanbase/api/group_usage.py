"""What the usage metrics of a group's type say of one group: the last days' number beside that of the days before."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import ApiContext, Context
from leanbase.api.query import TestNow, queries_of, refused, test_now
from leanbase.api.settling import settled
from leanbase.persons import group_metrics
from leanbase.persons.group_metrics import GroupMetric
from leanbase.query.errors import QueryError
from leanbase.query.service import Question

router = APIRouter(tags=["groups"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("group"))]

_MOST = 50  # metrics; each is a query


@router.get("/groups/usage_metrics/")
def show_usage(
    access: Access,
    context: Context,
    group_type_index: Annotated[int, Query(ge=0, le=4)],
    group_key: Annotated[str, Query(min_length=1, max_length=1000)],
    now: TestNow = None,
) -> dict[str, Any]:
    """The usage metrics of one group, the oldest first: ``value`` of the last days, ``previous`` of as many before."""
    moment = test_now(now, context)
    found, _ = group_metrics.page(context.state, access.project.id, group_type_index, _MOST, 0)
    return {"results": [_measured(metric, group_type_index, group_key, access, context, moment) for metric in found]}


def _measured(
    metric: GroupMetric, index: int, key: str, access: ProjectAccess, context: ApiContext, now: datetime | None
) -> dict[str, Any]:
    question = Question(project=access.project, query=_trend(metric, index, key), now=now)
    try:
        rows = queries_of(context).ask(question).body["results"]
    except QueryError as problem:
        raise refused(problem) from None
    value, previous = (
        sum(row["aggregated_value"] or 0 for row in rows if row["compare_label"] == label)
        for label in ("current", "previous")
    )
    return {
        "id": metric.id,
        "name": metric.name,
        "format": metric.format,
        "display": metric.display,
        "interval": metric.interval,
        "value": value,
        "previous": previous,
        "change_from_previous_pct": round((value - previous) / previous * 100, 2) if previous else None,
    }


def _trend(metric: GroupMetric, index: int, key: str) -> dict[str, Any]:
    """The metric as a question: events and actions of its filters, of this group alone."""
    filters = metric.filters
    math: dict[str, Any] = {"math": "total"}
    if metric.math == "sum":
        math = {"math": "sum", "math_property": metric.math_property}
    series = [
        {"kind": "EventsNode", "event": event.get("id"), "properties": event.get("properties") or [], **math}
        for event in _objects(filters.get("events"))
    ] + [
        {"kind": "ActionsNode", "id": action.get("id"), "properties": action.get("properties") or [], **math}
        for action in _objects(filters.get("actions"))
    ]
    group = {"key": f"$group_{index}", "type": "event", "operator": "exact", "value": key}
    return {
        "kind": "TrendsQuery",
        "series": series or [{"kind": "EventsNode", "event": None, **math}],
        "properties": [*_objects(filters.get("properties")), group],
        "filterTestAccounts": bool(filters.get("filter_test_accounts")),
        "dateRange": {"date_from": f"-{metric.interval}d"},
        "trendsFilter": {"display": "BoldNumber"},
        "compareFilter": {"compare": True},
    }


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
