"""The older protocol: a request is good or bad as a whole."""

from collections.abc import Sequence

import msgspec

from leanbase.capture.answers import Refusal
from leanbase.capture.bodies import Body, Wrapping, make_readable, read_body
from leanbase.capture.limits import AI_EVENTS, Limits
from leanbase.capture.projects import Tokens, TokenUnknown, project_of
from leanbase.capture.routes import Family
from leanbase.capture.usual import Usual, usual_body
from leanbase.model.strictjson import NotJson
from leanbase.model.wire_v0 import (
    Fault,
    V0Body,
    V0Event,
    WireError,
    decode_v0,
    distinct_id_of,
    has_object,
    has_valid_cookieless_mode,
    token_of,
)

_STATUS_REASONS = {
    Fault.MALFORMED: "malformed_json",
    Fault.NO_EVENT_NAME: "missing_event_name",
    Fault.NO_BATCH_TOKEN: "missing_token",
    Fault.EMPTY: "no_events",
}


_BRACE = ord("{")


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """A request that may go into the log."""

    project_id: int
    body: Body
    events: int
    refused: tuple[int, ...] = ()
    historical: bool = False


def read_events(body: bytes, wrapping: Wrapping, family: Family, limits: Limits) -> tuple[Body, V0Body | Usual]:
    """Unpack and parse; the bodies that go on are strict JSON. Raises :class:`Refusal`."""
    read = read_body(body, wrapping, limits.v0_text)
    if family is Family.EVENTS and len(read.text) <= limits.event:  # so no event is too large
        usual = usual_body(read.text)
        if usual is not None:
            return read, usual
    return parse(read, family)


def parse(read: Body, family: Family, *, binary: bool = False) -> tuple[Body, V0Body]:
    """Parse a body by all the rules. ``binary``: strings may carry bytes. Raises :class:`Refusal`."""
    try:
        try:
            return read, decode_v0(read.text)
        except (msgspec.DecodeError, RecursionError) as problem:
            if isinstance(problem, msgspec.ValidationError):
                raise
            read = make_readable(read, binary=binary)
            return read, decode_v0(read.text)
    except WireError as problem:
        if problem.fault is Fault.NO_EVENT_NAME and family is Family.ENGAGE:
            return _as_identify(read, problem)
        raise Refusal(400, _STATUS_REASONS[problem.fault], f"cannot parse the body: {problem}") from None
    except (NotJson, msgspec.DecodeError, RecursionError) as problem:
        raise Refusal(400, "malformed_json", f"cannot parse the body: {problem or 'nested too deeply'}") from None


def _as_identify(read: Body, problem: WireError) -> tuple[Body, V0Body]:
    """An object without a name on /engage is what very old SDKs sent for people.set: an ``$identify``."""
    try:
        members = msgspec.json.decode(read.text, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise Refusal(400, "missing_event_name", f"cannot parse the body: {problem}") from None
    members["event"] = msgspec.Raw(b'"$identify"')
    text = msgspec.json.encode(members)
    try:
        return Body(text, text, ""), decode_v0(text)
    except WireError as found:  # it is the events of a batch that have no name
        raise Refusal(400, _STATUS_REASONS[found.fault], f"cannot parse the body: {found}") from None


def accept(read: Body, parsed: V0Body | Usual, family: Family, tokens: Tokens, limits: Limits) -> Accepted:
    """Check a parsed request against every rule of its path. Raises :class:`Refusal`, ``TokensUnavailable``."""
    if isinstance(parsed, Usual):
        project_id = _project_of(parsed.token, tokens, parsed.events)
        return Accepted(project_id, read, parsed.events, (), parsed.historical)
    events = parsed.events
    project_id = project_of_events(parsed, tokens)
    refused: list[int] = []
    ai = family is Family.AI_EVENTS
    largest = limits.ai_event if ai else limits.event
    check_size = len(read.text) > largest
    check_cookieless = b"cookieless_mode" in read.text
    for index, event in enumerate(events):
        name = event.event
        if not name:
            raise _refusal(400, "missing_event_name", f"event {index} has an empty name", project_id, events)
        properties = event.properties
        if properties and memoryview(properties)[0] != _BRACE and not has_object(properties):
            raise _refusal(
                400, "malformed_event_properties", f'"properties" of event {index} is not an object', project_id, events
            )
        distinct_id = event.distinct_id
        if (not distinct_id or distinct_id.isspace()) and not distinct_id_of(event):
            raise _refusal(400, "missing_distinct_id", f"event {index} has no distinct_id", project_id, events)
        if name == "$performance_event":
            refused.append(index)
        if ai and name not in AI_EVENTS:
            raise _refusal(400, "not_an_ai_event", f"event {index} is no AI event: {name[:80]}", project_id, events)
        if check_size and _size(event) > largest:
            raise _refusal(
                413, "event_too_big", f"event {index} is too big: at most {largest} bytes", project_id, events
            )
        if check_cookieless and not has_valid_cookieless_mode(event):
            raise _refusal(
                400, "invalid_cookieless_mode", f"$cookieless_mode of event {index} is no boolean", project_id, events
            )
    return Accepted(project_id, read, len(events), tuple(refused), parsed.historical)


def _refusal(status: int, reason: str, text: str, project_id: int, events: Sequence[V0Event]) -> Refusal:
    return Refusal(status, reason, text, project_id, len(events))


def _size(event: V0Event) -> int:
    return len(bytes(event.properties)) + len(bytes(event.set_)) + len(bytes(event.set_once)) + 200


def project_of_events(parsed: V0Body, tokens: Tokens) -> int:
    """The one project of a request: the token of the envelope, else the one that its events agree on. Raises
    :class:`Refusal`.
    """
    token = parsed.token
    if token is None:
        token = _common_token(parsed.events)
    return _project_of(token, tokens, len(parsed.events))


def _project_of(token: str, tokens: Tokens, events: int) -> int:
    try:
        return project_of(token, tokens)
    except TokenUnknown as problem:
        raise Refusal(401, "invalid_token", str(problem), count=events) from None


def _common_token(events: list[V0Event]) -> str:
    found: str | None = None
    for event in events:
        token = token_of(event)
        if token is None or token == found:
            continue
        if found is not None:
            raise Refusal(401, "differing_tokens", "project API keys differ inside one request", count=len(events))
        found = token
    if found is None:
        raise Refusal(401, "missing_token", "project API key missing", count=len(events))
    return found
