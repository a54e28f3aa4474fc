"""What makes a cohort: JSON, or a form with a CSV of distinct ids, as PostHog's own app sends it."""

import csv
import io
import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from leanbase.api.errors import ApiError, invalid

LONGEST = 20 << 20  # bytes of a body; some 500,000 distinct ids
_JSON_FIELDS = ("filters", "groups", "query", "distinct_ids", "is_static", "deleted")


class CohortBody(BaseModel):
    """``filters`` {properties: group} or the older ``groups`` make a dynamic cohort, ``is_static`` a list."""

    name: str | None = Field(None, max_length=400)
    description: str | None = Field(None, max_length=1000)
    filters: dict[str, Any] | None = None
    groups: list[dict[str, Any]] | None = None
    query: dict[str, Any] | None = None
    is_static: bool = False
    deleted: bool | None = None
    csv: str | None = Field(None, max_length=LONGEST)
    distinct_ids: list[str] | None = Field(None, max_length=100_000)


async def read_body(request: Request) -> CohortBody:
    """The body in any of its forms. Raises 400 for what cannot be read, 413 for what is too large."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LONGEST:
            raise ApiError(413, f"The body is larger than {LONGEST >> 20} MB; split the list.")
    kind = request.headers.get("content-type", "")
    fields = _form(kind, bytes(raw)) if kind.startswith("multipart/form-data") else _json(bytes(raw))
    try:
        return CohortBody.model_validate(fields)
    except ValidationError as problem:
        raise RequestValidationError(
            [{**error, "loc": ("body", *error["loc"])} for error in problem.errors()]
        ) from None


GivenCohort = Annotated[CohortBody, Depends(read_body)]

BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": CohortBody.model_json_schema()}}}
}
"""For the OpenAPI document, which cannot see into :func:`read_body`."""


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise ApiError(400, f"The body is no JSON: {problem}", code="parse_error") from None


def _form(kind: str, raw: bytes) -> dict[str, Any]:
    """The fields of a form. Files and texts alike; what is JSON in the API is JSON text in its field."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw)
    if not message.is_multipart():
        raise invalid("The form cannot be read.", code="parse_error")
    fields: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        text = content.decode("utf-8-sig", errors="replace") if isinstance(content, bytes) else ""
        if isinstance(name, str):
            fields[name] = _value(name, text)
    return {name: value for name, value in fields.items() if name in CohortBody.model_fields}


def _value(name: str, text: str) -> Any:
    if name not in _JSON_FIELDS:
        return text
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        raise invalid(f"The field {name} of the form must be JSON.", name) from None


def filters_of(body: CohortBody) -> dict[str, Any] | None:
    """Criteria in today's form, also from ``groups``: any of the groups, all properties of one."""
    if body.filters:
        return body.filters
    if not body.groups:
        return None
    values: list[dict[str, Any]] = []
    for group in body.groups:
        criteria: list[dict[str, Any]] = [{"type": "person", **item} for item in group.get("properties") or []]
        event = group.get("event_id") or group.get("action_id")
        if event is not None:
            criteria.append(
                {
                    "type": "behavioral",
                    "key": event,
                    "event_type": "events" if group.get("event_id") else "actions",
                    "value": "performed_event_multiple" if group.get("count") is not None else "performed_event",
                    "operator": group.get("count_operator") or "gte",
                    "operator_value": group.get("count") or 1,
                    "time_value": group.get("days") or 365,
                    "time_interval": "day",
                }
            )
        if criteria:
            values.append({"type": "AND", "values": criteria})
    return {"properties": {"type": "OR", "values": values}}


def ids_of_csv(text: str) -> list[str]:
    """The distinct ids of a CSV: its only column, or the one called distinct_id. The first row is a heading."""
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows:
        return []
    heading = [cell.strip().lower() for cell in rows[0]]
    place = next((heading.index(name) for name in ("distinct_id", "distinct-id", "person_id") if name in heading), 0)
    return [row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()]
