"""The template "Activation": do new persons get to the value of the product, and do those who do come back?"""

from leanbase.dashboards.templates import Template, TemplateTile, TemplateVariable

ACTIVATION_DAYS = 7  # from a person's first event
ACTIVATION_TIMES = 3

_RANGE = {"date_from": "-90d"}
_VALUE = "{VALUE}"
_FIRST = {"kind": "EventsNode", "event": "{START}", "math": "first_time_for_user", "custom_name": "Started"}
_STEP = {"kind": "EventsNode", "event": _VALUE, "custom_name": "Got value"}
_WITHIN = {
    "funnelWindowInterval": ACTIVATION_DAYS,
    "funnelWindowIntervalUnit": "day",
    "funnelVizType": "steps",
}

_ON_DAYS = f"""
SELECT toStartOfWeek(began) AS week, count() AS started,
    countIf(active_days >= {ACTIVATION_TIMES}) AS activated, round(activated / started, 3) AS share
FROM (
    SELECT began, length(arrayFilter(d -> d < toDate(began + INTERVAL {ACTIVATION_DAYS} DAY), days)) AS active_days
    FROM (
        SELECT person_id, min(timestamp) AS began,
            groupUniqArrayIf(toDate(timestamp), event = {{value}}) AS days
        FROM events GROUP BY person_id
    )
    WHERE began >= now() - INTERVAL 90 DAY AND began < now() - INTERVAL {ACTIVATION_DAYS} DAY
)
GROUP BY week ORDER BY week
""".strip()

# Weeks 1 to 4 begin when the activation window is over, so nobody is activated by coming back.
_RETENTION = f"""
SELECT if(times >= {ACTIVATION_TIMES}, 'activated', 'not activated') AS persons, count() AS started,
    round(countIf(has(weeks, 1)) / started, 3) AS week_1, round(countIf(has(weeks, 2)) / started, 3) AS week_2,
    round(countIf(has(weeks, 3)) / started, 3) AS week_3, round(countIf(has(weeks, 4)) / started, 3) AS week_4
FROM (
    SELECT length(arrayFilter(t -> t < began + INTERVAL {ACTIVATION_DAYS} DAY, done)) AS times,
        arrayDistinct(arrayMap(t -> intDiv(dateDiff('second', began, t), 604800), seen)) AS weeks
    FROM (
        SELECT person_id, min(timestamp) AS began, groupArrayIf(timestamp, event = {{value}}) AS done,
            groupUniqArray(toStartOfHour(timestamp)) AS seen
        FROM events GROUP BY person_id
    )
    WHERE began >= now() - INTERVAL 90 DAY AND began < now() - INTERVAL 35 DAY
)
GROUP BY persons ORDER BY persons
""".strip()


def _sql(query: str) -> dict[str, object]:
    source = {"kind": "HogQLQuery", "query": query, "values": {"value": _VALUE}}
    return {"kind": "DataVisualizationNode", "source": source}


def _insight(source: dict[str, object]) -> dict[str, object]:
    return {"kind": "InsightVizNode", "source": source}


ACTIVATION = Template(
    id="activation",
    name="Activation",
    description="Do new people get to the value of your product, and do those who do come back?",
    tags=("activation", "retention"),
    variables=(
        TemplateVariable("START", "Start", "What new people do first. Empty: their very first event.", None),
        TemplateVariable("VALUE", "Value", "The event with which people get what they came for.", "$pageview"),
        TemplateVariable("RETURN", "Return", "What shows that people came back. Empty: any event.", None),
    ),
    tiles=(
        TemplateTile(
            "North Star",
            "People who got value, per week.",
            _insight(
                {
                    "kind": "TrendsQuery",
                    "series": [{"kind": "EventsNode", "event": _VALUE, "math": "dau"}],
                    "interval": "week",
                    "dateRange": _RANGE,
                }
            ),
            wide=True,
        ),
        TemplateTile(
            "Activation: got value once",
            f"New people who got value within {ACTIVATION_DAYS} days.",
            _insight(
                {"kind": "FunnelsQuery", "series": [_FIRST, _STEP], "funnelsFilter": _WITHIN, "dateRange": _RANGE}
            ),
        ),
        TemplateTile(
            f"Activation: got value {ACTIVATION_TIMES} times",
            f"New people who got value {ACTIVATION_TIMES} times within {ACTIVATION_DAYS} days.",
            _insight(
                {
                    "kind": "FunnelsQuery",
                    "series": [_FIRST, *[_STEP] * ACTIVATION_TIMES],
                    "funnelsFilter": _WITHIN,
                    "dateRange": _RANGE,
                }
            ),
        ),
        TemplateTile(
            f"Activation: got value on {ACTIVATION_TIMES} days",
            f"New people who got value on {ACTIVATION_TIMES} different days of their first {ACTIVATION_DAYS}, by week.",
            _sql(_ON_DAYS),
        ),
        TemplateTile(
            "Retention: activated and not",
            f"Share of people with any event in weeks 1 to 4, by whether they got value {ACTIVATION_TIMES} times in"
            f" their first {ACTIVATION_DAYS} days. People who began 35 to 90 days ago.",
            _sql(_RETENTION),
        ),
        TemplateTile(
            "Find my activation metric",
            "Early behaviour ranked by how well it separates people who come back from those who do not.",
            _insight(
                {
                    "kind": "ActivationMetricQuery",
                    "dateRange": _RANGE,
                    "activationFilter": {
                        "startEntity": {"id": "{START}", "type": "events"},
                        "returningEntity": {"id": "{RETURN}", "type": "events"},
                        "days": [1, 3, ACTIVATION_DAYS],
                    },
                }
            ),
            wide=True,
        ),
    ),
)
