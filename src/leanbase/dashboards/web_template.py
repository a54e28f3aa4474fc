"""The template "Web analytics": who visits, where they come from, what they look at."""

from typing import Any

from leanbase.dashboards.templates import Template, TemplateTile

_MONTH = {"date_from": "-30d"}
_VISITORS = {"kind": "EventsNode", "event": "$pageview", "math": "dau", "custom_name": "Visitors"}
_VIEWS = {"kind": "EventsNode", "event": "$pageview", "math": "total", "custom_name": "Page views"}
_SESSIONS = {"kind": "EventsNode", "event": "$pageview", "math": "unique_session", "custom_name": "Sessions"}


def _trend(series: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    source = {"kind": "TrendsQuery", "series": series, "interval": "day", "dateRange": _MONTH, **fields}
    return {"kind": "InsightVizNode", "source": source}


def _totals(
    display: str, breakdown: str, kind: str = "event", limit: int = 10, series: dict[str, Any] = _VISITORS
) -> dict[str, Any]:
    return _trend(
        [series],
        trendsFilter={"display": display},
        breakdownFilter={"breakdown": breakdown, "breakdown_type": kind, "breakdown_limit": limit},
    )


def _number(series: dict[str, Any]) -> dict[str, Any]:
    return _trend([series], trendsFilter={"display": "BoldNumber"}, compareFilter={"compare": True})


WEB_ANALYTICS = Template(
    id="web-analytics",
    name="Web analytics",
    description="Who visits your site, where they come from and what they look at.",
    tags=("web analytics",),
    variables=(),
    tiles=(
        TemplateTile("Visitors", "Over the last 30 days, against those before.", _number(_VISITORS), height=3),
        TemplateTile("Sessions", "Over the last 30 days, against those before.", _number(_SESSIONS), height=3),
        TemplateTile(
            "Visitors and page views",
            "Per day.",
            _trend([_VISITORS, _VIEWS], trendsFilter={"display": "ActionsLineGraph"}),
            wide=True,
        ),
        TemplateTile("Pages", "By page views.", _totals("ActionsBarValue", "$pathname", series=_VIEWS)),
        TemplateTile("Referrers", "By visitors.", _totals("ActionsBarValue", "$referring_domain")),
        TemplateTile("Channels", "By visitors.", _totals("ActionsPie", "$channel_type", "session")),
        TemplateTile("Devices", "By visitors.", _totals("ActionsPie", "$device_type")),
        TemplateTile(
            "Countries", "By visitors.", _totals("WorldMap", "$geoip_country_code", limit=300), wide=True, height=7
        ),
        TemplateTile(
            "Do visitors come back?",
            "By the week of their first page view.",
            {
                "kind": "InsightVizNode",
                "source": {
                    "kind": "RetentionQuery",
                    "retentionFilter": {
                        "period": "Week",
                        "totalIntervals": 8,
                        "retentionType": "retention_first_time",
                        "targetEntity": {"id": "$pageview", "type": "events"},
                        "returningEntity": {"id": "$pageview", "type": "events"},
                    },
                },
            },
        ),
        TemplateTile(
            "Where visitors go",
            "From page to page.",
            {
                "kind": "InsightVizNode",
                "source": {
                    "kind": "PathsQuery",
                    "pathsFilter": {"includeEventTypes": ["$pageview"], "stepLimit": 4, "edgeLimit": 30},
                    "dateRange": _MONTH,
                },
            },
        ),
    ),
)
