"""The template "Product analytics": how many people, how often, and do they stay."""

from typing import Any

from leanbase.dashboards.templates import Template, TemplateTile, TemplateVariable

_EVENT = {"kind": "EventsNode", "event": "{EVENT}"}
_ENTITY = {"id": "{EVENT}", "type": "events"}


def _insight(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "InsightVizNode", "source": {"kind": kind, **fields}}


PRODUCT_ANALYTICS = Template(
    id="product-analytics",
    name="Product analytics",
    description="How many people use your product, how often, and whether they stay.",
    tags=("product analytics",),
    variables=(TemplateVariable("EVENT", "Event", "What counts as using the product.", "$pageview"),),
    tiles=(
        TemplateTile(
            "Daily active people",
            "Per day, over the last 30 days.",
            _insight(
                "TrendsQuery",
                series=[{**_EVENT, "math": "dau"}],
                interval="day",
                dateRange={"date_from": "-30d"},
            ),
        ),
        TemplateTile(
            "Weekly active people",
            "Per week, over the last 90 days.",
            _insight(
                "TrendsQuery",
                series=[{**_EVENT, "math": "dau"}],
                interval="week",
                dateRange={"date_from": "-90d"},
            ),
        ),
        TemplateTile(
            "Retention",
            "People who came back in the weeks after their first.",
            _insight(
                "RetentionQuery",
                retentionFilter={
                    "period": "Week",
                    "totalIntervals": 9,
                    "retentionType": "retention_first_time",
                    "targetEntity": _ENTITY,
                    "returningEntity": _ENTITY,
                },
            ),
        ),
        TemplateTile(
            "Growth",
            "New, returning, resurrecting and dormant people per week.",
            _insight("LifecycleQuery", series=[_EVENT], interval="week", dateRange={"date_from": "-60d"}),
        ),
        TemplateTile(
            "Stickiness",
            "On how many of the last 30 days people were there.",
            _insight("StickinessQuery", series=[_EVENT], interval="day", dateRange={"date_from": "-30d"}),
        ),
    ),
)
