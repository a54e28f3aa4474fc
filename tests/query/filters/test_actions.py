# ruff: noqa: E501 - one case a line
"""Actions and selectors over elements chains."""

from collections.abc import Callable
from typing import Any

import pytest

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.elements import selector_pattern
from leanbase.query.errors import QueryError
from leanbase.query.scope import EventScope
from tests.query.conftest import Lookups

LINK = (
    'a.btn.btn-primary:attr__class="btn btn-primary"attr__data-x="1"attr__href="/a;b"href="/a;b"nth-child="2"'
    'nth-of-type="1"text="Go \\"now\\""'
)
CHAIN = ";".join(
    [
        LINK,
        'li:nth-child="3"nth-of-type="3"',
        'ul.md:flex.nav:attr__class="nav md:flex"nth-child="1"nth-of-type="1"',
        'div:attr__id="main"attr_id="main"nth-child="1"nth-of-type="1"',
        'section.!mt-0.grid.max-w-[9px].p-0.5:attr__title="a > \\"b\\"]"nth-child="2"nth-of-type="1"',
        'body:nth-child="2"nth-of-type="1"',
    ]
)

MATCHING = [
    "a", "*", "a.btn", ".btn-primary.btn", "a.btn-primary", "#main", "div#main", "[id='main']", '[data-x="1"]',
    'a[href="/a;b"]', "a:nth-child(2)", "a:nth-of-type(1):nth-child(2)", 'a[data-x="1"]:nth-child(2)', "ul li a",
    "ul > li > a", "div a", "body a.btn", "li > a", "ul.nav a", "section > div", "div > ul > li", "li:nth-child(3) > a",
    "  ul   >  li ", "#main a", "body #main .nav li .btn", "ul > *", ".md\\:flex", "a[text='Go \"now\"']",
    'a[text="Go \\"now\\""]', "a.btn:nth-child(2):nth-of-type(1)", "#main:nth-child(1)", ".\\!mt-0", ".max-w-[9px]", ".p-0\\.5 a",
    r".max-w-\[9px\].grid:nth-child(2)", '[title=\'a > "b"]\']', 'section[title="a > \\"b\\"]"] > div', '[data-x="1"][data-x="1"]',
    "body > * > div", "body > * > * > ul > *", "body a.btn > *",
]  # fmt: skip
NOT_MATCHING = [
    "button", "A", "a.bt", "a.btn.other", "#mai", "#Main", '[data-x="2"]', "a:nth-child(1)", "ul > a", "a li",
    "li > ul", "body > div", "body > a", "li:nth-child(2) > a", "div > li", "a + b", "a ~ b", "a:hover", 'a[href^="/a"]', "a >", "> a",
    "a,b", "", "a::before", "a b c d", "ul > > a", "b.btn", "span#main",
    "a.btn:nth-child(1)", ".max-w-[8px]", '[data-x="1"][data-x="2"]', '#main[id="nav"]', "div > * > section", "a[href", "]",
    'section[title="a > b"]', "li:nth-child(3):nth-child(2)", "section.grid[data-x]",
]  # fmt: skip


@pytest.fixture
def clicks(ctx: Callable[..., QueryContext], insert_events: Callable) -> QueryContext:
    insert_events(
        1,
        [
            {
                "event": "$autocapture",
                "timestamp": "2026-01-01",
                "distinct_id": "click",
                "elements_chain": CHAIN,
                "properties": {"$current_url": "https://x.test/shop/cart?Item=1"},
            },
            {
                "event": "$pageview",
                "timestamp": "2026-01-02",
                "distinct_id": "view",
                "properties": {"$current_url": "https://x.test/shop"},
            },
            {"event": "bought", "timestamp": "2026-01-03", "distinct_id": "buy", "properties": {"plan": "pro"}},
        ],
    )
    return ctx(1)


def select(context: QueryContext, condition: Callable[[EventScope], str]) -> list[str]:
    binder = Binder()
    scope = EventScope(context, binder)
    text = condition(scope)
    where = scope.between(None, None)
    rows = context.execute(
        binder.sql(f"SELECT e.distinct_id FROM {scope.source()} WHERE {where} AND {text} ORDER BY e.timestamp")
    ).rows
    return [row[0] for row in rows]


