# ruff: noqa: E501 - one question a line
"""SQL that people write: each text with the rows it must give."""

from collections.abc import Callable
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql.runner import run_hogql
from leanbase.store.client import StoreError
from tests.query.conftest import Lookups, person_uuid
from tests.query.session_ids import session_id

S1 = session_id("s1")

MakeContext = Callable[..., QueryContext]


@pytest.fixture
def shop(
    ctx: MakeContext,
    lookups: Lookups,
    insert_events: Callable,
    insert_persons: Callable,
    insert_groups: Callable,
    merge_persons: Callable,
    insert_cohort: Callable,
) -> QueryContext:
    """A small project, and the same again as a stranger's."""
    lookups.types = {("event", "price"): "Numeric", ("event", "gift"): "Boolean", ("person", "age"): "Numeric"}
    lookups.cohort_names = {5: "buyers"}
    lookups.action_steps = {3: [{"event": "buy"}]}
    lookups.action_names = {3: "Bought"}
    for project in (1, 2):
        insert_persons(project, [{"distinct_ids": ["ann"], "properties": {"email": f"ann@{project}", "age": 30}}])
        insert_groups(project, [{"index": 0, "key": "acme", "properties": {"plan": "pro"}}])
        insert_events(
            project,
            [
                {
                    "event": "view",
                    "timestamp": "2026-01-30T23:30:00",
                    "distinct_id": "anon",
                    "session_id": S1,
                    "properties": {"$browser": "Chrome", "odd key": "x", "a": {"b": [1, 2]}, "price": "cheap"},
                },
                {
                    "event": "buy",
                    "timestamp": "2026-01-31T10:00:00",
                    "distinct_id": "ann",
                    "session_id": S1,
                    "groups": {0: "acme"},
                    "properties": {"price": 12.5, "gift": True},
                    "person_properties": {"email": "old@1"},
                },
                {"event": "buy", "timestamp": "2026-01-31T11:00:00", "distinct_id": "bob", "properties": {"price": 7}},
            ],
        )
        merge_persons(project, "anon", "ann")
        insert_cohort(project, 5, ["ann"])
    return ctx(Project(id=1, api_token="t", timezone="Europe/Berlin", week_start_day=1), "2026-01-31T12:00:00Z")


def rows(context: QueryContext, text: str, **more: Any) -> list[Any]:
    return run_hogql(context, {"query": text, **more})["results"]


