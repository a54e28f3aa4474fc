"""Bodies of the usual shape are judged by one decode: whatever it lets through, the full rules say the same of."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.capture import v0
from leanbase.capture.bodies import PLAIN, read_body
from leanbase.capture.limits import Limits
from leanbase.capture.routes import Family
from leanbase.capture.usual import usual_body
from tests.capture.asgi import PROJECT, TOKEN, KnownTokens, batch, event

TOKENS = KnownTokens({TOKEN: PROJECT})
ODD = st.sampled_from([None, "", " ", "d", TOKEN, "phc_other", 5, 1.5, True, False, [], {}, [1], {"a": None}])
PROPERTIES = st.dictionaries(
    st.sampled_from(["token", "distinct_id", "$cookieless_mode", "$set", "a"]), ODD, max_size=4
)
EVENT = st.fixed_dictionaries(
    {},
    optional={
        "event": st.sampled_from(["e", "e", "e", "", "batch", "$performance_event", None, 5]),
        "distinct_id": ODD | st.just("d"),
        "$distinct_id": ODD,
        "properties": PROPERTIES | ODD,
        "token": ODD | st.just(TOKEN),
        "$token": ODD,
        "api_key": ODD | st.just(TOKEN),
        "uuid": ODD,
        "timestamp": ODD,
        "offset": ODD,
        "$set": ODD,
        "sent_at": ODD,
        "historical_migration": ODD,
    },
)
ENVELOPE = st.fixed_dictionaries(
    {"batch": st.lists(EVENT, max_size=3) | ODD},
    optional={"api_key": ODD | st.just(TOKEN), "token": ODD, "historical_migration": ODD, "event": ODD},
)


@given(EVENT | ENVELOPE | st.lists(EVENT, max_size=3))
def test_what_is_usual_passes_the_full_rules(body: Any) -> None:
    text = json.dumps(body).encode()
    usual = usual_body(text)
    if usual is None:
        return
    read = read_body(text, PLAIN, 1 << 20)
    full = v0.parse(read, Family.EVENTS)[1]
    judged: list[object] = []
    for parsed in (usual, full):
        try:
            accepted = v0.accept(read, parsed, Family.EVENTS, TOKENS, Limits())
            judged.append((accepted.project_id, accepted.events, accepted.refused, accepted.historical))
        except v0.Refusal as refusal:
            judged.append((refusal.status, refusal.reason, refusal.text, refusal.count))
    assert judged[0] == judged[1]


@pytest.mark.parametrize(
    "body",
    [
        batch(event(), event(properties={"$set": {"a": 1}}), historical_migration=True),
        [event(token=TOKEN), event(properties={"token": TOKEN})],
        {"event": "$pageview", "properties": {"token": TOKEN, "distinct_id": "d"}, "timestamp": "2026-11-21"},
        batch({"event": "e", "properties": {"distinct_id": "d"}, "uuid": "no uuid", "offset": 1.5}),
    ],
)
def test_what_sdks_send_is_usual(body: Any) -> None:
    usual = usual_body(json.dumps(body).encode())
    assert usual is not None and usual.token == TOKEN


@pytest.mark.parametrize(
    "body",
    [
        batch(event(""), event()),
        batch(event(distinct_id=" ")),
        batch(event(properties=[])),
        batch(event(properties={"$cookieless_mode": None})),
        batch(event("$performance_event")),
        batch({"event": "e", "$distinct_id": "d"}),
        {"batch": [event(token=TOKEN)], "token": TOKEN},
        {"distinct_id": "d", "token": TOKEN},
        [event(token=TOKEN), event(token="phc_other")],
        [event(token=TOKEN), event()],
        batch(),
        [],
        5,
    ],
)
def test_what_is_unusual_is_left_to_the_full_rules(body: Any) -> None:
    assert usual_body(json.dumps(body).encode()) is None
