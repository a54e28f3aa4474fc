"""One AI event as multipart/form-data (/i/v0/ai): the event, its properties, and large properties as parts."""

import re
from typing import Any, cast

import msgspec

from leanbase.capture.answers import Refusal
from leanbase.capture.bodies import Body
from leanbase.capture.limits import AI_EVENTS, Limits
from leanbase.capture.projects import Tokens, TokenUnknown, project_of
from leanbase.capture.v0 import Accepted
from leanbase.model.strictjson import NotJson, read_lenient

_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'name="([^"]{1,300})"')
_PROPERTY = "event.properties."


def accept(body: bytes, headers: dict[bytes, bytes], tokens: Tokens, limits: Limits) -> Accepted:
    """The event as a v0 batch of one. Raises :class:`Refusal`, ``TokensUnavailable``."""
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(401, "missing_token", "project API key missing: Authorization must be Bearer <project API key>")
    try:
        project_id = project_of(token, tokens)
    except TokenUnknown as problem:
        raise Refusal(401, "invalid_token", str(problem)) from None
    try:
        event = _event(_parts(body, headers.get(b"content-type", b"").decode("latin-1")))
        text = msgspec.json.encode({"api_key": token.strip(), "batch": [event]})
    except (NotJson, RecursionError) as problem:
        raise Refusal(400, "malformed_json", f"cannot parse a part: {problem}", project_id) from None
    except Refusal as problem:
        raise Refusal(problem.status, problem.reason, problem.text, project_id) from None
    if len(text) > limits.ai_event:
        raise Refusal(413, "event_too_big", f"the event is too big: at most {limits.ai_event} bytes", project_id)
    return Accepted(project_id, Body(text, text, ""), 1)


def _parts(body: bytes, content_type: str) -> dict[str, tuple[bytes, bytes]]:
    """Header and content of each named part."""
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or boundary is None:
        raise Refusal(400, "undecodable_body", "Content-Type must be multipart/form-data with a boundary")
    parts: dict[str, tuple[bytes, bytes]] = {}
    for piece in body.split(b"--" + boundary[1].encode("latin-1"))[1:]:
        head, found, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if found and name is not None:
            parts[name[1].decode("utf-8", "replace")] = (head.lower(), content.removesuffix(b"\r\n"))
    return parts


def _event(parts: dict[str, tuple[bytes, bytes]]) -> dict[str, Any]:
    if "event" not in parts:
        raise Refusal(400, "missing_event_name", "the part named event is missing")
    event = _object(parts["event"][1], "event")
    properties = _members(event.get("properties"))
    if "event.properties" in parts:
        properties |= _object(parts["event.properties"][1], "event.properties")
    for name, (head, content) in parts.items():
        if name.startswith(_PROPERTY):
            properties[name.removeprefix(_PROPERTY)] = _value(name, head, content)
    event["properties"] = properties
    if event.get("event") not in AI_EVENTS:
        raise Refusal(400, "not_an_ai_event", "the event is no AI event")
    if not event.get("distinct_id") and not properties.get("distinct_id"):
        raise Refusal(400, "missing_distinct_id", "the event has no distinct_id")
    if not isinstance(properties.get("$ai_model"), str) or not properties["$ai_model"]:
        raise Refusal(400, "malformed_event_properties", "$ai_model is missing")
    return event


def _object(content: bytes, name: str) -> dict[str, Any]:
    value = read_lenient(content)
    if not isinstance(value, dict):
        raise Refusal(400, "malformed_json", f"the part {name} is no JSON object")
    return cast("dict[str, Any]", value)


def _members(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _value(name: str, head: bytes, content: bytes) -> Any:
    if b"application/json" in head:
        return read_lenient(content)
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "undecodable_body", f"the part {name[:80]} is neither JSON nor text in UTF-8") from None
