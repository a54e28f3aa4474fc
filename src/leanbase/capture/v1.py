"""The newer protocol: headers that must be there, and an answer for every event."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from leanbase.capture.answers import Answer, Refusal, V1Refusal, json_answer
from leanbase.capture.bodies import Body, make_readable, read_v1_body
from leanbase.capture.compression import ENCODINGS
from leanbase.capture.limits import AI_EVENTS, Limits
from leanbase.capture.projects import Tokens, TokenUnknown, project_of
from leanbase.model.clock import parse_rfc3339
from leanbase.model.ids import MAX_DISTINCT_ID, MAX_EVENT_NAME, is_personless_on_v1
from leanbase.model.inflate import TooLarge
from leanbase.model.strictjson import NotJson
from leanbase.model.wire_v0 import has_object
from leanbase.model.wire_v1 import InvalidOptions, V1Body, V1Event, decode_v1, read_boolean, read_options

_REQUIRED = {
    b"authorization": "Authorization",
    b"content-type": "Content-Type",
    b"user-agent": "User-Agent",
    b"posthog-sdk-info": "PostHog-Sdk-Info",
    b"posthog-attempt": "PostHog-Attempt",
    b"posthog-request-id": "PostHog-Request-Id",
    b"posthog-request-timestamp": "PostHog-Request-Timestamp",
}
_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
COOKIELESS_ID = "$posthog_cookieless"


@dataclass(frozen=True, slots=True)
class Caller:
    """What the headers of a request say."""

    project_id: int
    sdk: str
    request_id: str
    sent_at: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of a request: results by uuid in input order, as JSON members, and what was dropped."""

    body: Body
    results: list[str]
    dropped: dict[int, str]  # index to reason
    historical: bool
    internal: bool

    def answer(self, request_id: str) -> Answer:
        text = '{"results":{' + ",".join(self.results) + "}}"
        return json_answer(200, text.encode(), [(b"posthog-request-id", request_id.encode("latin-1"))])


def read_caller(headers: Mapping[bytes, bytes], tokens: Tokens) -> Caller:
    """Check the headers: all that are missing are named at once. Raises :class:`V1Refusal`, ``TokensUnavailable``."""
    values = {name: headers.get(name, b"").decode("latin-1").strip() for name in _REQUIRED}
    missing = [_REQUIRED[name] for name, value in values.items() if not value]
    if missing:
        raise V1Refusal(400, "missing_required_headers", f"missing headers: {', '.join(missing)}")
    if values[b"content-type"].partition(";")[0].strip().lower() != "application/json":
        raise V1Refusal(415, "unsupported_content_type", "Content-Type must be application/json")
    encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if encoding and encoding != "identity" and encoding not in ENCODINGS:
        raise V1Refusal(415, "unsupported_encoding", "Content-Encoding must be gzip, deflate, br or zstd")
    sdk = values[b"posthog-sdk-info"]
    name, _, version = sdk.partition("/")
    if not name or not version or len(sdk) > 200:
        raise _invalid("PostHog-Sdk-Info", "name/version")
    attempt = values[b"posthog-attempt"]
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) < 10 and int(attempt) >= 1):
        raise _invalid("PostHog-Attempt", "an integer from 1 on")
    request_id = values[b"posthog-request-id"]
    if _uuid(request_id) is None:
        raise _invalid("PostHog-Request-Id", "a uuid")
    sent_at = parse_rfc3339(values[b"posthog-request-timestamp"])
    if sent_at is None:
        raise _invalid("PostHog-Request-Timestamp", "an RFC 3339 time")
    project_id = _project_of(values[b"authorization"], tokens)
    return Caller(project_id, sdk, request_id, sent_at, "" if encoding == "identity" else encoding)


def _invalid(header: str, expected: str) -> V1Refusal:
    return V1Refusal(400, "invalid_header_value", f"{header} must be {expected}")


def _project_of(authorization: str, tokens: Tokens) -> int:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise V1Refusal(401, "invalid_api_token", "Authorization must be: Bearer <project API key>")
    try:
        return project_of(token, tokens)
    except TokenUnknown as problem:
        raise V1Refusal(401, "invalid_api_token", str(problem)) from None


