"""Each step as a table: what goes in, what comes out."""

import json
from typing import Any

import pytest

from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.pipeline.cookieless import name_cookieless
from leanbase.pipeline.elements import build_chains, chain
from leanbase.pipeline.enrich import add_address, add_sent_at, hide_addresses, read_session
from leanbase.pipeline.filters import drop_repeated, drop_unwanted
from leanbase.pipeline.geoip import add_country
from leanbase.pipeline.heatmaps import split_heatmaps
from leanbase.pipeline.lift import lift_person_properties
from leanbase.pipeline.rows import stored_properties
from leanbase.pipeline.steps import STEPS, run_steps
from tests.pipeline.world import GERMAN, NOON, SECOND, a_turn, make_event, one_step

HIDES = Project(id=1, api_token="t", anonymize_ips=True)
NO_PERSONS = Project(id=1, api_token="t", person_processing_opt_out=True)


def stored(event: Event | None) -> dict[str, Any]:
    assert event
    found = json.loads(stored_properties(event))
    assert found == event.properties, "the bytes and the object must say the same"
    return found


@pytest.mark.parametrize(
    ("name", "distinct_id", "reason", "warning"),
    [
        ("click", "d", None, None),
        ("$pageview", "d", None, None),
        ("$exception", "d", None, None),
        ("", "d", "missing_event_name", None),
        ("click", "", "missing_distinct_id", "missing_distinct_id"),
        ("$performance_event", "d", "performance_event", None),
        ("$snapshot", "d", "snapshot_on_event_path", None),
        ("$$client_ingestion_warning", "d", "client_ingestion_warning", "client_ingestion_warning"),
    ],
)
def test_events_that_are_none(name: str, distinct_id: str, reason: str | None, warning: str | None) -> None:
    event, turn = one_step(drop_unwanted, make_event(name=name, distinct_id=distinct_id))
    assert [drop.reason for drop in turn.dropped] == ([reason] if reason else [])
    assert [one.type for one in turn.warnings] == ([warning] if warning else [])
    assert (event is None) == bool(reason)


def test_a_repeated_uuid_is_dropped_once_it_was_kept() -> None:
    turn = a_turn()
    assert len(drop_repeated([make_event(), make_event()], turn)) == 1
    turn.recent.forget()
    assert len(drop_repeated([make_event()], turn)) == 1
    turn.recent.keep(NOON)
    assert drop_repeated([make_event()], turn) == []
    assert {drop.reason for drop in turn.dropped} == {"repeated_uuid"}


@pytest.mark.parametrize(
    ("properties", "ip", "after"),
    [
        ({}, "1.2.3.4", "1.2.3.4"),
        ({"$ip": "9.9.9.9"}, "1.2.3.4", "9.9.9.9"),
        ({"$ip": None}, "1.2.3.4", None),
        ({}, "", "absent"),
        ({"capture_internal": True}, "1.2.3.4", "127.0.0.1"),
        ({"capture_internal": False, "$ip": "9.9.9.9"}, "1.2.3.4", "127.0.0.1"),
    ],
)
def test_the_address(properties: dict[str, Any], ip: str, after: str | None) -> None:
    event, _ = one_step(add_address, make_event(properties, ip=ip))
    assert stored(event).get("$ip", "absent") == after


@pytest.mark.parametrize("properties", [{}, {"$ip": "9.9.9.9"}])
def test_addresses_are_hidden_where_the_project_wants_it(properties: dict[str, Any]) -> None:
    event = make_event(properties, project=HIDES, ip=GERMAN)
    (event,) = run_steps([event], a_turn(), (add_address, add_country, hide_addresses))
    assert "$ip" not in stored(event)
    assert ("$geoip_country_code" in stored(event)) == (not properties)


@pytest.mark.parametrize(
    ("sent_at", "after"),
    [
        (None, None),
        (NOON, "2026-03-02T12:00:00.000Z"),
        (NOON + 123_456, "2026-03-02T12:00:00.123Z"),
        (10**18, ""),
    ],
)
def test_sent_at(sent_at: int | None, after: str | None) -> None:
    event, _ = one_step(add_sent_at, make_event({"a": 1}, sent_at=sent_at))
    assert stored(event).get("$sent_at") == after