def test_selectors(clicks: QueryContext) -> None:
    binder = Binder()
    chain = binder(CHAIN, "String")
    asked = [*MATCHING, *NOT_MATCHING]
    columns = ", ".join(f"match({chain}, {binder(selector_pattern(one), 'String')})" for one in asked)
    answers = clicks.execute(binder.sql(f"SELECT {columns}")).rows[0]
    found = [one for one, matched in zip(asked, answers, strict=True) if matched]
    assert found == MATCHING


ACTIONS: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([], ["click", "view", "buy"]),
    ([{}], ["click", "view", "buy"]),
    ([{"event": "$pageview"}], ["view"]),
    ([{"event": "$pageview"}, {"event": "bought"}], ["view", "buy"]),
    ([{"event": "bought", "properties": [{"key": "plan", "value": "pro", "type": "event"}]}], ["buy"]),
    ([{"event": "bought", "properties": [{"key": "plan", "value": "free", "type": "event"}]}], []),
    ([{"event": "$autocapture", "selector": "ul > li a.btn"}], ["click"]),
    ([{"event": "$autocapture", "selector": "ul > a"}], []),
    ([{"event": "$pageview", "selector": "ul > a"}], ["view"]),
    ([{"event": "$autocapture", "text": 'Go "now"'}], ["click"]),
    ([{"event": "$autocapture", "text": "go", "text_matching": "contains"}], ["click"]),
    ([{"event": "$autocapture", "text": "go"}], []),
    ([{"event": "$autocapture", "text": "^Go", "text_matching": "regex"}], ["click"]),
    ([{"event": "$autocapture", "href": "/a;b"}], ["click"]),
    ([{"event": "$autocapture", "href": "/A", "href_matching": "contains"}], ["click"]),
    ([{"event": "$autocapture", "href": "(", "href_matching": "regex"}], []),
    ([{"event": "$autocapture", "tag_name": "ul"}], ["click"]),
    ([{"event": "$autocapture", "tag_name": "button"}], []),
    ([{"url": "shop"}], ["click", "view"]),
    ([{"url": "Shop"}], []),
    ([{"url": "shop%Item"}], ["click"]),
    ([{"url": "https://x.test/shop", "url_matching": "exact"}], ["view"]),
    ([{"url": "cart\\?", "url_matching": "regex"}], ["click"]),
    ([{"event": "$pageview", "url": "cart"}], []),
]


def test_steps(clicks: QueryContext, lookups: Lookups) -> None:
    for number, (steps, expected) in enumerate(ACTIONS, start=1):
        lookups.action_steps[number] = steps
        found = select(clicks, lambda scope, n=number: scope.entity({"kind": "ActionsNode", "id": n}))
        assert found == expected, steps


def test_entities(clicks: QueryContext, lookups: Lookups) -> None:
    lookups.action_steps[1] = [{"event": "bought"}]
    every = {"kind": "EventsNode", "event": None}
    assert select(clicks, lambda scope: scope.entity(every)) == ["click", "view", "buy"]
    filtered = {"kind": "EventsNode", "event": "bought", "properties": [{"key": "plan", "value": "free"}]}
    assert select(clicks, lambda scope: scope.entity(filtered)) == []
    missing = {"kind": "ActionsNode", "id": 99}
    assert select(clicks, lambda scope: scope.entity(missing)) == []
    group = {
        "kind": "GroupNode",
        "nodes": [{"kind": "ActionsNode", "id": 1}, {"kind": "EventsNode", "event": "$pageview"}],
    }
    assert select(clicks, lambda scope: scope.entity(group)) == ["view", "buy"]
    assert select(clicks, lambda scope: scope.event_in([group])) == ["view", "buy"]
    assert select(clicks, lambda scope: scope.event_in([every])) == ["click", "view", "buy"]
    assert select(clicks, lambda scope: scope.event_in([missing])) == []
    with pytest.raises(QueryError, match="not available"):
        select(clicks, lambda scope: scope.entity({"kind": "DataWarehouseNode"}))
    with pytest.raises(QueryError, match="by its number"):
        select(clicks, lambda scope: scope.entity({"kind": "ActionsNode", "id": "x"}))
