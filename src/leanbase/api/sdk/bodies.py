"""Bodies of ``/flags`` and ``/decide`` in every form that SDKs of the last years send."""

import base64
import binascii
import zlib
from typing import Any, cast
from urllib.parse import parse_qs

from fastapi import Request

from leanbase.model.inflate import BadGzip, TooLarge, gunzip, inflate
from leanbase.model.strictjson import NotJson, read_lenient

MAX_BODY = 2 << 20  # as sent; person and group properties of one person take some kilobytes
MAX_PLAIN = 16 << 20  # decompressed
GZIP = b"\x1f\x8b"


class BadBody(ValueError):
    """The body cannot be used; ``status`` is 400 or 413."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


async def read_body(request: Request) -> bytes:
    """The raw body. Raises :class:`BadBody` beyond ``MAX_BODY``."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise BadBody(f"the body is larger than {MAX_BODY} bytes", 413)
        parts.append(part)
    return b"".join(parts)


def decode_body(raw: bytes, compression: str, encoding: str) -> dict[str, Any]:
    """The JSON object of a body: plain, gzip (by hint, header or magic bytes), base64, or a form with ``data``.

    ``compression`` is the query parameter, ``encoding`` the Content-Encoding. Raises :class:`BadBody`.
    """
    body, compression = raw, compression.lower()
    if body.startswith((b"data=", b"compression=", b"ver=", b"_=", b"ip=")):
        form = parse_qs(body.decode("latin-1"), keep_blank_values=True)
        body = form.get("data", [""])[0].encode("latin-1")
        compression = (form.get("compression") or [compression])[0].lower()
        if not body.lstrip().startswith(b"{"):
            body = _unbase64(body)
    elif compression in {"base64", "b64"}:
        body = _unbase64(body)
    try:
        if body.startswith(GZIP):
            body = gunzip(body, MAX_PLAIN)
        elif encoding.lower() == "deflate":
            body = inflate(body, MAX_PLAIN, zlib.MAX_WBITS)
    except TooLarge as problem:
        raise BadBody(str(problem), 413) from None
    except BadGzip as problem:
        raise BadBody(f"the body cannot be decompressed: {problem}") from None
    return _object(body)


def _unbase64(text: bytes) -> bytes:
    """Spaces were plus signs before some form encoder; padding may be missing."""
    cleaned = text.strip().replace(b" ", b"+").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(cleaned + b"=" * (-len(cleaned) % 4), validate=True)
    except binascii.Error:
        raise BadBody("the data is no base64") from None


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        raise BadBody("the body is empty")
    try:
        value = read_lenient(body.decode("utf-8", "replace").encode())
    except NotJson as problem:
        raise BadBody(f"the body is no JSON: {problem}") from None
    if not isinstance(value, dict):
        raise BadBody("the body must be a JSON object")
    return cast("dict[str, Any]", value)