@pytest.mark.parametrize(
    ("session", "after", "warned"),
    [
        ("0190AAAA-bbbb-7ccc-8ddd-EEEEEEEEEEEE", "0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", False),
        ("0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", "0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", False),
        ("mine", "mine", True),
        ("", "", False),
        (5, "", False),
        (None, "", False),
    ],
)
def test_the_session(session: Any, after: str, warned: bool) -> None:
    event, turn = one_step(read_session, make_event({"$session_id": session, "$window_id": "w"}))
    assert event
    assert (event.session_id, event.window_id) == (after, "w")
    assert stored(event)["$session_id"] == (after if isinstance(session, str) else session)
    assert [one.type for one in turn.warnings] == (["invalid_event_session_id"] if warned else [])


@pytest.mark.parametrize(
    ("properties", "set_", "set_once"),
    [
        ({}, {}, {}),
        ({"other": 1}, {}, {}),
        ({"$browser": "Firefox"}, {"$browser": "Firefox"}, {"$initial_browser": "Firefox"}),
        ({"utm_source": "x"}, {"utm_source": "x"}, {"$initial_utm_source": "x"}),
        ({"_kx": "x"}, {"_kx": "x"}, {"$initial__kx": "x"}),
        ({"utm_source": None}, {"utm_source": None}, {}),
        ({"$browser": ""}, {"$browser": ""}, {"$initial_browser": ""}),
        ({"$os_name": "iOS"}, {"$os": "iOS"}, {"$initial_os": "iOS"}),
        ({"$os_name": "iOS", "$os": "Mac"}, {"$os": "Mac"}, {"$initial_os": "Mac"}),
        (
            {"$os": "Linux", "$os_version": "6", "$browser": "B", "$is_server": True},
            {"$browser": "B"},
            {"$initial_browser": "B"},
        ),
        ({"$os": "Linux", "$is_server": "true"}, {"$os": "Linux"}, {"$initial_os": "Linux"}),
        (
            {"$browser": "B", "$set": {"$browser": "mine", "plan": "pro"}, "$set_once": {"$initial_browser": "first"}},
            {"$browser": "mine", "plan": "pro"},
            {"$initial_browser": "first"},
        ),
        ({"$browser": "B", "$set": "odd", "$set_once": [1]}, {"$browser": "B"}, {"$initial_browser": "B"}),
        ({"$set": "odd"}, {}, {}),
        ({"$set": {"a": 1}, "$set_once": {"b": None}}, {"a": 1}, {"b": None}),
        ({"irclid": "i", "oppref": "o"}, {"irclid": "i"}, {"$initial_irclid": "i"}),
    ],
)
def test_lifting(properties: dict[str, Any], set_: dict[str, Any], set_once: dict[str, Any]) -> None:
    event, _ = one_step(lift_person_properties, make_event(properties))
    assert event
    assert (event.set_, event.set_once) == (set_, set_once)
    if set_ and "$browser" in properties:
        assert stored(event)["$set"] == set_
        assert stored(event)["$set_once"] == set_once


@pytest.mark.parametrize(
    "event",
    [
        make_event({"$browser": "B", "$process_person_profile": False}),
        make_event({"$browser": "B"}, project=NO_PERSONS),
    ],
)
def test_events_without_a_person_lift_nothing(event: Event) -> None:
    before = dict(event.properties)
    lifted, _ = one_step(lift_person_properties, event)
    assert lifted
    assert (lifted.set_, lifted.set_once) == ({}, {})
    assert stored(lifted) == before


@pytest.mark.parametrize("name", ["$snapshot", "$performance_event"])
def test_events_that_lift_nothing(name: str) -> None:
    event, _ = one_step(lift_person_properties, make_event({"$browser": "B"}, name))
    assert event
    assert event.set_ == {}


@pytest.mark.parametrize(
    ("unset", "names"),
    [(["a", 1, "b"], ("a", "b")), ({"a": 1, "b": None}, ("a", "b")), ("a", ()), (None, ()), (5, ())],
)
def test_unset(unset: Any, names: tuple[str, ...]) -> None:
    event, _ = one_step(lift_person_properties, make_event({"$unset": unset}))
    assert event
    assert event.unset == names