PAIRS: list[tuple[str, list[list[Any]]]] = [
    ("select event, count() from events group by event order by event", [["buy", 2], ["view", 1]]),
    ("select count(*) c, count(distinct person_id) from events", [[3, 2]]),
    ("select properties.$browser, properties['odd key'], properties.a.b from events where event = 'view'",
     [["Chrome", "x", "[1,2]"]]),
    ("select properties.a.b[1] from events where event = 'view'", [["1"]]),
    ("select sum(properties.price) from events", [[19.5]]),
    ("select properties.gift from events order by timestamp", [[None], [True], [None]]),
    ("select distinct_id from events where properties.$browser != 'Chrome' order by distinct_id", [["ann"], ["bob"]]),
    ("select distinct_id from events where properties.missing = null order by 1 limit 1", [["ann"]]),
    ("select person.properties.email, poe.properties.email from events order by timestamp",
     [["ann@1", None], ["ann@1", "old@1"], [None, None]]),
    ("select person.properties.age + 1 from events where event = 'view'", [[31.0]]),
    ("select toDate(timestamp) d, count() from events group by d order by d", [["2026-01-31", 3]]),
    ("select toStartOfWeek(timestamp) from events limit 1", [["2026-01-26"]]),
    ("select timestamp from events where event = 'view'", [["2026-01-31T00:30:00+01:00"]]),
    ("select count() from events where timestamp >= '2026-01-31'", [[3]]),
    ("select count() from events where timestamp >= '2026-01-31T00:00:00Z'", [[2]]),
    ("select count() from events where timestamp > now() - interval 3 hour", [[2]]),
    ("select count() from events where timestamp > now() - toIntervalDay(1) and event in ('view', 'buy')", [[3]]),
    ("select count() from events where toDate(timestamp) = today()", [[3]]),
    ("select count() from events where timestamp >= today()", [[3]]),
    ("select count() from events where timestamp >= today() + 1 or timestamp < today() - interval 1 day", [[0]]),
    ("select count() from events where timestamp >= toStartOfDay(now())", [[3]]),
    ("select count() from events where timestamp > toDateTime('2026-01-31 11:00:00')", [[1]]),
    ("select count() from events a join events b on a.distinct_id = b.distinct_id where a.timestamp < '2026-01-31 01:00'",
     [[1]]),
    ("select dateDiff('hour', min(timestamp), max(timestamp)) from events", [[12]]),
    ("select date_trunc('day', timestamp) from events limit 1", [["2026-01-31T00:00:00+01:00"]]),
    ("select dateAdd(day, 1, toDate('2026-01-31'))", [["2026-02-01"]]),
    ("with v as (select distinct_id, count() as n from events group by distinct_id) select sum(n) from v", [[3]]),
    ("with events as (select 7 as x) select x from events", [[7]]),
    ("with 2 as k select k * 3", [[6]]),
    ("select a.event, b.event from events a join events b on a.distinct_id = b.distinct_id where a.event = 'view'",
     [["view", "view"]]),
    ("select p.properties.email, count() from events e left join persons p on e.person_id = p.id group by 1 order by 2",
     [[None, 1], ["ann@1", 2]]),
    ("select * from (select count() as n from events union all select 5) order by n", [[3], [5]]),
    ("select row_number() over (partition by event order by timestamp) from events order by timestamp", [[1], [1], [2]]),
    ("select arrayMap(x -> x * 2, [1, 2]), arrayFilter((x, i) -> i > 1, [5, 6], [1, 2])", [[[2, 4], [6]]]),
    ("select (1, 'a').1, tuple(1, 'b').2, [4, 5][2], map('k', 1)['k']", [[1, "b", 5, 1]]),
    ("select if(1 = 1, 'yes', 'no'), 1 > 0 ? 'a' : 'b', null ?? 3, 'a' || 'b'", [["yes", "a", 3, "ab"]]),
    ("select case when 1 = 2 then 'x' else 'y' end, case 3 when 3 then 'three' end", [["y", "three"]]),
    ("select cast('5' as Int64) + 1, '6'::Int64, toInt('7'), toFloat('x')", [[6, 6, 7, None]]),
    ("select quantile(0.5)(properties.price), countIf(event = 'buy'), uniqExactIf(distinct_id, event = 'buy') from events",
     [[9.75, 2, 2]]),
    ("select count() from events where person_id in cohort 5", [[2]]),
    ("select count() from events where person_id not in cohort 'buyers'", [[1]]),
    ("select count() from events where matchesAction(3)", [[2]]),
    ("select count() from persons", [[1]]),
    ("select id, distinct_ids, properties.email from persons", [[str(person_uuid(1, "ann")), ["ann"], "ann@1"]]),
    ("select distinct_id from person_distinct_ids", [["ann"]]),
    ("select key, properties.plan from groups", [["acme", "pro"]]),
    ("select group_0.properties.plan, $group_0 from events where event = 'buy' order by timestamp",
     [["pro", "acme"], [None, ""]]),
    ("select count() from cohort_people where cohort_id = 5", [[1]]),
    ("select session_id, $session_duration, $event_count from sessions", [[S1, 37800, 2]]),
    ("select session_id_v7 = id, session_timestamp, person_id, max_inserted_at > $start_timestamp, $hosts from sessions",
     [[1, "2026-01-01T01:00:00+01:00", str(person_uuid(1, "ann")), 1, []]]),
    ("select session.$session_duration, $session_id from events order by timestamp", [[37800, S1], [37800, S1], [None, ""]]),
    ("select number from numbers(3)", [[0], [1], [2]]),
    ("select x from (select arrayJoin([1, 2]) as x) order by x desc", [[2], [1]]),
    ("select z from events array join [1, 2] as z where event = 'view'", [[1], [2]]),
    ("select event from events order by event limit 1 by event", [["buy"], ["view"]]),
    ("select `event` as \"my event\" from events order by `my event` limit 1", [["buy"]]),
    ("select event from (select properties.$browser, event from events) where $browser = 'Chrome'", [["view"]]),
    ("select p.x from (select properties as p from events where event = 'view') limit 0", []),
    ("select p.$browser from (select properties as p, event from events) where event = 'view'", [["Chrome"]]),
    ("select count() from events where event like 'b%' and event not ilike 'VIEW' and event =~ '^b'", [[2]]),
    ("select count() from events where timestamp between '2026-01-31 00:00' and '2026-01-31 12:00'", [[3]]),
    ("select count() from events where distinct_id in (select distinct_id from events where event = 'view')", [[1]]),
    ("select 'it''s', 'a\\'b', '\\d'", [["it's", "a'b", "\\d"]]),
    ("select -- a comment\n 1 /* and another */ + 1;", [[2]]),
    ("select count() over w from events window w as (partition by event order by timestamp) order by timestamp", [[1], [1], [2]]),
    ("select sum(1) over (w rows between 1 preceding and current row) from events window w as (order by timestamp)",
     [[1], [2], [2]]),
    ("select lag(event) over (order by timestamp), lead(event, 1, 'end') over w from events window w as (order by timestamp)"
     " order by timestamp", [[None, "buy"], ["view", "buy"], ["buy", "end"]]),
    ("with recursive t as (select 1 as n union all select n + 1 from t where n < 5) select sum(n) from t", [[15]]),
    ("(select 1 as a) union all (select 2) order by a desc limit 1", [[2]]),
    ("(select 1 as a) limit 1", [[1]]),
    ("select 1 intersect select 1", [[1]]),
    ("select event from events except distinct select 'buy'", [["view"]]),
    ("select event from events qualify row_number() over (partition by event order by timestamp) = 1 order by event",
     [["buy"], ["view"]]),
    ("select count(*) filter (where event = 'buy'), sum(properties.price) filter (where properties.price > 10) from events",
     [[2, 12.5]]),
    ("select count() from events where exists(select 1 from persons)", [[3]]),
    ("select toInt('x'), toIntOrZero('x'), toFloatOrDefault('x', 3.5), toDecimal('1.25', 1), toUUID('x'), toDate('x')",
     [[None, 0, 3.5, 1.2, None, None]]),
    ("select _toInt64('5'), left('äöü', 2), generateSeries(1, 3), repeat('ab', 2), arrayReduce('quantile(0.5)', [1, 2])",
     [[5, "äö", [1, 2, 3], "abab", 1.5]]),
    ("select parseDateTimeBestEffort('2026-01-01 10:00'), parseDateTime('2026-01-02', '%Y-%m-%d')",
     [["2026-01-01T10:00:00+01:00", "2026-01-02T00:00:00+01:00"]]),
    ("select date_part('hour', timestamp), toDate(properties.$browser) from events where event = 'view'", [[0, None]]),
    ("select windowFunnel(86400)(timestamp, event = 'view', event = 'buy') as n from events group by person_id order by n",
     [[0], [2]]),
    ("select string_agg(event, ','), groupBitmap(1) from (select event from events order by timestamp)", [["view,buy,buy", 1]]),
    ("select JSONExtract(properties, 'a', 'b', 'Array(Int64)') from events where event = 'view'", [[[1, 2]]]),
    ("select count() from events where matchesAction('Bought')", [[2]]),
    ("select max(n) from (select event, count() as n from events group by event having n > 1)", [[2]]),
    # names inside expressions, and names that two things have
    ("select (sum(x) as total) * 2, total from (select arrayJoin([1, 2]) as x)", [[6, 3]]),
    ("select (sumMap(g.1, g.2) as m).1, m.2 from (select [('a', 1), ('b', 2)] as g)", [[["a", "b"], [1, 2]]]),
    ("select event as kind, kind, kind as e, e.distinct_id from events e where e.event = 'view'",
     [["view", "view", "view", "anon"]]),
    ("select toDate(timestamp) as timestamp, count() as n from events where timestamp >= addDays(today(), -10)"
     " group by timestamp having n > 2", [["2026-01-31", 3]]),
    ("with (1, 'b') as pair select pair.2", [["b"]]),
    # properties, and what is in them
    ("select properties.a.b.1, properties.a.b[2], properties.a['b'][1], properties.a.`b` from events where event = 'view'",
     [["1", "2", "1", "[1,2]"]]),
    ("select p['$browser'], p['a']['b'][2] from (select properties as p, event from events) where event = 'view'",
     [["Chrome", "2"]]),
    ("select xs[2], m['k'], q.xs[1] from (select [4, 5] as xs, map('k', 9) as m) q", [[5, 9, 4]]),
    ("select properties?.a?.['b'] from events where event = 'view'", [["[1,2]"]]),
    # persons by every way
    ("select pdi.distinct_id, pdi.person.properties.email, e.pdi.person.id = person_id from events e order by timestamp limit 1",
     [["anon", "ann@1", True]]),
    ("select d.distinct_id, d.person.properties.email, d.person.properties.age from person_distinct_ids d", [["ann", "ann@1", 30.0]]),
    ("select distinct_id, argMax(person_id, version) = any(person_id) from raw_person_distinct_ids group by distinct_id"
     " having argMax(is_deleted, version) = 0", [["ann", True]]),
    ("select pdi.distinct_id, properties.email from persons", [["ann", "ann@1"]]),
    ("select person.properties.email from cohort_people", [["ann@1"]]),
    # NULL
    ("select null = null, null != null, 1 = null, null != 2, 3 < null, null like null, null not like 'a', 'a' =~ null, null !~ 'a'",
     [[True, False, False, True, False, True, True, False, True]]),
    ("select a = b, a != b, a = 1, a like b from (select null as a, null as b)", [[1, 0, 0, 1]]),
    ("select count() from events where properties.nothing = properties.nobody", [[3]]),
    ("select count() from events where equals(properties.nothing, 'x') or like(properties.nothing, 'x')", [[0]]),
    ("select count() from events where notEquals(properties.nothing, 'x') and not (properties.nothing !~ 'x') = 0", [[3]]),
    ("select 1 is distinct from null, null is not distinct from null, 5 not between 1 and null", [[True, True, True]]),
    ("select concat(null, 'a', 3, properties.nothing, '|'), 'x' || properties.$browser from events where event = 'view'",
     [["a3|", "xChrome"]]),
    ("select concat([1], [2]), 1 + null ?? 2 + 3, 10 ?? true ? 20 : 30", [[[1, 2], 5, 20]]),
    ("select properties.$browser in (null), properties.$browser in ('Chrome', null) from events where event = 'view'", [[0, 1]]),
    # texts and patterns
    ("select 'kala' ~ 'A', 'kala' ~* 'A', 'kala' !~* 'A', 'kala' !~ 'x'", [[False, True, False, True]]),
    ("select f'{event} by {upper(distinct_id)}', f'it''s \\{plain}', f'{1 + length('ab')}!' from events where event = 'view'",
     [["view by ANON", "it's {plain}", "3!"]]),
    ("select trim(leading 'x' from 'xax'), trim(trailing 'x' from 'xax'), trim(both 'x' from 'xax'), trim('  a ')",
     [["ax", "xa", "a", "a"]]),
    ("select split_part('a-b-c', '-', 2), split_part('a', '-', 5), isEmpty(''), md5('a')",
     [["b", "", 1, "0CC175B9C0F1B6A831C399E269772661"]]),
    ("select arrayMap(x, y -> x * y, [1, 2], [3, 4]), -inf, nan, 1.e2, 0x10", [[[3, 8], None, None, 100.0, 16]]),
    ("select sortableSemVer('1.2.3.4.15bac.16'), sortableSemVer('no'), sortableSemVer('1.10') > sortableSemVer('1.9')",
     [[[1, 2, 3, 4, 15], [None], 1]]),
    ("select 6 / 2 // a comment\n", [[3.0]]),
    # times
    ("select tumbleStart(timestamp, toIntervalDay('1')), hopEnd(timestamp, interval 1 hour, interval 2 hour) from events"
     " where event = 'view'", [["2026-01-31T00:00:00+01:00", "2026-01-31T01:00:00+01:00"]]),
    ("select toHour(now()), toHour(now('UTC')), toHour(date_trunc('hour', timestamp, 'Asia/Tokyo')) from events where event = 'view'",
     [[13, 12, 8]]),
    ("select date_part('dow', toDate('2026-01-31')), make_date(2026, 1, 2), to_char(timestamp, '%H'), toTimeZone(timestamp)"
     " from events where event = 'view'", [[6, "2026-01-02", "00", "2026-01-31T00:30:00+01:00"]]),
    ("select toDateTime64('2026-01-01 10:00', 3), timezone('UTC', toDateTime('2026-01-01 10:00:00'))",
     [["2026-01-01T10:00:00+01:00", "2026-01-01T09:00:00Z"]]),
    # aggregates
    ("select countDistinct(event), countDistinctIf(event, distinct_id = 'ann'), every(properties.gift) from events", [[2, 1, True]]),
    ("select json_agg(number) from numbers(3)", [["[0,1,2]"]]),
    ("select uniqTheta(number), uniqThetaIf(number, number > 0), histogram(1)(number) from numbers(3)",
     [[3, 2, [[0.0, 2.0, 3.0]]]]),
    ("select extract(day from toDate('2026-03-09')), extract(DOW from toDate('2026-03-09')), extract(year from timestamp)"
     " from events limit 1", [[9, 1, 2026]]),
    ("select * exclude (x) replace (y + 1 as y) from (select 1 as x, 2 as y, 3 as z)", [[3, 3]]),
    ("select q.* replace (upper(q.a) as a) except (b) from (select 'u' as a, 2 as b) q", [["U"]]),
    ("select first_value(properties.gift) ignore nulls over (order by timestamp rows between unbounded preceding and"
     " unbounded following) from events limit 1", [[True]]),
    ("select timeStampAdd(toDate('2026-01-01'), interval 1 day), IPv6NumToString(IPv6StringToNum('::1')), toIPv4OrNull('x')",
     [["2026-01-02", "::1", None]]),
    ("select sparkline([1, 2]), recordingButton('s1', 'active')",
     [[["__hx_tag", "Sparkline", "data", [1, 2]],
       ["__hx_tag", "RecordingButton", "sessionId", "s1", "recordingStatus", "active"]]]),
    ("select reverse(arrayMap(x -> countEqual(groupArray(dateDiff('hour', timestamp, now())), x), range(3))) from events",
     [[[1, 1, 0]]]),
    # clauses
    ("select event, a from events inner array join [1, 2] as a where event = 'view'", [["view", 1], ["view", 2]]),
    ("select a, [1, 2] as nums from events array join nums as a where event = 'view' order by a", [[1, [1, 2]], [2, [1, 2]]]),
    ("select event, distinct_id from events order by event, distinct_id limit 1 offset 1 by event", [["buy", "bob"]]),
    ("select event, count() from events group by rollup(event) order by event", [["", 3], ["buy", 2], ["view", 1]]),
    ("select distinct on (event) event, distinct_id from events order by event, distinct_id", [["buy", "ann"], ["view", "anon"]]),
    ("select event, count(), from events group by event order by event limit 1", [["buy", 2]]),
    ("with a as (select 1 as x) (select x from a) order by x", [[1]]),
    ("select arraySort(groupArray(x)) from (with a as (select 1 as x) select 3 as x union all"
     " with b as (select 2 as x) select x from b union all select x from a)", [[[1, 2, 3]]]),
    ("select number from numbers(1 + 1) order by number desc", [[1], [0]]),
    ("select max(number) from numbers(assumeNotNull(dateDiff('day', toDate('2026-01-01'), toDate('2026-01-15'))))", [[13]]),
]  # fmt: skip


