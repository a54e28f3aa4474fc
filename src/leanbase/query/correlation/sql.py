"""What the people of a funnel did on the way, or are, as SQL."""

from collections.abc import Sequence

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.correlation.people import People
from leanbase.query.scope import EventScope
from leanbase.store.sql import Sql

_MOST = 10_000  # different names that are compared; the rarest beyond are left out
_FEW = 2  # values of event properties that no more people than this had say nothing
# The server itself adds these to events and to persons: they say nothing of what people did or are.
_SENDER = "$ip"
_CREATOR = "$creator_event_uuid"
# An autocaptured click is told by its element alone, as PostHog does: its other properties are of the page.
AUTOCAPTURE = "$autocapture"
ELEMENTS = "elements_chain"
ELEMENTS_DIVIDER = "__~~__"  # between the kind of the interaction and the elements


def events_sql(ctx: QueryContext, people: People, excluded: Sequence[str]) -> Sql:
    """Rows (event, success, failure): people who had an event strictly between entering and completing."""
    binder = Binder()
    on_the_way = _on_the_way(ctx, people, binder, "toString(e.event) AS name", excluded=excluded)
    return binder.sql(_counted(f"SELECT actor, completed, name FROM ({on_the_way})"))


def event_properties_sql(ctx: QueryContext, people: People, names: Sequence[str], excluded: Sequence[str]) -> Sql:
    """Rows (event::property::value, success, failure) of the events named, of values that more than a few people had.

    With clicks among the events their elements are all that is compared.
    """
    binder = Binder()
    pairs = "JSONExtractKeysAndValuesRaw(e.properties)"
    # A text loses its quotes, other JSON stays as it is: the value as filters compare it.
    text = "if(startsWith(pair.2, '\"'), JSONExtractString(pair.2), pair.2)"
    if AUTOCAPTURE in names:
        kind = "JSONExtractString(e.properties, '$event_type')"
        pairs = f"[('{ELEMENTS}', concat({kind}, '{ELEMENTS_DIVIDER}', e.elements_chain))]"
        text = "pair.2"
    on_the_way = _on_the_way(ctx, people, binder, f"toString(e.event) AS event_name, {pairs} AS pairs", included=names)
    rows = (
        f"SELECT actor, completed, concat(event_name, '::', pair.1, '::', {text}) AS name"
        f" FROM (SELECT actor, completed, event_name, arrayJoin(pairs) AS pair FROM ({on_the_way}))"
        f" WHERE NOT has({binder([*excluded, _SENDER], 'Array(String)')}, pair.1) AND pair.2 != 'null'"
    )
    return binder.sql(_counted(rows, more_than=_FEW))


def person_properties_sql(ctx: QueryContext, people: People, names: Sequence[str], excluded: Sequence[str]) -> Sql:
    """Rows (property::value, success, failure) of the people's (or groups') properties.

    ``$all`` takes every one that somebody has; a property asked for by name has the value '' where it is missing.
    """
    binder = Binder()
    group = people.funnel.group_type_index
    project = binder(ctx.project.id, "UInt32")
    if group is None:
        profiles = f"SELECT pk AS key, properties FROM persons FINAL WHERE project_id = {project} AND NOT is_deleted"
    else:
        profiles = (
            f"SELECT group_key AS key, properties FROM groups FINAL WHERE project_id = {project}"
            f" AND group_type_index = {binder(group, 'UInt8')} AND NOT is_deleted"
        )
    pairs, kept = "JSONExtractKeysAndValuesRaw(p.properties)", " AND pair.2 != 'null'"
    left_out = list(excluded)
    if "$all" in names:
        left_out.append(_CREATOR)
    else:
        named = binder(list(names), "Array(String)")
        pairs, kept = f"arrayMap(name -> (name, JSONExtractRaw(p.properties, name)), {named})", ""
    text = "multiIf(startsWith(pair.2, '\"'), JSONExtractString(pair.2), pair.2 = 'null', '', pair.2)"
    rows = (
        f"SELECT actor, completed, concat(pair.1, '::', {text}) AS name FROM (SELECT s.actor AS actor,"
        f" s.completed AS completed, arrayJoin({pairs}) AS pair"
        f" FROM ({people.sql(binder)}) AS s INNER JOIN ({profiles}) AS p ON s.actor = p.key)"
        f" WHERE NOT has({binder(left_out, 'Array(String)')}, pair.1){kept}"
    )
    return binder.sql(_counted(rows))


def actors_sql(ctx: QueryContext, people: People, entity: dict[str, object], converted: bool | None) -> Sql:
    """Rows (actor): the people who completed (or did not, or either) and had an event of the node on the way."""
    binder = Binder()
    on_the_way = _on_the_way(ctx, people, binder, "1 AS name", node=entity)
    kept = "1" if converted is None else f"completed = {int(converted)}"
    return binder.sql(f"SELECT DISTINCT actor FROM ({on_the_way}) WHERE {kept} ORDER BY actor")


def _on_the_way(
    ctx: QueryContext,
    people: People,
    binder: Binder,
    columns: str,
    *,
    excluded: Sequence[str] = (),
    included: Sequence[str] | None = None,
    node: dict[str, object] | None = None,
) -> str:
    scope = EventScope(ctx, binder)
    actor = scope.actor(people.funnel.group_type_index)
    conditions = [scope.between(people.over.read_from, people.over.end)]
    steps = [name for step in people.funnel.series for name in scope.event_names([step]) or []]
    left_out = sorted({*steps, *excluded})
    if included is not None:
        conditions.append(f"e.event IN {binder(list(included), 'Array(String)')}")
    elif node is not None:
        conditions.append(scope.entity(node, "source.funnelCorrelationPersonEntity"))
    if left_out:
        conditions.append(f"e.event NOT IN {binder(left_out, 'Array(String)')}")
    events = f"SELECT {actor} AS who, toUnixTimestamp64Micro(e.timestamp) AS at, {columns} FROM {scope.source()}"
    return (
        f"SELECT * FROM ({events} WHERE {' AND '.join(conditions)}) AS v"
        f" INNER JOIN ({people.sql(binder)}) AS s ON v.who = s.actor WHERE v.at > s.begins AND v.at < s.ends"
    )


def _counted(rows: str, more_than: int = 0) -> str:
    having = f" HAVING success + failure > {more_than}" if more_than else ""
    return (
        "SELECT name, uniqExactIf(actor, completed = 1) AS success, uniqExactIf(actor, completed = 0) AS failure"
        f" FROM ({rows}) GROUP BY name{having} ORDER BY success + failure DESC, name LIMIT {_MOST}"
    )
