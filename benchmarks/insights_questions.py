"""The questions of the benchmark of insights: as PostHog's query JSON, as SQL for DuckDB, and how answers compare."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import insights_duckdb as duck
from benchmarks.insights_data import STAGES
from leanbase.query.paths.runner import connected

MONTH_BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
MONTH_DAYS = 30
WEEKS_BEGIN = datetime(2026, 9, 6, tzinfo=UTC)  # a Sunday
WEEKS = 8

Rows = Iterable[tuple[Any, ...]]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """One question. ``ours`` and ``theirs`` bring the two answers into one comparable form."""

    name: str
    query: dict[str, Any]
    sql: str
    ours: Callable[[Json], Any]
    theirs: Callable[[Rows], Any]
    reads_hot: bool = False  # reads hot properties: the plain layout must be 10 times slower
    scan: bool = False  # a plain count: DuckDB may be up to twice as fast
    by_person: bool = False  # funnels and retention


def _range(begin: datetime, days: int) -> tuple[duck.Range, dict[str, str]]:
    last = begin + timedelta(days=days - 1)
    return duck.Range(int(begin.timestamp()) * 1_000_000, days), {
        "date_from": f"{begin:%Y-%m-%d}",
        "date_to": f"{last:%Y-%m-%d}",
    }


def _line(json: Json) -> list[int]:
    return [int(value) for value in json["results"][0]["data"]]


def _lines(json: Json) -> dict[str, list[int]]:
    return {str(row["breakdown_value"]): [int(value) for value in row["data"]] for row in json["results"]}


def _by_day(rows: Rows) -> list[int]:
    found = {int(day): int(value) for day, value in rows}
    return [found.get(day, 0) for day in range(MONTH_DAYS)]


def _by_days(rows: Rows) -> list[int]:
    found = {int(days): int(people) for days, people in rows}
    return [found.get(days, 0) for days in range(1, MONTH_DAYS + 1)]


def _by_value(rows: Rows) -> dict[str, list[int]]:
    """The first 25 values and the rest, as the product cuts them off."""
    found: dict[str, list[int]] = {}
    for value, day, count in rows:
        found.setdefault(str(value), [0] * MONTH_DAYS)[int(day)] = int(count)
    ranked = sorted(found.items(), key=lambda item: (-sum(item[1]), item[0]))
    shown = dict(ranked[:25])
    if rest := [line for _, line in ranked[25:]]:
        shown["$$_posthog_breakdown_other_$$"] = [sum(values) for values in zip(*rest, strict=True)]
    return shown


def _links(links: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    return {(link["source"], link["target"]): link["value"] for link in connected(links)}


def trends_query(*, math: str = "total", breakdown: str = "", where: list[Any] | None = None) -> dict[str, Any]:
    """Page views of the month by day."""
    node = {"kind": "EventsNode", "event": "$pageview", "math": math, "properties": where or []}
    query: dict[str, Any] = {"kind": "TrendsQuery", "series": [node], "dateRange": _range(MONTH_BEGIN, MONTH_DAYS)[1]}
    if breakdown:
        query["breakdownFilter"] = {"breakdown": breakdown, "breakdown_type": "event"}
    return query


def _trends(
    name: str, sql: str, *, math: str = "total", breakdown: str = "", where: list[Any] | None = None
) -> Question:
    query = trends_query(math=math, breakdown=breakdown, where=where)
    ours, theirs = (_lines, _by_value) if breakdown else (_line, _by_day)
    scan = math == "total" and not breakdown
    return Question(name, query, sql, ours, theirs, reads_hot=bool(breakdown or where), scan=scan)


def equals(key: str, value: str) -> dict[str, Any]:
    """A filter of an event property."""
    return {"type": "event", "key": key, "operator": "exact", "value": [value]}


def funnel(name: str, steps: list[str], *, browser: str = "") -> Question:
    """People of the sixty days, by how far they came within 14 days."""
    over, dates = _range(WEEKS_BEGIN, WEEKS * 7)
    where = [equals("$browser", browser)] if browser else []
    series = [{"kind": "EventsNode", "event": step, "properties": where} for step in steps]
    query = {
        "kind": "FunnelsQuery",
        "series": series,
        "dateRange": dates,
        "funnelsFilter": {"funnelWindowInterval": 14},
    }
    sql = duck.funnel(over, steps, 14, f"e.browser = '{browser}'" if browser else "true")
    return Question(
        name,
        query,
        sql,
        lambda json: [step["count"] for step in json["results"]],
        lambda rows: [int(count) for count in next(iter(rows))],
        reads_hot=bool(browser),
        by_person=True,
    )


def stages(count: int) -> list[str]:
    """The events of a funnel of up to 20 steps."""
    return [f"stage {number}" for number in range(1, min(count, STAGES) + 1)]


def questions() -> list[Question]:
    """Every insight, over a month or eight weeks."""
    month, dates = _range(MONTH_BEGIN, MONTH_DAYS)
    weeks, week_dates = _range(WEEKS_BEGIN, WEEKS * 7)
    pageviews: dict[str, Any] = {"kind": "EventsNode", "event": "$pageview"}
    entity = {"id": "$pageview", "type": "events"}
    return [
        _trends("trends, total", duck.total(month)),
        _trends("trends, unique by day", duck.unique(month), math="dau"),
        _trends("trends, weekly active", duck.weekly_active(month), math="weekly_active"),
        _trends("breakdown by $browser", duck.breakdown(month, "browser"), breakdown="$browser"),
        _trends("breakdown by $pathname (200)", duck.breakdown(month, "pathname"), breakdown="$pathname"),
        _trends(
            "breakdown by $browser, unique", duck.unique_breakdown(month, "browser"), math="dau", breakdown="$browser"
        ),
        _trends(
            "filter on $browser", duck.total(month, "e.browser = 'Firefox'"), where=[equals("$browser", "Firefox")]
        ),
        funnel("funnel, 3 steps", ["product viewed", "cart added", "purchase"]),
        funnel("funnel, 3 steps on $browser", ["$pageview", "product viewed", "cart added"], browser="Chrome"),
        funnel("funnel, 8 steps", stages(8)),
        Question(
            "retention, 8 weeks",
            {
                "kind": "RetentionQuery",
                "dateRange": week_dates,
                "retentionFilter": {
                    "period": "Week",
                    "totalIntervals": WEEKS,
                    "targetEntity": entity,
                    "returningEntity": entity,
                },
            },
            duck.retention(weeks),
            lambda json: {
                (row, column): value["count"]
                for row, line in enumerate(json["results"])
                for column, value in enumerate(line["values"])
                if value["count"]
            },
            lambda rows: {(int(row), int(column)): int(people) for row, column, people in rows},
            by_person=True,
        ),
        Question(
            "paths",
            {"kind": "PathsQuery", "dateRange": dates, "pathsFilter": {"includeEventTypes": ["$pageview"]}},
            duck.paths(month),
            lambda json: {(link["source"], link["target"]): link["value"] for link in json["results"]},
            lambda rows: _links([{"source": row[0], "target": row[1], "value": int(row[2])} for row in rows]),
        ),
        Question(
            "stickiness",
            {"kind": "StickinessQuery", "series": [pageviews], "dateRange": dates},
            duck.stickiness(month),
            _line,
            _by_days,
        ),
        Question(
            "lifecycle",
            {"kind": "LifecycleQuery", "series": [pageviews], "dateRange": dates},
            duck.lifecycle(month),
            lambda json: {
                (row["status"], day): abs(int(value))
                for row in json["results"]
                for day, value in enumerate(row["data"])
                if value
            },
            lambda rows: {(status, int(day)): int(people) for status, day, people in rows},
        ),
    ]
