"""Paths as SQL: events to items, items to paths, paths to edges."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.events import actor_sql
from leanbase.query.paths.funnel import FunnelTimes
from leanbase.query.paths.query import PathsQuery
from leanbase.query.paths.steps import NumberedSteps, Steps, TextSteps
from leanbase.query.scope import EventScope
from leanbase.store.sql import Sql

_GAP = 30 * 60 * 1_000_000  # microseconds without an event after which a new path begins
_MOST_ENDS = 10_000  # places at which paths end; those that are drawn are among the most travelled
_NO_END = 1 << 40  # beyond every end of a match
MOST_ITEMS = 10_000  # whose steps are numbered: two of them and a place fit into a number, their texts into a statement
_STEP_BITS = 63
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
GAP_TEXT = "..."  # stands for the middle of a path that is too long between its start and its end


def items_sql(ctx: QueryContext, paths: PathsQuery, over: Period) -> Sql:
    """One row: the texts of items, one more than :data:`MOST_ITEMS` at most, and the number of events with an item.

    No texts where one of them is not UTF-8, since it would not be the same on its way back.
    """
    binder = Binder()
    items = _items(ctx, paths, over, None, binder)
    found = f"SELECT groupUniqArray({MOST_ITEMS + 1})(CAST(item, 'String')) AS texts, count() AS events FROM ({items})"
    return binder.sql(f"SELECT if(arrayAll(text -> isValidUTF8(text), texts), texts, []), events FROM ({found})")


def numbered_items(found: Sequence[str], events: int, over: Period) -> list[str] | None:
    """The items by which steps can be numbered, sorted; None where the texts had better stay with the steps.

    A number holds the time as well. And the engine takes 0.1 µs for each byte of a text in a statement, while an event
    gains 0.5 µs by its number.
    """
    items = sorted({*found, GAP_TEXT}, key=lambda text: text.encode())
    span = (_micros(over.end) - _micros(over.read_from)).bit_length()
    few = 0 < len(found) <= MOST_ITEMS and sum(map(len, found)) <= 4 * events
    return items if few and span + len(items).bit_length() <= _STEP_BITS else None


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def edges_sql(
    ctx: QueryContext, paths: PathsQuery, over: Period, funnel: FunnelTimes | None, items: list[str] | None = None
) -> Sql:
    """Rows (source, target, value, average in milliseconds, paths that came to the source), most travelled first.

    ``items`` are the texts of all items, where :func:`numbered_items` found that they are few enough. Rows without a
    target tell how many paths ended at their source. Where paths are cut, none are told: after the last step that is
    asked for, and at an end point.
    """
    binder = Binder()
    weights: list[str] = []
    if paths.min_weight is not None:
        weights.append(f"value >= {binder(paths.min_weight, 'UInt64')}")
    if paths.max_weight is not None:
        weights.append(f"value <= {binder(paths.max_weight, 'UInt64')}")
    kept = f"target = '' OR ({' AND '.join(weights)})" if weights else "1"
    ends_before = paths.steps if paths.end is None else 1
    if items is None:
        edges = _edges(_paths(ctx, paths, over, funnel, TextSteps(binder), binder), ends_before)
        counted = (
            "SELECT source, target, count() AS value, avg(micros) / 1000 AS average,"
            f" sum(count()) OVER (PARTITION BY source) AS came FROM ({edges}) GROUP BY source, target"
        )
    else:
        steps = NumberedSteps(binder, _micros(over.read_from), items)
        counted = _numbered_edges(_paths(ctx, paths, over, funnel, steps, binder), ends_before, steps)
    placed = (
        "SELECT *, row_number() OVER (PARTITION BY target = '' ORDER BY value DESC, source, target) AS place"
        f" FROM ({counted}) WHERE {kept}"
    )
    return binder.sql(
        f"SELECT source, target, value, average, came FROM ({placed})"
        f" WHERE place <= if(target = '', {_MOST_ENDS}, {binder(paths.edges, 'UInt64')})"
        " ORDER BY value DESC, source, target"
    )


def actors_sql(
    ctx: QueryContext,
    paths: PathsQuery,
    over: Period,
    funnel: FunnelTimes | None,
    source: str | None,
    target: str | None,
    dropoff: str | None,
) -> Sql:
    """Rows (actor, event_count): who went along an edge (``1_/`` → ``2_/pricing``), or whose path ended at a point."""
    binder = Binder()
    found = _paths(ctx, paths, over, funnel, TextSteps(binder), binder)
    if dropoff:
        last = "concat(toString(length(path)), '_', path[-1].2)"
        where = f"{last} = {binder(dropoff, 'String')}"
        return binder.sql(
            f"SELECT actor, count() AS event_count FROM ({found}) WHERE notEmpty(path) AND {where}"
            " GROUP BY actor ORDER BY actor"
        )
    conditions = ["1"]
    if source:
        conditions.append(f"source = {binder(source, 'String')}")
    if target:
        conditions.append(f"target = {binder(target, 'String')}")
    return binder.sql(
        f"SELECT actor, count() AS event_count FROM ({_edges(found)}) WHERE {' AND '.join(conditions)}"
        " GROUP BY actor ORDER BY actor"
    )


def _edges(paths: str, ends_before: int = 1) -> str:
    """Rows (actor, source, target, micros); of paths shorter than ``ends_before`` also their last item, to nowhere."""
    steps = (
        "arrayMap((a, b, i) -> (concat(toString(i), '_', a.2), concat(toString(i + 1), '_', b.2), b.1 - a.1),"
        " arrayPopBack(path), arrayPopFront(path), arrayEnumerate(arrayPopBack(path)))"
    )
    shortest = 2
    if ends_before > 1:
        end = "[(concat(toString(length(path)), '_', path[-1].2), '', toInt64(0))]"
        steps = f"arrayConcat({steps}, if(length(path) < {ends_before}, {end}, []))"
        shortest = 1
    return (
        "SELECT actor, edge.1 AS source, edge.2 AS target, edge.3 AS micros"
        f" FROM (SELECT actor, arrayJoin({steps}) AS edge FROM ({paths}) WHERE length(path) >= {shortest})"
    )


def _numbered_edges(paths: str, ends_before: int, steps: NumberedSteps) -> str:
    """Rows (source, target, value, average, came). Edges are counted as numbers, and only then become texts."""
    place = 2 * steps.bits
    ends = f"bitOr(bitShiftLeft({steps.item('a')}, {steps.bits}), {steps.item('b')})"
    edge = f"bitOr(bitShiftLeft(toUInt64(place), {place}), {ends})"
    each = (
        f"SELECT {edge} AS edge, {steps.at('b')} - {steps.at('a')} AS micros FROM ({paths})"
        " ARRAY JOIN path AS a, arrayPushBack(arrayPopFront(path), toUInt64(0)) AS b, arrayEnumerate(path) AS place"
        f" WHERE b != 0 OR place < {ends_before}"
    )
    counted = f"SELECT edge, count() AS value, avg(micros) / 1000 AS average FROM ({each}) GROUP BY edge"
    parted = (
        f"SELECT bitShiftRight(edge, {place}) AS place, {steps.item(f'bitShiftRight(edge, {steps.bits})')} AS a,"
        f" {steps.item('edge')} AS b, value, average FROM ({counted})"
    )
    return (
        f"SELECT concat(toString(place), '_', {steps.texts}[a]) AS source,"
        f" if(b = 0, '', concat(toString(place + 1), '_', {steps.texts}[b])) AS target,"
        f" value, average, sum(value) OVER (PARTITION BY source) AS came FROM ({parted})"
    )


def _paths(
    ctx: QueryContext, paths: PathsQuery, over: Period, funnel: FunnelTimes | None, form: Steps, binder: Binder
) -> str:
    """Rows (actor, path): a path is an array of steps."""
    gap = funnel.window if funnel else _GAP
    events = _items(ctx, paths, over, funnel, binder)
    # The events of a group of equal ones stay together, first time first; a longer pause begins a new path.
    split = (
        "arraySplit((x, pause) -> pause >= "
        + binder(gap, "Int64")
        + f", steps, arrayDifference(arrayMap(x -> {form.at('x')}, steps)))"
    )
    each = f"SELECT actor, {form.of_event()} AS step FROM ({events})"
    sorted_items = f"SELECT actor, arraySort(groupArray(step)) AS steps FROM ({each}) WHERE {form.known} GROUP BY actor"
    parted = f"SELECT actor, arrayJoin({split}) AS run FROM ({sorted_items})"
    # Of equal items in a row the last one counts, so a step takes from the last look at one to the last at the next.
    collapsed = (
        f"SELECT actor, arrayFilter((x, after, i) -> i = length(run) OR {form.item('x')} != {form.item('after')}, run,"
        f" arrayPushBack(arrayPopFront(run), run[1]), arrayEnumerate(run)) AS kept FROM ({parted})"
    )
    return _cut(paths, collapsed, form)


def _cut(paths: PathsQuery, collapsed: str, form: Steps) -> str:
    """Only what is asked for of a path: from its start, up to its end, at most so many items."""
    limit = paths.steps
    position = f"indexOf(arrayMap(x -> {form.item('x')}, {{}}), {{}})"
    if paths.start is None and paths.end is None:
        return f"SELECT actor, arraySlice(kept, 1, {limit}) AS path FROM ({collapsed})"
    text = collapsed
    if paths.start is not None:
        begin = position.format("kept", form.point(paths.start))
        found = f"SELECT actor, kept, {begin} AS begin FROM ({text})"
        text = f"SELECT actor, arraySlice(kept, begin) AS kept_from FROM ({found}) WHERE begin > 0"
        text = f"SELECT actor, kept_from AS kept FROM ({text})"
    if paths.end is None:
        return f"SELECT actor, arraySlice(kept, 1, {limit}) AS path FROM ({text})"
    finish = position.format("kept", form.point(paths.end))
    found = f"SELECT actor, kept, {finish} AS finish FROM ({text})"
    text = f"SELECT actor, arraySlice(kept, 1, finish) AS whole FROM ({found}) WHERE finish > 0"
    if paths.start is None:
        return f"SELECT actor, arraySlice(whole, -{limit}) AS path FROM ({text})"
    half = limit // 2
    middle = f"[{form.at_time_of(f'whole[{half + 1}]', GAP_TEXT)}]"
    shortened = f"arrayConcat(arraySlice(whole, 1, {half}), {middle}, arraySlice(whole, -{half}))"
    return f"SELECT actor, if(length(whole) > {limit}, {shortened}, whole) AS path FROM ({text})"


def _items(ctx: QueryContext, paths: PathsQuery, over: Period, funnel: FunnelTimes | None, binder: Binder) -> str:
    """Rows (actor, at, item) of the events that can be on a path."""
    scope = EventScope(ctx, binder)
    actor = scope.actor(paths.group_type_index)
    unit = f", {actor_sql(scope, funnel.funnel)[0]} AS unit" if funnel else ""
    item = "toString(e.event)"
    if paths.reads("hogql") and paths.expression:
        item = f"ifNull(toString({scope.hogql(paths.expression, 'pathsFilter.pathsHogQLExpression')}), '')"
    if paths.reads("$screen"):
        screen = scope.property("event", "$screen_name", typed=False)
        item = f"if(e.event = '$screen', ifNull({screen}, ''), {item})"
    if paths.reads("$pageview"):
        # Where there are only page views no branch is needed, and texts are made once a value of the dictionary.
        only = set(paths.types) == {"$pageview"}
        url = f"ifNull({scope.property('event', '$current_url', typed=False, encoded=only)}, '')"
        trimmed = f"if(length({url}) > 1 AND endsWith({url}, '/'), left({url}, length({url}) - 1), {url})"
        item = trimmed if only else f"if(e.event = '$pageview', {trimmed}, {item})"
    for pattern, alias in paths.cleaning:
        item = f"replaceRegexpAll({item}, {binder(pattern, 'String')}, {binder(alias, 'String')})"
    conditions = [
        scope.between(over.read_from, over.end),
        scope.query_filters(paths.source),
        _of_type(paths),
        *([f"{actor} != ''"] if paths.group_type_index is not None else []),
    ]
    columns = f"{actor} AS actor, toUnixTimestamp64Micro(e.timestamp) AS at, {item} AS cleaned{unit}"
    where = " AND ".join(condition for condition in conditions if condition != "1")
    text = f"SELECT {columns} FROM {scope.source(paths.sampling)} WHERE {where}"
    if funnel is not None:
        text = _within(funnel, text, binder)
    text = _grouped(paths, text, binder)
    if paths.excluded:
        text = f"SELECT * FROM ({text}) WHERE NOT has({binder(paths.excluded, 'Array(String)')}, item)"
    return text


def _grouped(paths: PathsQuery, events: str, binder: Binder) -> str:
    """Items under the name of a grouping that is found in them; of several that whose match is complete first."""
    if not paths.groupings:
        return f"SELECT actor, at, cleaned AS item FROM ({events})"
    ends = ", ".join(
        f"if(match(cleaned, {pattern}), toInt64(length(extract(cleaned, {pattern}))), {_NO_END})"
        for pattern in (binder(pattern, "String") for pattern, _ in paths.groupings)
    )
    names = binder([name for _, name in paths.groupings], "Array(String)")
    named = f"if(arrayMin(ends) = {_NO_END}, cleaned, {names}[indexOf(ends, arrayMin(ends))])"
    return f"SELECT actor, at, {named} AS item FROM (SELECT actor, at, cleaned, [{ends}] AS ends FROM ({events}))"


def _of_type(paths: PathsQuery) -> str:
    """The condition of the event types asked for; "hogql" by itself takes every event."""
    names = sorted(kind for kind in paths.types if kind not in ("custom_event", "hogql"))
    parts = [f"e.event = '{name}'" for name in names]
    if "custom_event" in paths.types:
        parts.append("NOT startsWith(e.event, '$')")
    return f"({' OR '.join(parts)})" if parts else "1"


def _within(funnel: FunnelTimes, events: str, binder: Binder) -> str:
    """Only the events of the funnel's units (people, groups, sessions) between their two times."""
    kind = "UInt64" if funnel.by_person else "String"
    people = (
        f"SELECT arrayJoin(arrayZip({binder(funnel.units, f'Array({kind})')}, {binder(funnel.begins, 'Array(Int64)')},"
        f" {binder(funnel.ends, 'Array(Int64)')})) AS who"
    )
    spans = f"SELECT who.1 AS unit, who.2 AS begins, who.3 AS ends FROM ({people})"
    return (
        f"SELECT v.actor AS actor, v.at AS at, v.cleaned AS cleaned FROM ({events}) AS v"
        f" INNER JOIN ({spans}) AS s ON v.unit = s.unit WHERE v.at BETWEEN s.begins AND s.ends"
    )
