"""How answers are written: JSON by msgspec, lists in pages as PostHog links them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import Query, Request
from starlette.responses import Response

from leanbase.api.errors import invalid
from leanbase.model.clock import micros, parse_time
from leanbase.model.instants import iso

FIRST_MOMENT, LAST_MOMENT = micros(datetime(1, 1, 1)), micros(datetime(9999, 12, 31))


def _encode_odd(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


class JsonAnswer(Response):
    """JSON; NaN and infinities become null, as JSON has neither."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content, enc_hook=_encode_odd)


Limit = Annotated[int, Query(ge=1, le=10_000)]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]


def page(request: Request, rows: Sequence[Any], total: int, limit: int, offset: int) -> dict[str, Any]:
    """``{count, next, previous, results}`` for rows that were cut out already."""
    following = _link(request, limit, offset + limit) if offset + limit < total else None
    before = _link(request, limit, max(offset - limit, 0)) if offset > 0 else None
    return {"count": total, "next": following, "previous": before, "results": list(rows)}


def page_links(request: Request, limit: int, offset: int, more: bool) -> dict[str, Any]:
    """``next`` and ``previous`` of a page whose total is not counted."""
    return {
        "next": _link(request, limit, offset + limit) if more else None,
        "previous": _link(request, limit, max(offset - limit, 0)) if offset > 0 else None,
    }


def _link(request: Request, limit: int, offset: int) -> str:
    kept = [(key, value) for key, value in parse_qsl(request.url.query) if key not in {"limit", "offset"}]
    query = urlencode([*kept, ("limit", limit), ("offset", offset)])
    return f"{request.url.replace(query=query)}"


def iso_or_none(microseconds: int | None) -> str | None:
    """An instant as text, or None for none."""
    return None if microseconds is None else iso(microseconds)


def moment_of(text: str, attr: str) -> int:
    """Microseconds since 1970 of a time in a request. Raises 400 for what is no time of the years 1 to 9999."""
    moment = parse_time(text)
    if moment is None or not FIRST_MOMENT <= moment <= LAST_MOMENT:
        raise invalid("Must be an ISO time, such as 2026-01-31T12:00:00Z.", attr)
    return moment