def test_rows(shop: QueryContext) -> None:
    wrong: dict[str, Any] = {}
    for text, expected in PAIRS:
        try:
            found = rows(shop, text)
        except (QueryError, StoreError) as problem:
            found = str(problem)[:300]
        if found != expected:
            wrong[text] = (found, expected)
    assert not wrong


def test_columns_are_named_as_written(shop: QueryContext) -> None:
    answer = run_hogql(
        shop, {"query": "select event, count(), properties.$browser, 1+1 as two, person_id from events group by all"}
    )
    assert answer["columns"] == ["event", "count()", "$browser", "two", "person_id"]
    assert answer["types"][1] == ["count()", "UInt64"]


def test_star_shows_every_visible_column(shop: QueryContext) -> None:
    answer = run_hogql(shop, {"query": "select * from events where event = 'view'"})
    row = dict(zip(answer["columns"], answer["results"][0], strict=True))
    assert row["person_id"] == str(person_uuid(1, "ann"))
    assert row["$session_id"] == S1
    assert "project_id" not in row and "team_id" not in row


def test_a_hundred_rows_without_a_limit(ctx: MakeContext) -> None:
    answer = run_hogql(ctx(1), {"query": "select number from numbers(1000)"})
    assert (len(answer["results"]), answer["hasMore"], answer["limit"]) == (100, True, 100)
    answer = run_hogql(ctx(1), {"query": "select number from numbers(60000) limit 60000"})
    assert (len(answer["results"]), answer["limit"]) == (50_000, 50_000)
    answer = run_hogql(ctx(1), {"query": "select number from numbers(100)"})
    assert (len(answer["results"]), answer["hasMore"]) == (100, False)