GEO = {
    "$geoip_country_name": "Germany",
    "$geoip_country_code": "DE",
    "$geoip_continent_name": "Europe",
    "$geoip_continent_code": "EU",
}
FIRST = {key.replace("$", "$initial_"): value for key, value in GEO.items()}


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({"$ip": GERMAN}, True),
        ({"$ip": "8.8.8.8"}, False),
        ({"$ip": ""}, False),
        ({"$ip": 5}, False),
        ({}, False),
        ({"$ip": GERMAN, "$geoip_disable": True}, False),
        ({"$ip": GERMAN, "$geoip_disable": False}, True),
    ],
)
def test_the_country(properties: dict[str, Any], found: bool) -> None:
    event, _ = one_step(add_country, make_event(properties))
    assert event
    assert stored(event) == (properties | GEO | {"$set": GEO, "$set_once": FIRST} if found else properties)
    assert event.set_ == (GEO if found else {})


def test_the_country_of_an_event_without_a_person() -> None:
    event, _ = one_step(add_country, make_event({"$ip": GERMAN, "$process_person_profile": False}))
    assert stored(event) == {"$ip": GERMAN, "$process_person_profile": False} | GEO


def test_a_country_that_was_sent_is_replaced() -> None:
    event, _ = one_step(add_country, make_event({"$ip": GERMAN, "$geoip_country_code": "XX"}))
    assert stored(event)["$geoip_country_code"] == "DE"


BUTTON = {
    "tag_name": "button",
    "$el_text": "Buy now",
    "attr__class": "primary btn",
    "attr__id": "b1",
    "attr__data-attr": "buy",
    "nth_child": 2,
    "nth_of_type": 1,
}


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (
            [BUTTON, {"tag_name": "body", "nth_child": 2, "nth_of_type": 1}],
            'button.btn.primary:attr__class="primary btn"attr__data-attr="buy"attr__id="b1"attr_id="b1"nth-child="2"'
            'nth-of-type="1"text="Buy now";body:nth-child="2"nth-of-type="1"',
        ),
        (
            [{"tag_name": "a", "attr__href": "/x", "attr__class": ["b", 'a"c', ""]}],
            'a.ac.b:attr__class="b a\\"c "attr__href="/x"href="/x"nth-child="0"nth-of-type="0"',
        ),
        ([{"tag_name": "p", "$el_text": 'say "hi"'}], 'p:nth-child="0"nth-of-type="0"text="say \\"hi\\""'),
        ([{"tag_name": "p", "$el_text": "x" * 500}], f'p:nth-child="0"nth-of-type="0"text="{"x" * 400}"'),
        ([], ""),
        (["odd", None, {"tag_name": None}], ':nth-child="0"nth-of-type="0"'),
    ],
)
def test_chains(elements: list[Any], text: str) -> None:
    assert chain(elements) == text


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"$elements_chain": "a:x", "$elements": [BUTTON]}, "a:x"),
        ({"$elements": [{"tag_name": "i"}]}, 'i:nth-child="0"nth-of-type="0"'),
        ({"$elements": "odd"}, ""),
        ({"$elements_chain": 5}, ""),
        ({"a": 1}, ""),
    ],
)
def test_elements_leave_the_properties(properties: dict[str, Any], text: str) -> None:
    event, _ = one_step(build_chains, make_event(properties))
    assert event
    assert event.elements_chain == text
    assert not {"$elements", "$elements_chain"} & stored(event).keys()


@pytest.mark.parametrize(
    ("name", "properties", "kept", "heatmaps"),
    [
        ("$pageview", {"$current_url": "u"}, True, 0),
        ("$pageview", {"$current_url": "u", "$heatmap_data": {"u": []}}, True, 1),
        ("$pageview", {"$current_url": "u", "$prev_pageview_pathname": "/"}, True, 1),
        ("$pageview", {"$prev_pageview_pathname": "/"}, True, 0),
        ("$pageview", {"$heatmap_data": {}}, True, 1),
        ("$$heatmap", {"$current_url": "u", "$heatmap_data": {}}, False, 1),
        ("$$heatmap", {}, False, 1),
    ],
)
def test_heatmaps(name: str, properties: dict[str, Any], kept: bool, heatmaps: int) -> None:
    event, turn = one_step(split_heatmaps, make_event(properties, name))
    assert (event is not None) == kept
    assert len(turn.heatmaps) == heatmaps
    assert [drop.reason for drop in turn.dropped] == ([] if kept else ["kept_as_heatmap"])
    if event:
        assert "$heatmap_data" not in stored(event)