def accept(body: bytes, caller: Caller, ai: bool, limits: Limits) -> Outcome:
    """Read a body and judge its events one by one. Raises :class:`V1Refusal` when the whole request is bad."""
    if not body:
        raise V1Refusal(400, "empty_body", "the body is empty", caller.project_id)
    read, parsed = _parse(body, caller, limits)
    batch = parsed.batch
    if not batch:
        raise V1Refusal(400, "empty_batch", '"batch" is empty', caller.project_id)
    if parse_rfc3339(parsed.created_at.strip()) is None:
        raise V1Refusal(
            400, "invalid_batch", '"created_at" must be an RFC 3339 time', caller.project_id, count=len(batch)
        )
    try:
        internal = read_boolean(parsed.capture_internal) is True
    except InvalidOptions:
        internal = False
    uuids = _uuids(batch, caller.project_id)
    results: list[str] = []
    dropped: dict[int, str] = {}
    for index, (uuid, event) in enumerate(zip(uuids, batch, strict=True)):
        reason = _fault(event, ai, limits)
        if reason is not None:
            dropped[index] = reason
            results.append(f'"{uuid}":{{"result":"drop","details":"{reason}"}}')
        elif is_personless_on_v1(event.distinct_id):
            results.append(f'"{uuid}":{{"result":"ok","details":"person_processing_disabled"}}')
        else:
            results.append(f'"{uuid}":{{"result":"ok"}}')
    return Outcome(read, results, dropped, bool(parsed.historical_migration), internal)


def _parse(body: bytes, caller: Caller, limits: Limits) -> tuple[Body, V1Body]:
    project_id = caller.project_id
    try:
        read = read_v1_body(body, caller.encoding, limits.v1_text)
    except TooLarge as problem:
        raise V1Refusal(413, "payload_too_large", f"body too big: {problem}", project_id) from None
    except ValueError as problem:
        raise V1Refusal(
            400, "request_decoding_error", f"cannot decompress the body ({caller.encoding}): {problem}", project_id
        ) from None
    except Refusal as problem:
        raise V1Refusal(400, "request_parsing_error", problem.text, project_id) from None
    try:
        try:
            return read, decode_v1(read.text)
        except (msgspec.DecodeError, RecursionError) as problem:
            if isinstance(problem, msgspec.ValidationError):
                raise
            read = make_readable(read)
            return read, decode_v1(read.text)
    except (NotJson, msgspec.DecodeError, RecursionError) as problem:
        text = f"cannot parse the body: {problem or 'nested too deeply'}"
        raise V1Refusal(400, "request_parsing_error", text, project_id) from None


def _uuids(batch: list[V1Event], project_id: int) -> list[str]:
    """The uuids in canonical form. One that is missing, malformed or repeated refuses the whole batch."""

    def refusal(tag: str, text: str) -> V1Refusal:
        return V1Refusal(400, tag, text, project_id, count=len(batch))

    uuids: dict[str, None] = {}
    for index, event in enumerate(batch):
        given = event.uuid.strip()
        if not given:
            raise refusal("missing_event_uuid", f'"uuid" of event {index} is empty')
        uuid = _uuid(given)
        if uuid is None:
            raise refusal("invalid_event_uuid", f'"uuid" of event {index} is no uuid')
        if uuid in uuids:
            raise refusal("duplicate_event_uuid", f"two events of the batch have the uuid {uuid}")
        uuids[uuid] = None
    return list(uuids)


def _uuid(text: str) -> str | None:
    if _CANONICAL_UUID.fullmatch(text) is not None:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _fault(event: V1Event, ai: bool, limits: Limits) -> str | None:
    """The protocol's word for why an event is dropped; None when it is accepted."""
    name = event.event
    distinct_id = event.distinct_id.strip()
    if name == "$performance_event":
        return "dropped_performance_event"
    if not name.strip():
        return "missing_event_name"
    if len(name) * 4 > MAX_EVENT_NAME and len(name.encode()) > MAX_EVENT_NAME:
        return "event_name_too_long"
    if not distinct_id:
        return "missing_distinct_id"
    if len(distinct_id) * 4 > MAX_DISTINCT_ID and len(distinct_id.encode()) > MAX_DISTINCT_ID:
        return "distinct_id_too_large"
    if parse_rfc3339(event.timestamp.strip()) is None:
        return "invalid_event_timestamp"
    if not has_object(event.properties):
        return "malformed_event_properties"
    try:
        options = read_options(event.options)
    except InvalidOptions:
        return "invalid_options"
    if distinct_id == COOKIELESS_ID and options.cookieless_mode is not True:
        return "cookieless_mode_required"
    if ai and name not in AI_EVENTS:
        return "rejected"
    size = memoryview(event.properties).nbytes if event.properties else 0
    if size > limits.event and size > (limits.ai_event if ai else limits.event):
        return "ai_event_too_big" if ai else "event_too_big"
    return None