def test_each_query_of_a_union_has_its_own_limit(ctx: MakeContext) -> None:
    hundred = "select number from numbers(1000)"
    answer = run_hogql(ctx(1), {"query": f"{hundred} limit 300 union all {hundred} limit 400"})
    assert (len(answer["results"]), answer["hasMore"], answer["limit"]) == (700, False, 700)
    answer = run_hogql(ctx(1), {"query": f"{hundred} union all {hundred}"})
    assert (len(answer["results"]), answer["hasMore"]) == (200, True)
    answer = run_hogql(ctx(1), {"query": f"({hundred} limit 60000) union all (select 1)"})
    assert (len(answer["results"]), answer["hasMore"]) == (1001, False)


def test_placeholders(shop: QueryContext) -> None:
    assert rows(shop, "select count() from events where event = {name}", values={"name": "buy"}) == [[2]]
    assert rows(shop, "select count() from events where event in {names}", values={"names": ["buy", "x"]}) == [[2]]
    variables = {"id-1": {"code_name": "event", "variableId": "id-1", "value": "view"}}
    assert rows(shop, "select count() from events where event = {variables.event}", variables=variables) == [[1]]
    filters = {"properties": [{"key": "price", "operator": "gt", "value": 10}], "dateRange": {"date_from": "-1d"}}
    assert rows(shop, "select count() from events where {filters}", filters=filters) == [[1]]
    assert rows(shop, "select count() from events where {filters}") == [[3]]
    text = "select count() from events e join persons p on e.person_id = p.id where {filters}"
    assert rows(shop, text, filters=filters) == [[1]]
    sessions = [{"key": "$session_duration", "type": "session", "operator": "gt", "value": 60}]
    for given, sessions_found in (
        ({"dateRange": {"date_from": "2026-01-31"}}, [[S1]]),
        ({"dateRange": {"date_from": "2026-02-01"}}, []),
        ({"properties": sessions}, [[S1]]),
        ({"properties": [{**sessions[0], "operator": "lt"}]}, []),
        ({"properties": [{"key": "event = 'nothing'", "type": "hogql"}]}, []),
    ):
        assert rows(shop, "select session_id from sessions where {filters}", filters=given) == sessions_found, given
    choice = "select count() from events where {variables.paid ? sql(event = 'buy') : sql(event = 'view')}"
    for paid, found in ((True, 2), (False, 1)):
        assert rows(shop, choice, variables={"paid": paid}) == [[found]]
    assert rows(shop, "select {variables.paid ? 'yes' : 'no'}", variables={"paid": True}) == [["yes"]]
    hostile = "x' or 1=1 -- {b0:String}"
    assert rows(shop, "select count() from events where event = {name}", values={"name": hostile}) == [[0]]
    with pytest.raises(QueryError, match="needs FROM events or FROM sessions"):
        rows(shop, "select count() from persons where {filters}", filters=filters)
    with pytest.raises(QueryError, match="has no value"):
        rows(shop, "select {nothing}")


