"""The pipeline finds the distinct id that capture found, though it looks for it in properties that it decoded; and it
tells of those that it cuts."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leanbase.model.project import Project
from leanbase.model.record import Lane, Record
from leanbase.model.wire import decode_events
from leanbase.pipeline.decode import record_events
from tests.pipeline.world import World, an_event

texts = st.sampled_from(["user", " user ", "", "   ", "a\0b", "ü" * 250, "x" * 250])
odd = st.sampled_from([None, 7, 1.5, True, {"a": 1}, ["a"], 10**400])
given_ids = st.one_of(st.just(...), texts, odd)


@given(given_ids, given_ids, st.sampled_from([..., "t", 5]), st.booleans())
def test_the_distinct_id_is_the_one_of_the_wire(outer: Any, inner: Any, token: Any, beyond_a_double: bool) -> None:
    properties: dict[str, Any] = {"a": 1}
    if inner is not ...:
        properties["distinct_id"] = inner
    if token is not ...:
        properties["token"] = token
    event: dict[str, Any] = {"event": "e", "properties": properties}
    if outer is not ...:
        event["distinct_id"] = outer
    body = json.dumps({"api_key": "t", "batch": [event]}).replace(
        '"a": 1', '"a": 1e400' if beyond_a_double else '"a": 1'
    )
    record = Record(1, Lane.V0, 1_700_000_000_000_000, body.encode())
    (sent,) = decode_events(record)
    events, dead = record_events(record, 0, Project(id=1, api_token="t"))
    assert ([event.distinct_id for event in events], dead) == ([sent.distinct_id], [])


def test_a_distinct_id_that_is_cut_is_told_once_an_hour(world: World) -> None:
    long, other, fits = "x" * 250, f"  {'ü' * 201} ", "y" * 200
    world.send(an_event("a", long), an_event("b", long), an_event("c", other), an_event("d", fits))
    world.send({"event": "e", "properties": {"distinct_id": "z" * 300}}, {"event": "f", "distinct_id": list(range(99))})
    world.drain()
    world.send(an_event("again", long))
    world.drain()
    told = [json.loads(text) for (text,) in world.state_rows("SELECT details FROM ingestion_warnings ORDER BY id")]
    assert sorted((each["distinctId"][:1], each["event"], each["distinctIdLength"]) for each in told) == [
        ("[", "f", 288),
        ("x", "a", 250),
        ("z", "e", 300),
        ("ü", "c", 201),
    ]
    assert {len(distinct_id) for _, distinct_id in world.events()} == {200}
    assert world.state_rows("SELECT DISTINCT type FROM ingestion_warnings") == [("distinct_id_truncated",)]
