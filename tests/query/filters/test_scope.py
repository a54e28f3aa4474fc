"""What an EventScope reads: properties by kind, persons after merges, sessions, groups."""

from collections.abc import Callable

from leanbase.model.project import Project
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.scope import EventScope
from tests.query.session_ids import session_id

MakeContext = Callable[..., QueryContext]


def rows(context: QueryContext, *expressions: Callable[[EventScope], str]) -> list[tuple]:
    binder = Binder()
    scope = EventScope(context, binder)
    columns = ", ".join(expression(scope) for expression in expressions)
    where = scope.between(None, None)
    text = f"SELECT {columns} FROM {scope.source()} WHERE {where} ORDER BY e.timestamp"
    return context.execute(binder.sql(text)).rows


def test_person_properties_are_those_of_the_person_after_a_merge(
    ctx: MakeContext, insert_events: Callable, insert_persons: Callable, merge_persons: Callable
) -> None:
    insert_persons(1, [{"distinct_ids": ["user"], "properties": {"plan": "paid"}}])
    insert_persons(2, [{"distinct_ids": ["user"], "properties": {"plan": "other project"}}])
    insert_events(
        1,
        [
            {"event": "a", "timestamp": "2026-01-01", "distinct_id": "anon", "person_properties": {"plan": "none"}},
            {"event": "b", "timestamp": "2026-01-02", "distinct_id": "user", "person_properties": {"plan": "free"}},
            {"event": "c", "timestamp": "2026-01-03", "distinct_id": "stranger"},
        ],
    )
    merge_persons(1, "anon", "user")

    def plan(scope: EventScope) -> str:
        return scope.property("person", "plan")

    def actor(scope: EventScope) -> str:
        return scope.actor()

    joined = rows(ctx(1), plan, actor)
    assert [row[0] for row in joined] == ["paid", "paid", None]
    assert joined[0][1] == joined[1][1] != joined[2][1]

    on_events = ctx(1, modifiers={"personsOnEventsMode": "person_id_override_properties_on_events"})
    assert [row[0] for row in rows(on_events, plan)] == ["none", "free", None]
    raw = ctx(1, modifiers={"personsOnEventsMode": "person_id_no_override_properties_on_events"})
    assert len({row[1] for row in rows(raw, plan, actor)}) == 3


def test_group_and_session_fields_of_an_event(
    ctx: MakeContext, insert_events: Callable, insert_groups: Callable
) -> None:
    insert_groups(1, [{"index": 0, "key": "acme", "properties": {"size": 7}}])
    insert_events(
        1,
        [
            {
                "event": "$pageview",
                "timestamp": "2026-01-01T10:00:00",
                "distinct_id": "u",
                "session_id": session_id("s1"),
                "groups": {0: "acme"},
                "properties": {"$current_url": "/in", "utm_source": "google", "utm_medium": "cpc"},
            },
            {
                "event": "click",
                "timestamp": "2026-01-01T10:00:30",
                "distinct_id": "u",
                "session_id": session_id("s1"),
                "properties": {"$current_url": "/out"},
            },
            {"event": "server", "timestamp": "2026-01-01T10:00:40", "distinct_id": "u"},
        ],
    )
    found = rows(
        ctx(Project(id=1, api_token="t")),
        lambda scope: scope.property("group", "size", 0),
        lambda scope: scope.property("session", "$session_duration"),
        lambda scope: scope.property("session", "$entry_current_url"),
        lambda scope: scope.property("session", "$channel_type"),
        lambda scope: scope.property("session", "$is_bounce"),
    )
    assert found == [
        ("7", 30, "/in", "Paid Search", False),
        (None, 30, "/in", "Paid Search", False),
        (None, None, None, None, None),
    ]


def test_the_elements_of_a_click_are_filtered_like_a_property(ctx: MakeContext, insert_events: Callable) -> None:
    chains = ['button:text="Buy";form', 'a:href="/help"', ""]
    insert_events(
        1,
        [
            {"event": "$autocapture", "timestamp": f"2026-01-0{day}", "distinct_id": "u", "elements_chain": chain}
            for day, chain in enumerate(chains, 1)
        ],
    )

    def matched(operator: str, value: str | None = None) -> list[bool]:
        wanted = {"type": "event", "key": "$elements_chain", "operator": operator, "value": value}
        return [bool(row[0]) for row in rows(ctx(1), lambda scope: scope.filters([wanted]))]

    assert matched("icontains", "FORM") == [True, False, False]
    assert matched("not_icontains", "form") == [False, True, True]
    assert matched("is_set") == [True, True, False]


def test_sampling_keeps_a_stable_part_and_the_project(ctx: MakeContext, insert_events: Callable) -> None:
    for project in (1, 2):
        insert_events(
            project,
            [{"event": "a", "timestamp": "2026-01-01", "distinct_id": f"u{n}"} for n in range(400)],
        )
    context = ctx(1)

    def count(sample: float | None) -> int:
        binder = Binder()
        scope = EventScope(context, binder)
        where = scope.between(None, None)
        return context.execute(binder.sql(f"SELECT count() FROM {scope.source(sample)} WHERE {where}")).rows[0][0]

    assert count(None) == count(1) == 400
    assert count(0) == 0
    assert 20 < count(0.1) < 80 and count(0.1) == count(0.1)