COOKIELESS = {
    "$cookieless_mode": True,
    "$ip": GERMAN,
    "$host": "www.example.com",
    "$raw_user_agent": "UA",
    "$timezone": "Europe/Berlin",
}


def cookieless(properties: dict[str, Any], **fields: Any) -> tuple[Event | None, Any]:
    return one_step(name_cookieless, make_event(properties, distinct_id="$posthog_cookieless", **fields))


def test_a_cookieless_visitor_is_one_for_a_day() -> None:
    first, _ = cookieless(COOKIELESS)
    again, _ = cookieless({**COOKIELESS, "$host": "app.example.com:443"})
    other, _ = cookieless({**COOKIELESS, "$ip": "8.8.8.8"})
    extra, _ = cookieless({**COOKIELESS, "$cookieless_extra": "x"})
    assert first and again and other and extra
    assert first.distinct_id == again.distinct_id
    assert len({first.distinct_id, other.distinct_id, extra.distinct_id}) == 3
    assert first.distinct_id.startswith("cookieless_")
    assert stored(first)["$session_id"] == stored(again)["$session_id"]
    assert not {"$ip", "$raw_user_agent", "$cookieless_extra"} & stored(extra).keys()
    assert stored(first)["$geoip_country_code"] == "DE", "the country is looked up before the address goes"
    assert (first.ip, first.user_agent) == ("", "")


def test_a_day_ends_at_midnight_of_the_visitor() -> None:
    evening = make_event(COOKIELESS, distinct_id="$posthog_cookieless")
    evening.timestamp = NOON + 11 * 3600 * SECOND + 1800 * SECOND  # 23:30 UTC, 00:30 in Berlin
    late, _ = one_step(name_cookieless, evening)
    noon, _ = cookieless(COOKIELESS)
    utc = make_event({**COOKIELESS, "$timezone": "UTC"}, distinct_id="$posthog_cookieless")
    utc.timestamp = evening.timestamp
    same_day, _ = one_step(name_cookieless, utc)
    assert late and noon and same_day
    assert late.distinct_id != noon.distinct_id
    assert same_day.distinct_id == noon.distinct_id


@pytest.mark.parametrize(
    ("missing", "warning"),
    [
        ("$ip", "cookieless_missing_ip"),
        ("$host", "cookieless_missing_host"),
        ("$raw_user_agent", "cookieless_missing_user_agent"),
        ("$timezone", "cookieless_missing_timezone"),
    ],
)
def test_cookieless_events_need_all_of_it(missing: str, warning: str) -> None:
    event, turn = cookieless({key: value for key, value in COOKIELESS.items() if key != missing})
    assert event is None
    assert [drop.reason for drop in turn.dropped] == ["cookieless_incomplete"]
    assert [one.type for one in turn.warnings] == [warning]


def test_a_cookieless_event_of_a_day_that_is_over_is_dropped() -> None:
    event = make_event(COOKIELESS, distinct_id="$posthog_cookieless")
    event.timestamp = NOON - 60 * 86_400 * SECOND
    left, turn = one_step(name_cookieless, event)
    assert left is None
    assert [drop.reason for drop in turn.dropped] == ["cookieless_out_of_range"]


def test_the_user_agent_of_the_request_will_do() -> None:
    properties = {key: value for key, value in COOKIELESS.items() if key != "$raw_user_agent"}
    event, _ = cookieless(properties, user_agent="UA")
    assert event
    assert event.distinct_id == cookieless(COOKIELESS)[0].distinct_id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "raw",
    [b'{"a":1.0,"b":{"c" : null}}', b"{}", b"{ }", b' {"a":1} ', b'{"z":1,"a":12345678901234567890123}'],
)
def test_the_bytes_of_the_sdk_survive_what_is_added(raw: bytes) -> None:
    event = make_event(raw=raw, ip=GERMAN)
    event.properties = json.loads(raw)
    event.properties = dict(event.properties)
    (event,) = run_steps([event], a_turn(), (add_address, add_country))
    text = stored_properties(event)
    assert json.loads(text) == event.properties
    assert text.startswith(raw.strip()[:-1].rstrip() if event.properties.keys() - event.added.keys() else b"{")


def test_every_step_takes_no_events() -> None:
    for step in STEPS:
        assert step([], a_turn()) == []
