"""Results beside saved insights: the query service's answer in the fields that an insight has for it."""

from collections.abc import Mapping
from typing import Any

from leanbase.api.access import ProjectAccess
from leanbase.api.context import ApiContext
from leanbase.dashboards.insights import Insight
from leanbase.query.errors import QueryError
from leanbase.query.service import Question

COMPUTED = {
    "result": None,
    "hasMore": None,
    "columns": None,
    "types": None,
    "hogql": None,
    "is_cached": False,
    "last_refresh": None,
    "cache_target_age": None,
    "next_allowed_client_refresh": None,
    "query_status": None,
    "resolved_date_range": None,
    "timezone": None,
}
# Paths alone tell how many ended where.
TAKEN = (*(name for name in COMPUTED if name != "result"), "dropoffs")
NO_REFRESH = "force_cache"


def computed_fields(
    insight: Insight,
    access: ProjectAccess,
    context: ApiContext,
    refresh: str = NO_REFRESH,
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The computed fields of an insight. ``overrides`` are a dashboard's filters, merged over the query.

    A query that fails leaves the result empty and says why in ``error``: one broken tile does not break a dashboard.
    """
    fields = {**COMPUTED, "timezone": access.project.timezone}
    if insight.query is None or context.queries is None:
        return fields
    question = Question(
        project=access.project, query=insight.query, refresh=refresh, filters_override=dict(overrides or {}) or None
    )
    try:
        answer = context.queries.ask(question).body
    except QueryError as problem:
        return {**fields, "error": problem.detail}
    found = {name: answer[name] for name in TAKEN if name in answer}
    return {**fields, **found, "result": answer.get("results")}
