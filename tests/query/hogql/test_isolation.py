# ruff: noqa: E501 - one question a line
"""What an adversary writes into the SQL box: nothing of it may reach another project, the machine, or the engine's insides."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.execution import Execution
from leanbase.query.hogql.function_names import AGGREGATES, SCALARS, WINDOW_ONLY
from leanbase.query.hogql.query_compiler import compile_query
from leanbase.query.hogql.runner import run_hogql
from leanbase.query.kinds import RUNNERS
from leanbase.store.client import Limits, Store, StoreError
from leanbase.store.sql import Sql
from tests.query.conftest import Lookups
from tests.query.session_ids import session_id

OURS, STRANGER = 71, 72
NOW = datetime(2026, 1, 31, tzinfo=UTC)
SECRET = "the-strangers-secret"

REFUSED = [
    # other tables and databases
    "select * from system.tables",
    "select * from information_schema.tables",
    "select * from default.events",
    "select * from `default`.`events`",
    "select * from person_overrides",
    "select * from posthog.system.one",
    "select 1 union all select name from system.databases",
    "select (select name from system.tables limit 1)",
    "with x as (select * from system.settings) select * from x",
    # table functions
    "select * from file('/etc/passwd', 'LineAsString')",
    "select * from url('http://127.0.0.1/', 'LineAsString')",
    "select * from s3('http://127.0.0.1/x', 'CSV')",
    "select * from remote('127.0.0.1', 'default', 'events')",
    "select * from mysql('127.0.0.1:3306', 'a', 'b', 'c', 'd')",
    "select * from postgresql('127.0.0.1:5432', 'a', 'b', 'c', 'd')",
    "select * from sqlite('/tmp/app.sqlite', 'users')",
    "select * from executable('id', 'TSV', 'x String')",
    "select * from merge('default', '.*')",
    "select * from cluster('default', default.events)",
    "select * from input('x String')",
    "select * from view(select * from events)",
    "select * from generateRandom('x String')",
    "select * from dictionary('person_override')",
    "select * from Python(x)",
    "select * from values('x String', 'a')",
    # functions
    "select sleep(3)", "select sleepEachRow(1) from events", "select file('/etc/passwd')",
    "select getSetting('max_threads')", "select hostName()", "select currentDatabase()", "select currentUser()",
    "select version()", "select uptime()", "select getMacro('x')", "select filesystemAvailable()",
    "select dictGet('person_override', 'new_pk', 1)", "select dictHas('person_override', 1)",
    "select joinGet('x', 'y', 1)", "select getServerPort('tcp_port')", "select serverUUID()", "select queryID()",
    "select throwIf(1)", "select repeat('a', 1000000000)", "select arrayWithConstant(1000000000, 1)",
    "select evalMLMethod(1)", "select catboostEvaluate('/x', 1)", "select initializeAggregation('sum', 1)",
    "select fuzzBits('a', 0.5)", "select randomString(100000000)", "select addressToSymbol(1)", "select demangle('x')",
    "select getOSKernelVersion()", "select tcpPort()", "select connectionId()", "select showCertificate()",
    "select encrypt('aes-128-ecb', 'a', 'b')", "select globalVariable('x')", "select displayName()",
    "select structureToProtobufSchema('x')", "select space(1000000000)", "select aiGenerate('x')",
    # statements and clauses
    "select 1 settings max_memory_usage = 0", "select 1 format JSON", "select 1 into outfile '/tmp/x'",
    "select * from events settings additional_table_filters = {}", "drop table events", "truncate table events",
    "insert into events select * from events", "alter table events delete where 1", "create table x (a Int8)",
    "system shutdown", "kill query where 1", "show tables", "describe table events", "explain select 1",
    "set max_threads = 1", "use system", "grant all on *.* to x", "optimize table events", "attach table x",
    "select 1; drop table events", "select 1; select 2", "(select 1) settings max_threads = 1",
    "select * from events final settings x = 1", "select columns('.*') from events", "select apply(sum) from events",
    "select * apply(sum) from events", "/* */ drop table events", "-- x\ndrop table events",
    # the hidden column
    "select project_id from events", "select team_id from events", "select events.project_id from events",
    "select e.project_id from events e", "select p.project_id from persons p", "select pk from events",
    "select lb_t1.project_id from events", "select lb_t1_e.pk from events a join events b on a.event = b.event",
    "select 1 as lb_t1 from events", "select `lb_t1.project_id` from events", "select project_id from sessions",
    # placeholders of our own and of the engine
    "select {b0:String}", "select {b0}", "select @@version", "select $$a$$", "select ${x}",
    # casts to what is no type
    "select cast(1 as AggregateFunction(sum, Int8))", "select cast(1 as Foo)", "select 1::`Int8) from system.one --`",
    # texts that the engine would read as code
    "select arrayReduce('quantile(toFloat64((select count() from system.tables)))', [1])",
    "select arrayReduce('quantile(x)', [1])", "select arrayReduce('quantile(0.5', [1])", "select arrayReduce('sleep', [1])",
    "select arrayReduce(concat('su', 'm'), [1])", "select arrayReduceInRanges('sum((select 1))', [(1, 1)], [1])",
    "select JSONExtract('{}', 'x', 'AggregateFunction(quantile((select 1)), Int64)')",
    "select JSONExtract('{}', concat('In', 't64'))", "select accurateCastOrNull('1', 'AggregateFunction(sum, Int64)')",
    "select accurateCastOrNull('1', event) from events",
    # allocations
    "select " + ", ".join(["1"] * 1001),
    "select repeat(event, 1000000000) from events", "select repeat('a', length(event)) from events",
    "select arrayResize([1], 1000000000)", "select arrayWithConstant(length(event), 1) from events",
    "with 1 as s0, " + ", ".join(f"s{n} + s{n} as s{n + 1}" for n in range(40)) + " select s40",
    "select " + "(" * 36 + "1" + " between 1 and 2)" * 36,
    "with a0 as (select 1 as x), "
    + ", ".join(f"a{n + 1} as (select l.x as x from a{n} l cross join a{n} r)" for n in range(12))
    + " select count() from a12",
    "select " + "(" * 60 + "1" + ")" * 60, "select '" + "a" * 100_001 + "'",
    "select " + "(" * 36 + "properties.a" + " != properties.b)::Int8" * 36 + " from events",
    "select " + "(" * 36 + "properties.a" + " = properties.b)::Int8" * 36 + " from events",
    "select 1 from events e0" + "".join(f" cross join events e{n}" for n in range(1, 60)),
    "select " + ", ".join(["*"] * 100) + " from events", " union all ".join(["select 1"] * 600),
    "select 1::" + "Array(" * 5000 + "Int8" + ")" * 5000, "select " + "f'{" * 30 + "1" + "}'" * 30,
    "select " + "not " * 5000 + "1", "select " + "- " * 5000 + "1", "select " + "[" * 5000, "select " + "x -> " * 5000 + "1",
    "select " + "interval " * 5000 + "1 day", "select " + "{" * 5000, "select " + "case when " * 5000,
    # names of our own
    "select arrayMap(`lb_t1.project_id` -> event, [1]) from events", "select (72 as lb_t1) from events",
    "select count() from events array join [72] as `lb_t1.project_id`",
    "select 1 from (select 1 as `lb_t1`)", "with 72 as x select x as `lb_t1.project_id` from events",
    # letters that look like others, and half ones
    "select ｐroject_id from events", "select event from ｅvents", "select * from events\u0000", "select 'a\ud800'",
    "select еvent from events", "select * from eventſ",
    # tables and functions once more
    "select * from events_view", "select * from `events `", "select * from `.`", "select * from ``", "select * from 'events'",
    "select * from numbers_mt(10)", "select * from zeros(10)", "select * from generate_series(1, 10)", "select * from null('x Int8')",
    "select * from numbers(sleep(1))", "select * from numbers((select count() from system.tables))", "select * from fuzzJSON('x')",
    "select * from hdfs('x')", "select * from iceberg('x')", "select * from redis('x')", "select * from mergeTreeIndex('default', 'events')",
    "select * from loop(events)", "select * from cosn('x')", "select * from azureBlobStorage('x')", "select * from odbc('x', 'y')",
    "select tcpPort()", "select buildId()", "select filesystemCapacity()", "select filesystemUnreserved()", "select getClientHTTPHeader('x')",
    "select currentRoles()", "select shardNum()", "select partitionId(1)", "select blockSize()", "select zookeeperSessionUptime()",
    "select dictGetOrDefault('person_override', 'new_pk', 1, 1)", "select dictionary('x')", "select hasColumnInTable('default', 'events', 'pk')",
    "select modelEvaluate('x', 1)", "select stochasticLinearRegression(1)", "select getSubcolumn(1, 'x')", "select variantElement(1, 'x')",
    "select errorCodeToName(1)", "select logTrace('x')", "select getMergeTreeSetting('x')", "select defaultRoles()", "select enabledRoles()",
    "select authenticatedUser()", "select FQDN()", "select fqdn()", "select runningConcurrency(1, 2)", "select queryString",
    "select reinterpret('x', 'Int8')", "select _CAST(1, 'Int8')", "select __bitWrapperFunc(1)", "select ignore(sleep(1))",
    "select throwIf(1)", "select indexHint(1)", "select untuple((1, 2))", "select nullIn(1, (select 1))", "select globalIn(1, (select 1))",
    "select * from events where event in (select name from system.tables)", "select * from events where event in system.tables",
    "select cutToFirstSignificantSubdomainCustom('x', 'y')", "select regionToName(1)", "select lemmatize('en', 'x')", "select detectLanguage('x')",
]  # fmt: skip

# What is let through to the engine and may be refused by it, but must neither take it down nor tell anything.
ODD = [
    "select repeat(repeat(repeat('a', 10000), 10000), 10000)", "select lpad('a', 1000000000, 'b')", "select leftPad('a', 4000000000)",
    "select range(1000000000000)", "select range(0, 9223372036854775807, 1)", "select ngrams(repeat('ab', 10000), 10000)",
    "select replaceRegexpAll(repeat('a', 10000), 'a', repeat('b', 10000)) from numbers(1000)", "select bar(1, 0, 1, 100000000)",
    "select groupArrayInsertAt(0, 4294967295)(number, 1) from numbers(2)", "select groupArraySample(4294967295)(number) from numbers(2)",
    "select timeSlots(toDateTime('2026-01-01 00:00:00'), toUInt32(4294967295), 1)", "select geohashesInBox(-180, -90, 180, 90, 12)",
    "select multiMatchAny('a', ['(a{1,500}){1,500}'])", "select match('a', '((a{900}){900}){900}')", "select match(repeat('a', 10000), '(a*)*b')",
    "select multiFuzzyMatchAny('a', 1000000, ['abc'])", "select toFixedString('a', 16000000) from numbers(1000)",
    "select JSONExtract('[]', '" + "Array(" * 900 + "Int8" + ")" * 900 + "')", "select JSONExtract('[]', '" + "Array(" * 9000 + "Int8" + ")" * 9000 + "')",
    "select cast('[]' as " + "Array(" * 100 + "Int8" + ")" * 100 + ")", "select bitShiftLeft('a', 4000000000)",
    "select 1 limit 9223372036854775807 offset 9223372036854775807", "select count() over (rows between 99999999999999999999 preceding and current row) from events",
    "select arrayMap(x -> arrayMap(y -> arrayMap(z -> 1, range(1000)), range(1000)), range(1000))", "select formatDateTime(now(), repeat('%Y', 10000))",
    "select quantiles(" + ", ".join(["0.5"] * 5000) + ")(number) from numbers(1)", "select topK(100000000)(number) from numbers(1)",
    "select windowFunnel(9223372036854775807)(timestamp, 1) from events", "select sequenceMatch('" + "(?1).*" * 500 + "')(timestamp, 1) from events",
    "select arraySum(arrayMap(x -> x, range(number))) from numbers(100000000)", "select " + "arrayFlatten(" * 30 + "[[1]]" + ")" * 30,
    "select toDateTime64('2026-01-01', 99)", "select toDecimal64('1', 99)", "select addYears(now(), 9223372036854775807)",
    "select toTimeZone(now(), '../../etc/passwd')", "select toTimeZone(now(), event) from events", "select formatDateTime(now(), '%f', '/etc/localtime')",
    "select convertCharset('a', 'x', 'y')", "select fromUnixTimestamp64Milli(9223372036854775807)", "select makeDateTime(99999, 99, 99, 99, 99, 99)",
    "select 0 / 0, 1 / 0, -1 / 0, intDiv(1, 0)", "select modulo(1, 0)", "select factorial(1000)", "select arrayElement([1], -9223372036854775808)",
    "select base64Decode('***'), unhex('zz')", "select UUIDv7ToDateTime(toUUID('x'))", "select h3ToGeo(1)", "select pointInPolygon((0, 0), [])",
    "select extractAllGroupsVertical('a', '(')", "select splitByRegexp('(', 'a')", "select sumMap([1], [1, 2])", "select arrayZip([1], [1, 2])",
    "select * from (select 1 as a) x join (select 1 as a) y on x.a > y.a or 1", "select sum(sum(1)) from events", "select event from events group by distinct_id",
    "select max(number) over (order by number range between 1 preceding and 1 following) from numbers(3)", "select * from events where 'x'",
    "select properties.`lb_t1.project_id`, * from (select properties, properties.`lb_t1.project_id`, properties.`lb_t2.project_id` from events)",
    "select `lb_t2.project_id` from (select properties.`lb_t2.project_id` from events)", "select " + " or ".join(["event = 'x'"] * 3000) + " from events",
    "select event in (" + ", ".join(str(n) for n in range(15000)) + ") from events", "select " + " - ".join(["1"] * 200),
    "with recursive t as (select 1 as n union all select n + 1 from t where n < 500) select max(n) from t", "select '\\0\\x00', `event`, \"event\" from events",
    "select uniqUpTo(200)(event) from events", "select exponentialMovingAverage(0)(1, 1)", "select arrayReduce('groupArray(100000000)', [1])",
    "select groupConcat('x', 99999999999)(event) from events", "select hex(MD5('a')), bitmapBuild([1])", "select groupBitmapState(1)",
]  # fmt: skip

SEEING = [
    "select * from events",
    "select properties, person.properties, poe.properties, distinct_id, person_id from events",
    "select * from persons", "select * from person_distinct_ids", "select * from groups", "select * from sessions",
    "select * from cohort_people",
    "select a.properties, b.properties from events a cross join events b",
    "select e.distinct_id, p.properties from events e right join persons p on 1 = 1",
    "select e.distinct_id, p.properties from events e full join persons p on e.person_id = p.id",
    "select properties from events where 1 = 1 or true or not false",
    "select properties from events where event = 'x' or 1 = 1 union all select properties from persons",
    "with events as (select * from events) select * from events",
    "with e as (select properties from events) select * from e join (select properties from persons) p on 1",
    "select (select groupArray(properties) from events)",
    "select properties from (select * from events) as persons",
    "select count() from events where person_id in (select id from persons) or 1",
    "select group_0.properties, session.$entry_current_url, $session_id from events",
    "select distinct_ids, properties from persons where id in (select person_id from events)",
    "select any(properties) over () from events",
    "select groupArray(tuple(*)) from events",
    "select arrayMap(x -> properties, [1, 2]) from events",
    "select properties from events array join [1, 2] as project_id",
    "select 72 as project_id, properties from events where project_id = 72",
    "select properties as p from events order by 1 limit 5 by p",
    "select e.properties from events e asof join persons p on e.person_id = p.id and e.timestamp >= p.created_at",
    "select properties from events where matchesAction(1)",
    "select count() from events where person_id in cohort 1 or person_id not in cohort 1",
    "select properties from events sample 0.999",
    "select properties from events group by all having 1 or 1",
    "select properties from events where {filters}",
    "with recursive t as (select properties from events union all select properties from events where 0) select * from t",
    "select properties, lag(properties) over w from events window w as (order by timestamp)",
    "select properties from events qualify row_number() over (order by timestamp) < 100",
    "select properties from events where exists(select 1 from persons)",
    "(select properties from events) union all (select properties from persons) order by 1 limit 100",
]  # fmt: skip


@pytest.fixture
def neighbours(
    store: Store,
    ctx: Callable[..., QueryContext],
    lookups: Lookups,
    insert_events: Callable,
    insert_persons: Callable,
    insert_groups: Callable,
    insert_cohort: Callable,
) -> QueryContext:
    """Two projects with the same ids everywhere; every text of the second holds its secret."""
    lookups.cohort_names, lookups.action_steps = {1: "c"}, {1: []}
    for project, word in ((OURS, "ours"), (STRANGER, SECRET)):
        insert_persons(project, [{"distinct_ids": ["u", f"{word}-id"], "properties": {"email": word}}])
        insert_groups(project, [{"index": 0, "key": "g", "properties": {"name": word}}])
        insert_cohort(project, 1, ["u"])
        row = {
            "event": "x",
            "timestamp": "2026-01-10",
            "distinct_id": "u",
            "session_id": session_id("s"),
            "properties": {"$current_url": word},
            "person_properties": {"email": word},
            "groups": {0: "g"},
            "elements_chain": word,
        }
        insert_events(project, [row, {**row, "distinct_id": f"{word}-id"}])
    return ctx(OURS)


def test_what_must_not_be_said_is_refused_before_it_reaches_the_engine(ctx: Callable[..., QueryContext]) -> None:
    context = ctx(OURS)
    let_through: list[str] = []
    for text in REFUSED:
        try:
            compile_query(text, context, Binder())
        except QueryError as problem:
            assert problem.status == 400 and problem.detail
        else:
            let_through.append(text[:80])
    assert not let_through


def test_whatever_is_asked_only_own_rows_answer(neighbours: QueryContext) -> None:
    for text in SEEING:
        try:
            answer = json.dumps(run_hogql(neighbours, {"query": text, "filters": {"properties": []}})["results"])
        except QueryError as problem:
            assert "project_id" in text, (text, problem.detail)
            continue
        assert SECRET not in answer, text


def test_odd_questions_are_answered_or_refused_and_tell_nothing(store: Store, neighbours: QueryContext) -> None:
    limits = Limits(seconds=5, memory_bytes=200 << 20, rows=100_000)
    for text in ODD:
        execution = Execution(store, OURS, limits, "odd")
        context = replace(neighbours, execute=execution.run)
        try:
            told = json.dumps(run_hogql(context, {"query": text}), default=str)
        except QueryError as problem:
            assert problem.status == 400 and problem.detail, text[:80]
            told = problem.detail
        assert SECRET not in told and "root:" not in told, text[:80]
    assert store.query(Sql("SELECT 1")).rows == [(1,)]


HOSTILE = [
    "(select groupArray(properties) from events)", "1) or (1 = 1", "properties.a = 'x' or 1 = 1", "1 union all select 1",
    "exists(select 1 from system.tables)", "toString(project_id)", "lb_t1.project_id", "1 -- ", "1 /* ", "in((select 1), 1)",
    "dictGet('person_override', 'new_pk', 1)", "file('/etc/passwd')", "e.project_id", "{b0:String}", "* from events", "1; drop table events",
    "event as project_id", "person_id in cohort 1 or true", "arrayMap(x -> (select 1), [1])", "count() over ()", "pk", "'\\' or 1 = 1 -- '",
]  # fmt: skip


def _with_expression(text: str) -> list[dict[str, Any]]:
    """Every kind of question that takes an expression, with this one."""
    node = {"kind": "EventsNode", "event": "x"}
    dates = {"date_from": "2026-01-01", "date_to": "2026-01-31"}
    funnel = {"kind": "FunnelsQuery", "series": [node, node], "dateRange": dates}
    return [
        {"kind": "TrendsQuery", "series": [{**node, "math": "hogql", "math_hogql": text}], "dateRange": dates},
        {"kind": "TrendsQuery", "series": [node], "dateRange": dates,
         "breakdownFilter": {"breakdown": text, "breakdown_type": "hogql"}},
        {"kind": "TrendsQuery", "series": [node], "dateRange": dates, "properties": [{"type": "hogql", "key": text}]},
        {**funnel, "funnelsFilter": {"funnelAggregateByHogQL": text}},
        {**funnel, "breakdownFilter": {"breakdown": text, "breakdown_type": "hogql"}},
        {"kind": "PathsQuery", "dateRange": dates,
         "pathsFilter": {"includeEventTypes": ["hogql"], "pathsHogQLExpression": text}},
        {"kind": "EventsQuery", "select": [text], "after": "all"},
        {"kind": "EventsQuery", "select": ["properties"], "where": [text], "after": "all"},
        {"kind": "EventsQuery", "select": ["properties"], "orderBy": [text], "after": "all"},
        {"kind": "ActorsQuery", "select": ["id", text]},
        {"kind": "ActorsQuery", "select": ["id", "properties"], "orderBy": [text]},
        {"kind": "HogQLQuery", "query": "select properties from events where {filters}",
         "filters": {"properties": [{"type": "hogql", "key": text}]}},
    ]  # fmt: skip


def test_an_expression_reaches_nothing_but_its_own_events(neighbours: QueryContext) -> None:
    for text in HOSTILE:
        for query in _with_expression(text):
            try:
                told = json.dumps(RUNNERS[query["kind"]](neighbours, query), default=str)
            except QueryError as problem:
                assert problem.status == 400 and problem.detail, (text, query["kind"])
                told = problem.detail
            except StoreError as problem:  # the service would say it in words of its own
                told = str(problem)
            assert SECRET not in told, (text, query)


def test_every_table_is_held_to_the_project_twice(store: Store, neighbours: QueryContext) -> None:
    """Without our own conditions the engine still drops other projects' rows."""
    execution = Execution(store, OURS, Limits(seconds=10, memory_bytes=1 << 30, rows=1000), "t1")
    for table in ("events", "persons", "person_distinct_ids", "groups", "cohort_people"):
        rows = execution.run(Sql(f"SELECT DISTINCT project_id FROM (SELECT * FROM {table})")).rows
        assert rows == [(OURS,)], table
        both = store.query(Sql(f"SELECT uniqExact(project_id) FROM {table}")).rows
        assert both == [(2,)], table


