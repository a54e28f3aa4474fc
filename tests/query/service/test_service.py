"""The service around the runners: kinds, cache, background, cancelling, overrides, errors."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query import cache
from leanbase.query.background import Background
from leanbase.query.cache import Cached, ResultCache, cache_key, next_client_refresh
from leanbase.query.errors import QueryError
from leanbase.query.overrides import unwrapped, with_filters, with_variables
from leanbase.query.service import QueryService, Question
from leanbase.query.slots import Slots

COUNT = {"kind": "HogQLQuery", "query": "select count() from events"}


def add(insert_events: Callable, name: str = "e", project: int = 1, **more: Any) -> None:
    insert_events(project, [{"event": name, "timestamp": datetime.now(UTC), "distinct_id": "u", **more}])


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers to SQL stay fresh for a second only; a test on a slow machine may take longer."""
    monkeypatch.setitem(cache.STALE_AFTER, cache.SQL, cache.HOUR)


def test_sql_sees_what_arrived_a_moment_ago(
    service: QueryService, project: Project, insert_events: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.run(project, COUNT)["results"] == [[0]]
    add(insert_events)
    monkeypatch.setitem(cache.STALE_AFTER, cache.SQL, -cache.SQL_STALE_AFTER)  # a second later
    assert service.run(project, COUNT)["results"] == [[1]]


def test_an_answer_says_what_it_cost_and_how_fresh_it_is(
    service: QueryService, project: Project, insert_events: Callable
) -> None:
    add(insert_events)
    answer = service.run(project, COUNT)
    assert answer["results"] == [[1]]
    assert answer["is_cached"] is False
    assert answer["statistics"]["rows_read"] >= 1 and answer["statistics"]["statements"] == 1
    assert "project_id = 1" in answer["clickhouse"] and "{b" not in answer["clickhouse"]
    assert answer["timezone"] == "UTC" and answer["cache_key"].startswith("cache_1_")
    again = service.run(project, COUNT)
    assert again["is_cached"] is True and again["last_refresh"] == answer["last_refresh"]
    assert again["results"] == [[1]]


def test_refresh_decides_whether_a_result_may_be_old(
    service: QueryService, project: Project, insert_events: Callable
) -> None:
    def ask(refresh: Any) -> Any:
        return service.ask(Question(project=project, query=COUNT, refresh=refresh))

    miss = ask("force_cache")
    assert miss.status == 200 and set(miss.body) == {"cache_key", "query_status"}
    assert ask("blocking").body["results"] == [[0]]
    add(insert_events)
    assert ask(None).body["results"] == [[0]]
    assert ask("async").body["results"] == [[0]]
    assert ask("force_cache").body["results"] == [[0]]
    assert ask("force_blocking").body["results"] == [[1]]
    with pytest.raises(QueryError, match="refresh is one of"):
        ask("sometimes")


def test_a_cache_is_of_one_project_and_one_clock(
    service: QueryService, project: Project, insert_events: Callable
) -> None:
    add(insert_events)
    other = Project(id=2, api_token="phc_2")
    assert service.run(project, COUNT)["results"] == [[1]]
    assert service.run(other, COUNT)["results"] == [[0]]
    text = {"kind": "HogQLQuery", "query": "select now()"}
    at = datetime(2020, 1, 1, tzinfo=UTC)
    assert service.run(project, text, now=at)["results"] == [["2020-01-01T00:00:00Z"]]
    assert service.run(project, text, now=at + timedelta(days=1))["results"] == [["2020-01-02T00:00:00Z"]]
    assert service.run(project, text)["results"][0][0] > "2025"


def test_background_queries_are_polled(service: QueryService, project: Project) -> None:
    answer = service.ask(Question(project=project, query=COUNT, refresh="async", client_query_id="mine"))
    assert answer.status == 202 and answer.body["query_status"]["id"] == "mine"
    status = service.status(1, "mine")
    assert status is not None and service.status(2, "mine") is None
    assert service._background.wait(status, 20)
    shape = status.shape()
    assert shape["complete"] and not shape["error"] and shape["results"]["results"] == [[0]]
    broken = {"kind": "HogQLQuery", "query": "select nope"}
    service.ask(Question(project=project, query=broken, refresh="force_async", client_query_id="broken"))
    status = service.status(1, "broken")
    assert status is not None and service._background.wait(status, 20)
    assert status.shape()["error"] and "nope" in status.shape()["error_message"]


def test_a_running_query_is_cancelled(service: QueryService, project: Project) -> None:
    long = {"kind": "HogQLQuery", "query": "select sum(number) from numbers(1000000000000)"}
    problems: list[QueryError] = []

    def ask() -> None:
        try:
            service.run(project, long, client_query_id="long")
        except QueryError as problem:
            problems.append(problem)

    thread = threading.Thread(target=ask)
    thread.start()
    deadline = time.monotonic() + 15
    while not service.cancel(1, "long") and time.monotonic() < deadline:
        time.sleep(0.02)
    while thread.is_alive() and time.monotonic() < deadline:
        service.cancel(1, "long")
        thread.join(0.1)
    thread.join(30)
    assert [problem.code for problem in problems] == ["query_was_cancelled"]
    assert service.cancel(1, "long") is False


def test_what_cannot_be_asked(service: QueryService, project: Project) -> None:
    def refuse(query: dict[str, Any], **more: Any) -> QueryError:
        with pytest.raises(QueryError) as refusal:
            service.ask(Question(project=project, query=query, **more))
        return refusal.value

    assert refuse({}).attr == "query.kind"
    assert "'Nonsense'" in refuse({"kind": "Nonsense"}).detail
    assert (
        refuse({"kind": {"a": []}}).attr
        == refuse({"kind": "DataTableNode", "source": {"kind": []}}).attr
        == "query.kind"
    )
    filtered = {"kind": "HogQLQuery", "query": "select count() from events where {filters}"}
    assert refuse({**filtered, "filters": {"dateRange": {"date_to": [5]}}}).attr == "filters.dateRange.date_to"
    assert refuse({**filtered, "filters": {"dateRange": "-7d"}}).attr == "filters.dateRange"
    beyond = refuse({"kind": "HogQLQuery", "query": "select fromUnixTimestamp64Milli(9223372036854775807)"})
    assert (beyond.status, beyond.code) == (400, "illegal_value")
    assert refuse(COUNT, client_query_id="a b").attr == "client_query_id"
    engine = refuse({"kind": "HogQLQuery", "query": "select toInt64('x') + length(event) from events"})
    assert engine.status == 400 or engine.code
    unknown = refuse({"kind": "HogQLQuery", "query": "select sum(event) from events"})
    assert (unknown.status, unknown.code) == (400, "illegal_type_of_argument")
    assert "DB::Exception" not in unknown.detail and "version" not in unknown.detail


def test_wrappers_and_overrides() -> None:
    query = {"kind": "TrendsQuery", "dateRange": {"date_from": "-30d"}, "properties": [{"key": "a", "value": 1}]}
    assert unwrapped({"kind": "InsightVizNode", "source": query}) == query
    filters = {"date_from": "-7d", "properties": [{"key": "b", "value": 2}], "breakdown_filter": {"breakdown": "x"}}
    found = with_filters(query, filters)
    assert found["dateRange"] == {"date_from": "-7d", "date_to": None}
    assert found["breakdownFilter"] == {"breakdown": "x"}
    groups = found["properties"]["values"]
    assert [group["values"][0]["key"] for group in groups] == ["a", "b"]
    assert with_filters(query, None) == query and with_filters(query, {}) == query
    sql = with_filters({"kind": "HogQLQuery", "query": "select 1"}, filters)
    assert sql["filters"]["properties"]["values"][0]["key"] == "b"
    changed = with_variables({"kind": "HogQLQuery", "variables": {"1": {"value": 1}}}, {"1": {"value": 2}})
    assert changed["variables"] == {"1": {"value": 2}}


@pytest.mark.parametrize(
    ("interval", "minutes", "lazy_minutes"),
    [("minute", 5, 15), ("hour", 60, 120), ("day", 360, 720), ("week", 1440, 1440), (None, 360, 720)],
)
def test_staleness(interval: str | None, minutes: int, lazy_minutes: int) -> None:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    cached = Cached(b"{}", at, interval, at + timedelta(days=1))
    assert cached.is_fresh(at + timedelta(minutes=minutes, seconds=-1))
    assert not cached.is_fresh(at + timedelta(minutes=minutes))
    assert cached.is_fresh(at + timedelta(minutes=lazy_minutes, seconds=-1), lazy=True)
    assert not cached.is_fresh(at + timedelta(minutes=lazy_minutes), lazy=True)
    settled = Cached(b"{}", at, interval, at - timedelta(seconds=11))
    assert settled.is_fresh(at + timedelta(days=1000))
    assert not Cached(b"{}", at, interval, at - timedelta(seconds=9)).is_fresh(at + timedelta(days=1000))


@pytest.mark.parametrize(
    ("interval", "days", "minutes"),
    [("day", 30, 15), ("day", 7, 3), ("week", 8, 15), ("hour", 30, 3), ("minute", 30, 1), (None, None, 15)],
)
def test_when_a_client_may_force_again(interval: str | None, days: int | None, minutes: int) -> None:
    refreshed = datetime(2026, 1, 31, tzinfo=UTC)
    start = None if days is None else refreshed - timedelta(days=days)
    cached = Cached(b"", refreshed, interval, None if days is None else refreshed, start)
    assert next_client_refresh(cached) - refreshed == timedelta(minutes=minutes)


def test_a_query_that_waits_is_cancelled_before_it_begins() -> None:
    background, held = Background(threads=1), threading.Event()
    first = background.start(1, "first", lambda: {"waited": held.wait(30)})
    second = background.start(1, "second", lambda: {"ran": True}, lambda: {"rows_read": 5})
    assert second.shape()["query_progress"]["rows_read"] == 5
    assert background.cancel(1, "second") and not background.cancel(2, "second")
    held.set()
    assert background.wait(first, 30) and background.wait(second, 30)
    assert second.shape()["error_message"] == "The query was cancelled." and second.results is None
    assert not background.cancel(1, "second")
    background.close()


def test_the_cache_is_bounded() -> None:
    cache = ResultCache(max_bytes=1000)
    at = datetime.now(UTC)
    for number in range(10):
        cache.put(f"k{number}", Cached(b"x" * 200, at, None, None))
        cache.get("k0")
    assert cache.get("k0") is not None and cache.get("k1") is None and cache.get("k9") is not None
    cache.put("big", Cached(b"x" * 251, at, None, None))
    assert cache.get("big") is None
    assert cache_key(1, {"a": 1, "b": 2}) == cache_key(1, {"b": 2, "a": 1}) != cache_key(2, {"a": 1, "b": 2})


def test_interactive_queries_go_first_and_background_ones_never_hold_the_last_place() -> None:
    slots = Slots(2)
    with slots.taken(background=True):
        with pytest.raises(QueryError) as refusal, slots.taken(background=True, patience=0.01):
            pass
        assert (refusal.value.status, refusal.value.kind) == (429, "throttled_error")
        with slots.taken(), pytest.raises(QueryError), slots.taken(patience=0.01):
            pass
        with slots.taken():
            pass
    assert slots.waiting() == 0


def test_only_so_many_queries_wait_that_the_threads_of_other_requests_stay_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("leanbase.query.slots.MOST_WAITING", 1)
    slots, answered = Slots(1), threading.Event()

    def wait() -> None:
        with slots.taken():
            answered.set()

    with slots.taken():
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not slots.waiting():
            time.sleep(0.001)
        with pytest.raises(QueryError) as refusal, slots.taken():  # at once, whatever its patience
            pass
        assert refusal.value.status == 429 and not answered.is_set()
    waiting.join()
    assert answered.is_set()


def test_the_sort_key_is_used(service: QueryService, project: Project, insert_events: Callable) -> None:
    rows = [
        {"event": name, "timestamp": f"2026-01-{day:02d}", "distinct_id": f"u{day}"}
        for name in ("a", "b")
        for day in range(1, 29)
    ]
    insert_events(1, rows)
    berlin = Project(id=1, api_token="t", timezone="Europe/Berlin")
    text = "select count() from events where event = 'a' and timestamp >= '2026-01-10' and timestamp < '2026-01-11'"
    plan = "\n".join(service.run(berlin, {"kind": "HogQLQuery", "query": text, "explain": True})["explain"])
    keys = plan.split("PrimaryKey")[1].split("Condition")[0]
    assert "project_id" in keys and "event" in keys and "toDate(timestamp)" in keys, plan
    joined = f"select count() from events e join persons p on e.person_id = p.id where {text.split('where ')[1]}"
    plan = "\n".join(service.run(berlin, {"kind": "HogQLQuery", "query": joined, "explain": True})["explain"])
    keys = plan.split("PrimaryKey")[1].split("Condition")[0]
    assert "project_id" in keys and "event" in keys and "toDate(timestamp)" in keys, plan


def test_events_are_listed(
    service: QueryService, project: Project, insert_events: Callable, insert_persons: Callable
) -> None:
    now = datetime.now(UTC)
    insert_persons(1, [{"distinct_ids": ["u"], "properties": {"email": "u@x"}}])
    insert_events(
        1,
        [
            {"event": "new", "timestamp": now - timedelta(hours=1), "distinct_id": "u", "properties": {"a": 1}},
            {"event": "old", "timestamp": now - timedelta(days=3), "distinct_id": "v", "properties": {"a": 2}},
        ],
    )

    def ask(**query: Any) -> dict[str, Any]:
        return service.run(project, {"kind": "EventsQuery", **query}, refresh=True)

    answer = ask(select=["*", "event", "person", "properties.a -- Size"])
    assert answer["columns"] == ["*", "event", "person", "properties.a -- Size"]
    (row,) = answer["results"]
    assert row[0]["event"] == row[1] == "new" and row[0]["properties"] == {"a": 1}
    assert row[2]["properties"] == {"email": "u@x"} and row[3] == "1"
    assert [row[0] for row in ask(select=["event"], after="-7d")["results"]] == ["new", "old"]
    assert [row[0] for row in ask(select=["event"], after="all", orderBy=["timestamp ASC"])["results"]] == [
        "old",
        "new",
    ]
    assert ask(select=["event"], after="all", limit=1)["hasMore"] is True
    assert ask(select=["event"], after="all", event="old")["results"] == [["old"]]
    assert ask(select=["event"], after="all", where=["properties.a = '2'"])["results"] == [["old"]]
    assert ask(select=["event"], after="all", properties=[{"key": "a", "value": "1"}])["results"] == [["new"]]
    person = row[2]["uuid"]
    assert ask(select=["event"], personId=person)["results"] == [["new"]]
    assert sorted(ask(select=["event", "count()"], after="all")["results"]) == [["new", 1], ["old", 1]]
    for bad, place in (
        ({"select": ["nope"]}, "select.0"),
        ({"where": ["x("]}, "where.0"),
        ({"orderBy": ["q"]}, "orderBy.0"),
    ):
        with pytest.raises(QueryError) as refusal:
            ask(**{"select": ["event"], **bad})
        assert refusal.value.attr == place


def test_steps_of_an_action_are_tried_before_it_is_saved(
    service: QueryService, project: Project, insert_events: Callable
) -> None:
    now = datetime.now(UTC)
    pages = [("$pageview", "https://a.test/Pricing"), ("$pageview", "https://a.test/pricing"), ("signed up", "")]
    insert_events(
        1,
        [
            {"event": event, "timestamp": now, "distinct_id": url, "properties": {"$current_url": url}}
            for event, url in pages
        ],
    )

    def matched(steps: Any) -> list[str]:
        asked = {"kind": "EventsQuery", "select": ["distinct_id"], "actionSteps": steps, "orderBy": ["distinct_id"]}
        return [row[0] for row in service.run(project, asked, refresh=True)["results"]]

    # The URL's "contains" counts case, as it does once the action is saved.
    assert matched([{"event": "$pageview", "url": "/pricing"}]) == ["https://a.test/pricing"]
    assert matched([{"url": "/Pricing"}, {"event": "signed up"}]) == ["", "https://a.test/Pricing"]
    for bad in ([], "x", [3]):
        with pytest.raises(QueryError) as refusal:
            matched(bad)
        assert refusal.value.attr == "actionSteps"


def test_metadata_and_schema(service: QueryService, project: Project, insert_events: Callable) -> None:
    add(insert_events, properties={"plan": "pro"})

    def check(text: str, language: str = "hogQL") -> dict[str, Any]:
        return service.run(project, {"kind": "HogQLMetadata", "language": language, "query": text})

    assert check("select event from events")["isValid"]
    wrong = check("select evnt from events")
    assert not wrong["isValid"] and (wrong["errors"][0]["start"], wrong["errors"][0]["end"]) == (7, 11)
    assert check("properties.plan = 'pro'", "hogQLExpr")["isValid"]
    assert not check("sum(event) from", "hogQLExpr")["isValid"]
    assert not check("select sum(event) from events")["isValid"]
    schema = service.run(project, {"kind": "DatabaseSchemaQuery"})
    assert "timestamp" in schema["tables"]["events"]["fields"]
    assert schema["events"] == ["e"] and schema["properties"]["event"] == ["plan"]
    offered = service.run(project, {"kind": "HogQLAutocomplete", "query": "select elem", "endPosition": 11})
    assert [item["label"] for item in offered["suggestions"]][:1] == ["elements_chain"]


def test_every_offered_column_can_be_read(service: QueryService, project: Project) -> None:
    tables = service.run(project, {"kind": "DatabaseSchemaQuery"})["tables"]
    for name, table in tables.items():
        plain = [
            field["hogql_value"]
            for field in table["fields"].values()
            if field["type"] not in ("lazy_table", "virtual_table")
        ]
        answer = service.run(project, {"kind": "HogQLQuery", "query": f"select {', '.join(plain)} from {name}"})
        assert len(answer["columns"]) == len(plain)