ERRORS = [
    ("select count() over w from events", "no window 'w'"),
    ("select count() over (b) from events window a as (b), b as (a)", "no window 'a'|no window 'b'"),
    ("select evnt from events", "did you mean 'event'"),
    ("select count( from events", "line 1, column 15"),
    ("select 1 +", "the text ends"),
    ("select 'abc", "not closed"),
    ("select toDay(timestamp) from events", "today.. takes no argument.*line 1, column 8"),
    ("select\n  foo() from events", r"no function 'foo'.*line 2, column 3"),
    ("selec 1", "expected SELECT"),
    ("select 1 from nowhere", "no table 'nowhere'"),
    ("select event from events a join events b on a.event = b.event", "write which one"),
    ("select matchesAction(3) from persons", "needs FROM events"),
    ("select 1 limit 'x'", "whole number"),
    ("select person_id in cohort 99 from events", "no cohort 99"),
    ("", "needs SQL"),
    ("select properties.a[0] from events", "start at 1"),
    ("select properties.a.0 from events", "start at 1"),
    ("select f'{event from events", "not closed"),
    ("select f'{}'", "expected an expression"),
    ("select number from numbers((select 3))", "subquery cannot be used here"),
    ("select number from numbers('x')", "whole numbers"),
    ("select * from events(1, 4)", "no table function"),
    ("select " + "(" * 5000 + "1", "nested"),
]


def test_errors_say_what_and_where(shop: QueryContext) -> None:
    for text, message in ERRORS:
        with pytest.raises(QueryError, match=message):
            rows(shop, text)


def test_long_sums_and_conditions_are_no_trouble(shop: QueryContext) -> None:
    assert rows(shop, "select " + "1 + " * 300 + "1") == [[301]]
    assert rows(shop, "select count() from events where " + " or ".join(f"event = 'x{n}'" for n in range(300))) == [[0]]
