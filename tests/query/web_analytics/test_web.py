"""Web analytics over a small site whose figures can be counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace as replace_project

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql.runner import run_hogql
from leanbase.query.web_analytics.external_clicks import run_web_external_clicks
from leanbase.query.web_analytics.goals import run_web_goals
from leanbase.query.web_analytics.live import run_web_live
from leanbase.query.web_analytics.overview import run_web_overview
from leanbase.query.web_analytics.stats_table import BREAKDOWNS, run_web_stats_table
from leanbase.query.web_analytics.vitals import run_vitals_by_path, run_web_vitals
from leanbase.store.client import Store
from tests.query.cases import KnownActions, StoredEvent, context, insert_events
from tests.query.session_ids import session_id

PROJECT = 900
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
RANGE = {"dateRange": {"date_from": "2026-05-10", "date_to": "2026-05-16"}}
COMPARED = {**RANGE, "compareFilter": {"compare": True}}

NO_SESSIONS = [{"$session_id": name} for name in ("session 7", "0199a6b0-0000-4000-8000-000000000007")]


def visit(person: str, session: str, start: datetime, steps: Sequence[tuple[int, str, str]], **properties: Any) -> Any:
    """A session: steps are (seconds after the start, event, path)."""
    return [
        StoredEvent(
            event,
            person,
            start + timedelta(seconds=seconds),
            {"$session_id": session_id(session), "$pathname": path, "$host": "shop.example", **properties},
        )
        for seconds, event, path in steps
    ]


@pytest.fixture
def site(store: Store) -> QueryContext:
    day = datetime(2026, 5, 12, 9, tzinfo=UTC)
    events = [
        # Two pages and a minute and a half; came from a search.
        *visit(
            "ann",
            "s1",
            day,
            [(0, "$pageview", "/"), (60, "$pageview", "/pricing"), (90, "buy", "/pricing")],
            utm_source="google",
            **{"$browser": "Firefox", "$referring_domain": "www.google.com", "$geoip_country_code": "DE"},
        ),
        # One page and gone: a bounce.
        *visit("bob", "s2", day, [(0, "$pageview", "/")], **{"$browser": "Chrome", "$referring_domain": "$direct"}),
        # One page, but read for 10 seconds: no bounce.
        *visit("bob", "s3", day + timedelta(days=1), [(0, "$pageview", "/pricing"), (10, "$pageleave", "/pricing")]),
        # Without a page: not a visit. Without a session, or one whose id is no UUID of version 7: not one either.
        *visit("cid", "s4", day, [(0, "buy", "/")]),
        *(StoredEvent("$pageview", "dee", day, {"$pathname": "/", **own}) for own in ({}, *NO_SESSIONS)),
        # The week before.
        *visit("eve", "s5", day - timedelta(days=7), [(0, "$pageview", "/")]),
        # It began before the range: not in it, though a page of it is.
        *visit(
            "eve", "s6", datetime(2026, 5, 9, 23, 59, tzinfo=UTC), [(0, "$pageview", "/"), (120, "$pageview", "/late")]
        ),
    ]
    insert_events(store, PROJECT, events, "site")
    actions = KnownActions({7: [{"event": "buy"}], 8: [{"event": "never"}]})
    return context(store, Project(id=PROJECT, api_token="phc_site"), NOW, actions=actions)


def test_overview(site: QueryContext) -> None:
    items = {item["key"]: item for item in run_web_overview(site, {"kind": "WebOverviewQuery", **COMPARED})["results"]}
    values = {key: (item["value"], item["previous"], item["changeFromPreviousPct"]) for key, item in items.items()}
    assert values == {
        "visitors": (2, 1, 100),
        "views": (4, 2, 100),
        "sessions": (3, 2, 50),
        "session duration": (pytest.approx(100 / 3), 60, -44),
        "bounce rate": (pytest.approx(100 / 3), 50, -33),
    }
    assert items["bounce rate"]["isIncreaseBad"] is True
    assert run_web_overview(site, COMPARED)["resolved_compare_date_range"]["date_from"].startswith("2026-05-03")
    assert [item["kind"] for item in items.values()] == ["unit", "unit", "unit", "duration_s", "percentage"]


def test_overview_of_nothing(site: QueryContext) -> None:
    answer = run_web_overview(site, {"dateRange": {"date_from": "2020-01-01", "date_to": "2020-01-02"}})
    assert [item["value"] for item in answer["results"]] == [0, 0, 0, None, None]
    assert all(item["previous"] is None for item in answer["results"])


def test_overview_of_a_goal(site: QueryContext) -> None:
    query = {**RANGE, "conversionGoal": {"customEventName": "buy"}}
    answer = run_web_overview(site, query)["results"]
    assert {item["key"]: item["value"] for item in answer} == {
        "visitors": 2,
        "total conversions": 1,
        "unique conversions": 1,
        "conversion rate": 50,
    }


def table(site: QueryContext, by: str, **more: Any) -> list[Any]:
    answer = run_web_stats_table(site, {"kind": "WebStatsTableQuery", "breakdownBy": by, **RANGE, **more})
    return [row[:-2] for row in answer["results"]]


def test_pages_with_the_bounce_rate_of_those_who_entered_there(site: QueryContext) -> None:
    assert table(site, "Page", includeBounceRate=True) == [
        ["/", [2, None], [2, None], [0.5, None]],
        ["/pricing", [2, None], [2, None], [0, None]],
    ]
    assert table(site, "Page", includeHost=True)[0][0] == "shop.example/"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("InitialPage", [["/", [2, None], [3, None]], ["/pricing", [1, None], [1, None]]]),
        ("ExitPage", [["/pricing", [2, None], [3, None]], ["/", [1, None], [1, None]]]),
        ("Browser", [["Firefox", [1, None], [2, None]], ["Chrome", [1, None], [1, None]]]),
        ("Country", [["DE", [1, None], [2, None]]]),
        ("InitialUTMSource", [["google", [1, None], [2, None]], [None, [1, None], [2, None]]]),
        ("InitialUTMSourceMediumCampaign", None),
    ],
)
def test_breakdowns(site: QueryContext, by: str, expected: list[Any] | None) -> None:
    rows = table(site, by)
    if expected is None:
        named = ("google", "$direct", "(none)")  # who came without a source came from a domain, or from nowhere known
        assert {row[0] for row in rows} == {f"{source} / (none) / (none)" for source in named}
        return
    assert sorted(rows, key=str) == sorted(expected, key=str)


def test_channels(site: QueryContext) -> None:
    assert {row[0] for row in table(site, "InitialChannelType")} >= {"Organic Search", "Direct"}


def rule(name: str, *items: tuple[str, str, Any], combiner: str = "AND") -> dict[str, Any]:
    conditions = [{"id": str(n), "key": key, "op": op, "value": value} for n, (key, op, value) in enumerate(items)]
    return {"id": name, "channel_type": name, "combiner": combiner, "items": conditions}


@pytest.mark.parametrize(
    ("rules", "channels"),
    [
        ([rule("Ads", ("utm_source", "exact", ["GOOGLE"]))], {"Ads", "Direct", "Unknown"}),
        ([rule("Ads", ("utm_source", "is_set", None), ("pathname", "icontains", "nowhere"))], None),
        ([rule("Shop", ("utm_medium", "is_set", None), ("hostname", "regex", "^shop"), combiner="OR")], {"Shop"}),
        ([rule("Rest", ("utm_source", "is_not", "google"))], {"Organic Search", "Rest"}),
        ([rule("First", ("hostname", "is_set", None)), rule("Second", ("url", "is_set", None))], {"First"}),
        ([rule("Nothing")], None),
    ],
)
def test_a_projects_own_channels_come_first(
    site: QueryContext, rules: list[dict[str, Any]], channels: set[str] | None
) -> None:
    usual = {row[0] for row in table(site, "InitialChannelType")}
    asked = replace(site, modifiers={"customChannelTypeRules": rules})
    assert {row[0] for row in table(asked, "InitialChannelType")} == (channels or usual)
    settings = {"modifiers": {"customChannelTypeRules": rules}}
    project = replace_project(site.project, settings=settings)
    assert table(replace(site, project=project), "InitialChannelType") == table(asked, "InitialChannelType")


def test_wrong_channel_rules_of_a_query_are_refused_and_those_of_a_project_left_out(site: QueryContext) -> None:
    wrong = [rule("Ads", ("utm_source", "regex", "("))]
    with pytest.raises(QueryError, match="regular expression"):
        table(replace(site, modifiers={"customChannelTypeRules": wrong}), "InitialChannelType")
    with pytest.raises(QueryError, match="customChannelTypeRules"):
        table(replace(site, modifiers={"customChannelTypeRules": [{"combiner": "XOR"}]}), "InitialChannelType")
    project = replace_project(site.project, settings={"modifiers": {"customChannelTypeRules": wrong}})
    assert table(replace(site, project=project), "InitialChannelType") == table(site, "InitialChannelType")


@pytest.mark.parametrize(
    ("by", "told", "expected"),
    [
        ("Viewport", {"$viewport_width": 800, "$viewport_height": 600}, [["800", "600"]]),
        ("Viewport", {"$viewport_width": 800}, []),
        ("Region", {"$geoip_country_code": "DE", "$geoip_subdivision_1_code": "BE"}, [["DE", "BE", None]]),
        ("City", {"$geoip_city_name": "Berlin"}, [[None, "Berlin"]]),
        ("City", {"$geoip_country_code": "DE"}, []),
        ("PreviousPage", {"$prev_pageview_pathname": "/a", "$referrer": "https://x.example/b"}, ["/a"]),
        ("PreviousPage", {"$current_url": "https://x.example/c", "$referrer": "https://x.example/b?q"}, ["/b"]),
        ("PreviousPage", {"$current_url": "https://x.example/c", "$referrer": "https://y.example/"}, ["https://y.example/"]),
        ("PreviousPage", {"$current_url": "https://x.example/c"}, []),
    ],
)  # fmt: skip
def test_values_of_several_parts_are_lists(store: Store, by: str, told: dict[str, Any], expected: list[Any]) -> None:
    day = datetime(2026, 5, 12, 9, tzinfo=UTC)
    insert_events(store, PROJECT, visit("ann", "s", day, [(0, "$pageview", "/")], **told), "parts")
    here = context(store, Project(id=PROJECT, api_token="phc_site"), NOW)
    assert [row[0] for row in table(here, by)] == expected


@pytest.mark.parametrize("by", sorted(BREAKDOWNS))
def test_every_breakdown_answers(site: QueryContext, by: str) -> None:
    answer = run_web_stats_table(
        site, {"breakdownBy": by, **COMPARED, "includeBounceRate": True, "orderBy": ["BounceRate", "ASC"]}
    )
    assert answer["columns"][:4] == [
        f"context.columns.{n}" for n in ("breakdown_value", "visitors", "views", "bounce_rate")
    ]
    assert all(len(row) == len(answer["columns"]) for row in answer["results"])


def test_comparison_limit_and_conversions(site: QueryContext) -> None:
    query = {"breakdownBy": "Page", **COMPARED, "limit": 1, "conversionGoal": {"actionId": 7}}
    answer = run_web_stats_table(site, query)
    assert answer["hasMore"] is True
    assert answer["results"][0][:5] == ["/pricing", [2, 0], [1, 0], [1, 0], [0.5, None]]


def test_goals(site: QueryContext) -> None:
    answer = run_web_goals(site, {"kind": "WebGoalsQuery", **COMPARED})
    assert [row[:3] for row in answer["results"]] == [["action 7", [2, 0], [2, 0]], ["action 8", [0, 0], [0, 0]]]
    assert answer["results"][0][3] == [0.4, 0.0]


def test_live(store: Store) -> None:
    events = [
        *visit("ann", "s1", NOW - timedelta(minutes=3), [(0, "$pageview", "/"), (30, "$pageview", "/pricing")]),
        *visit("bob", "s2", NOW - timedelta(minutes=2), [(0, "$pageview", "/pricing")]),
        *visit("cid", "s3", NOW - timedelta(minutes=20), [(0, "$pageview", "/")]),
    ]
    insert_events(store, PROJECT, events, "live")
    here = context(store, Project(id=PROJECT, api_token="phc_site"), NOW)
    assert run_web_live(here, {})["results"] == {"visitors": 2, "pages": [["/pricing", 2]], "minutes": 5}


def test_web_vitals(store: Store) -> None:
    day = datetime(2026, 5, 12, 9, tzinfo=UTC)
    told = [("/fast", 100), ("/fast", 300), ("/slow", 9000), ("/fair", "3000"), ("/none", None), ("/docs/1", 2500)]
    events = [
        StoredEvent("$web_vitals", "ann", day, {"$pathname": path, "$web_vitals_LCP_value": value})
        for path, value in told
    ]
    insert_events(store, PROJECT, [*events, StoredEvent("$pageview", "ann", day, {"$pathname": "/"})], "vitals")
    rules = {"path_cleaning_filters": [{"regex": "\\d+", "alias": ":id"}]}
    here = context(store, Project(id=PROJECT, api_token="phc_site", settings=rules), NOW)
    query = {**RANGE, "metric": "LCP", "percentile": "p75", "doPathCleaning": True, "properties": []}
    assert run_vitals_by_path(here, query)["results"] == [
        {
            "good": [{"path": "/fast", "value": 250}, {"path": "/docs/:id", "value": 2500}],
            "needs_improvements": [{"path": "/fair", "value": 3000}],
            "poor": [{"path": "/slow", "value": 9000}],
        }
    ]
    strict = run_vitals_by_path(here, {**query, "thresholds": [1, 200]})["results"][0]
    assert not strict["good"] and not strict["needs_improvements"] and len(strict["poor"]) == 4
    series = {"kind": "EventsNode", "event": "$web_vitals", "math": "p75", "math_property": "$web_vitals_LCP_value"}
    trend = {"kind": "TrendsQuery", "series": [{**series, "custom_name": "LCP"}], **RANGE}
    line = run_web_vitals(here, {"kind": "WebVitalsQuery", "source": trend})["results"][0]
    assert (line["action"]["custom_name"], max(line["data"])) == ("LCP", 3000)
    with pytest.raises(QueryError, match="TrendsQuery"):
        run_web_vitals(here, {"source": {"kind": "PathsQuery"}})
    with pytest.raises(QueryError, match="metric"):
        run_vitals_by_path(here, RANGE)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"breakdownBy": "Moon"}, "breakdownBy is one of"),
        ({"orderBy": ["Luck"]}, "orderBy is"),
        ({"conversionGoal": {}}, "conversionGoal has"),
        ({"limit": "many"}, "limit"),
    ],
)
def test_wrong_queries_are_refused(site: QueryContext, query: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_web_stats_table(site, {**RANGE, **query})


def test_external_clicks(store: Store) -> None:
    day = datetime(2026, 5, 12, 9, tzinfo=UTC)

    def click(who: str, url: str, hours: int = 0, host: str = "shop.example") -> StoredEvent:
        link = {"$external_click_url": url, "$host": host}
        return StoredEvent("$autocapture", who, day + timedelta(hours=hours), link)

    events = [
        click("ann", "https://a.example/x?y=1"),
        click("ann", "https://a.example/x?y=2", 1),
        click("bob", "https://a.example/x?y=1", 2),
        *(click("bob", "https://b.example/#top", hour) for hour in (3, 4, 5)),
        click("bob", "https://help.shop.example/", 6, "www.shop.example"),
        click("cid", "https://c.example/", -24 * 7),
        StoredEvent("$autocapture", "ann", day, {}),
    ]
    insert_events(store, PROJECT, events, "clicks")
    here = context(store, Project(id=PROJECT, api_token="phc_site"), NOW)
    answer = run_web_external_clicks(here, COMPARED)
    assert answer["results"] == [
        ["https://b.example/#top", [1, 0], [3, 0]],
        ["https://a.example/x?y=1", [2, 0], [2, 0]],
        ["https://a.example/x?y=2", [1, 0], [1, 0]],
    ]
    stripped = run_web_external_clicks(here, {**RANGE, "stripQueryParams": True, "limit": 1, "offset": 1})
    assert stripped["results"] == [["https://b.example/", [1, None], [3, None]]]
    first = run_web_external_clicks(here, {**RANGE, "limit": 1, "orderBy": ["Visitors", "DESC"]})
    assert (first["results"][0][0], first["hasMore"]) == ("https://a.example/x?y=1", True)
    with pytest.raises(QueryError, match="orderBy is"):
        run_web_external_clicks(here, {**RANGE, "orderBy": ["Views"]})


def test_how_far_pages_are_scrolled_and_paths_that_are_cleaned(store: Store) -> None:
    day = datetime(2026, 5, 12, 9, tzinfo=UTC)

    def tells(path: str | None, depth: float) -> dict[str, Any]:
        names = ("$prev_pageview_max_scroll_percentage", "$prev_pageview_max_content_percentage")
        return {"$prev_pageview_pathname": path, **dict.fromkeys(names, depth)} if path else {}

    visit_id = {"$session_id": session_id("s1")}
    steps = [("/docs/1", None, 0.0), ("/docs/2", "/docs/1", 0.4), ("/", "/docs/2", 0.9)]
    events = [
        StoredEvent("$pageview", "ann", day, {**visit_id, "$pathname": path, **tells(before, depth)})
        for path, before, depth in steps
    ]
    events.append(StoredEvent("$pageleave", "ann", day, {**visit_id, "$pathname": "/", **tells("/", 0.5)}))
    insert_events(store, PROJECT, events, "scroll")
    rules = [{"regex": "/docs/\\d+", "alias": "/docs/:id"}]
    project = Project(id=PROJECT, api_token="phc_site", settings={"path_cleaning_filters": rules})
    here = context(store, project, NOW)
    query = {**RANGE, "breakdownBy": "Page", "includeBounceRate": True, "includeScrollDepth": True}
    answer = run_web_stats_table(here, query | {"doPathCleaning": True})
    assert answer["columns"][4:6] == [
        f"context.columns.{n}" for n in ("average_scroll_percentage", "scroll_gt80_percentage")
    ]
    assert [row[:-2] for row in answer["results"]] == [
        ["/docs/:id", [1, None], [2, None], [0, None], [0.65, None], [0.5, None]],
        ["/", [1, None], [1, None], [None, None], [0.5, None], [0, None]],
    ]
    filtered = query | {"properties": [{"type": "event", "key": "$pathname", "operator": "exact", "value": "/docs/2"}]}
    assert [row[4] for row in run_web_stats_table(here, filtered)["results"]] == [[0.9, None]]


SESSION = {
    "page": [(0, "$pageview")],
    "two pages": [(0, "$pageview"), (1, "$pageview")],
    "page and click": [(0, "$pageview"), (1, "$autocapture")],
    "long page": [(0, "$pageview"), (12, "$pageleave")],
    "click": [(0, "$autocapture")],
    "nothing to see": [(0, "buy")],
}


@pytest.mark.parametrize(
    ("modifiers", "expected"),
    [({}, [1, 0, 0, 0, 1, None]), ({"bounceRateDurationSeconds": 20}, [1, 0, 0, 1, 1, None])],
)
def test_what_bounces(store: Store, modifiers: dict[str, Any], expected: list[int | None]) -> None:
    day = datetime(2026, 5, 12, 9, tzinfo=UTC)
    events = [
        StoredEvent(event, "ann", day + timedelta(seconds=at), {"$session_id": session_id(name)})
        for name, steps in SESSION.items()
        for at, event in steps
    ]
    events += [StoredEvent("$pageview", "ann", day, own) for own in NO_SESSIONS]
    insert_events(store, PROJECT, events, "bounces")
    here = context(store, Project(id=PROJECT, api_token="phc_site"), NOW, modifiers=modifiers)
    rows = run_hogql(here, {"query": "SELECT session_id, toInt($is_bounce) FROM sessions"})["results"]
    assert dict(tuple(row) for row in rows) == dict(zip(map(session_id, SESSION), expected, strict=True))


@pytest.mark.parametrize(
    ("properties", "channel"),
    [
        ({"$referring_domain": "$direct", "utm_source": "what", "utm_medium": "who"}, "Direct"),
        ({"utm_source": "youtube.com", "utm_medium": "cpc"}, "Paid Video"),
        ({"utm_source": "substack", "utm_medium": "email", "$referring_domain": "bing.com"}, "Email"),
        ({"utm_medium": "partnership", "$referring_domain": "some.example"}, "Affiliate"),
        ({"$referring_domain": "plus.google.com"}, "Organic Social"),
        ({"$referring_domain": "$direct", "utm_source": "news.ycombinator.com", "utm_medium": "app"}, "Organic Social"),
        ({"$referring_domain": "ads.some.example", "gclid": "1"}, "Paid Unknown"),
        ({"$current_url": "https://shop.example:8000/sale?x=1"}, "Sale"),
        ({"$referring_domain": "some.example", "utm_source": 5}, "Referral"),
        ({}, "Unknown"),
    ],
)
def test_the_channel_of_a_session(store: Store, properties: dict[str, Any], channel: str) -> None:
    seen = StoredEvent(
        "$pageview", "ann", datetime(2026, 5, 12, 9, tzinfo=UTC), {"$session_id": session_id("s"), **properties}
    )
    insert_events(store, PROJECT, [seen], "channel")
    own = [rule("Sale", ("pathname", "exact", "/sale"), ("hostname", "exact", "shop.example"))]
    modifiers = {"customChannelTypeRules": own}
    here = context(store, Project(id=PROJECT, api_token="phc_site"), NOW, modifiers=modifiers)
    assert run_hogql(here, {"query": "SELECT $channel_type FROM sessions"})["results"] == [[channel]]
