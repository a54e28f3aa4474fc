"""FunnelCorrelationQuery: from its JSON to PostHog's results."""

from collections.abc import Mapping
from typing import Any

from leanbase.query import fields
from leanbase.query.context import QueryContext
from leanbase.query.correlation.clicks import elements_of
from leanbase.query.correlation.odds import Correlation, Counted, correlations, is_skewed
from leanbase.query.correlation.people import funnel_people
from leanbase.query.correlation.sql import (
    AUTOCAPTURE,
    ELEMENTS,
    ELEMENTS_DIVIDER,
    event_properties_sql,
    events_sql,
    person_properties_sql,
)
from leanbase.query.errors import QueryError

_KINDS = ("events", "properties", "event_with_properties")


def run_correlation(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a FunnelCorrelationQuery: ``{events, skewed}``. Raises :class:`QueryError`."""
    kind = fields.choice(query, "funnelCorrelationType", _KINDS, "events")
    names = fields.texts(query, "funnelCorrelationNames")
    event_names = fields.texts(query, "funnelCorrelationEventNames")
    if kind == "event_with_properties" and not event_names:
        raise QueryError("properties of events need funnelCorrelationEventNames", attr="funnelCorrelationEventNames")
    if kind == "properties" and not names:
        raise QueryError(
            "properties need funnelCorrelationNames: names of properties, or $all", attr="funnelCorrelationNames"
        )
    people = funnel_people(ctx, query)
    found: list[Counted] = []
    if people.successes and people.failures:
        match kind:
            case "properties":
                statement = person_properties_sql(
                    ctx, people, names, fields.texts(query, "funnelCorrelationExcludeNames")
                )
            case "event_with_properties":
                excluded = fields.texts(query, "funnelCorrelationEventExcludePropertyNames")
                statement = event_properties_sql(ctx, people, event_names, excluded)
            case _:
                statement = events_sql(ctx, people, fields.texts(query, "funnelCorrelationExcludeEventNames"))
        found = [Counted(str(name), int(won), int(lost)) for name, won, lost in ctx.execute(statement).rows]
    clicks = kind == "event_with_properties" and AUTOCAPTURE in event_names
    rows = [_row(item, clicks) for item in correlations(found, people.successes, people.failures)]
    return {"results": {"events": rows, "skewed": is_skewed(people.successes, people.failures)}}


def _row(item: Correlation, clicks: bool) -> dict[str, Any]:
    name = item.counted.name
    properties: dict[str, str] = {}
    elements: list[dict[str, Any]] = []
    if clicks and name.startswith(f"{AUTOCAPTURE}::{ELEMENTS}::"):
        kind, _, chain = name.split("::", 2)[2].partition(ELEMENTS_DIVIDER)
        properties, elements = {"$event_type": kind}, elements_of(chain)
    return {
        "event": {"event": name, "properties": properties, "elements": elements},
        "success_count": item.counted.success,
        "failure_count": item.counted.failure,
        "odds_ratio": item.odds_ratio,
        "correlation_type": "success" if item.success else "failure",
        "success_people_url": None,
        "failure_people_url": None,
    }