def test_every_statement_binds_the_project(ctx: Callable[..., QueryContext]) -> None:
    context = ctx(Project(id=4_000_000_007, api_token="t"))
    for text in [*SEEING, "select count() from events e join persons p on e.person_id = p.id"]:
        binder = Binder()
        try:
            compiled = compile_query(text, _with_lookups(context), binder)
        except QueryError:
            continue
        statement = binder.sql(compiled.sql)
        assert 4_000_000_007 in statement.binds.values(), text
        tables = ("events", "persons", "person_distinct_ids", "groups", "cohort_people")
        scans = sum(compiled.sql.count(f"FROM {table}") for table in tables)
        assert compiled.sql.count("project_id = ") >= scans, text


def _with_lookups(context: QueryContext) -> QueryContext:
    known: Any = context.cohorts
    known.cohort_names, known.action_steps = {1: "c"}, {1: []}
    return context


def test_heavy_queries_end_at_their_limits(store: Store) -> None:
    limits = Limits(seconds=2, memory_bytes=200 << 20, rows=100_000)
    heavy = [
        "select sum(number) from numbers(1000000000000)",
        "select length(groupArray(number)) from numbers(10000000000)",
        "select length(range(400000000))",
        "select range(50000000)",
        "select arrayFold((a, x) -> arrayConcat(a, a), range(60), [1])",
        "with recursive t as (select 1 as n union all select n + 1 from t) select max(n) from t",
        "select count() from numbers(100000000) a cross join numbers(100000000) b",
        "select max(arraySum(range(number))) from numbers(10000000)",
    ]
    for text in heavy:
        binder = Binder()
        execution = Execution(store, OURS, limits, "heavy")
        lookups = Lookups()
        context = QueryContext(
            project=Project(id=OURS, api_token="t"),
            now=NOW,
            execute=execution.run,
            property_types=lookups,
            actions=lookups,
            cohorts=lookups,
        )
        compiled = compile_query(text, context, binder)
        started = time.monotonic()
        with pytest.raises(QueryError) as refusal:
            execution.run(binder.sql(compiled.sql))
        assert refusal.value.status == 400, text
        assert refusal.value.code in (
            "timeout_exceeded",
            "memory_limit_exceeded",
            "too_slow",
            "argument_out_of_bound",
            "too_many_rows_or_bytes",
            "too_deep_recursion",
        ), text
        assert time.monotonic() - started < 60, text
    assert store.query(Sql("SELECT 1")).rows == [(1,)]


def test_the_engine_has_every_function_that_is_listed(store: Store) -> None:
    known = {str(row[0]).lower() for row in store.query(Sql("SELECT name FROM system.functions")).rows}
    keywords = {"lead", "lag"} - known
    missing = [name for name in (*AGGREGATES, *SCALARS, *WINDOW_ONLY) if name.lower() not in known | keywords]
    assert not missing
