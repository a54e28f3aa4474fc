"""From the bytes of a request to strict JSON: every form in which SDKs of fifteen years packed their events."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

import deflate
import msgspec

from leanbase.capture.answers import Refusal
from leanbase.capture.compression import unpack
from leanbase.capture.lzstring import BadLzString, decompress_base64
from leanbase.model.inflate import BadGzip, TooLarge, gunzip
from leanbase.model.strictjson import NotJson, is_strict_text, make_strict

GZIP_MAGIC = b"\x1f\x8b\x08"
_FORM = "application/x-www-form-urlencoded"
_FORM_FIELDS = (b"data=", b"ver=", b"_=", b"ip=", b"compression=")
_BASE64_LETTERS = re.compile(rb"[A-Za-z0-9+/=]*")
_JSON_STARTS = (b"{", b"[")
_BLANK_OR_BOM = b" \t\r\n\xef\xbb\xbf"
_LZ_LIMIT = 4 << 20  # decoding it is slow, and no SDK since 2021 sends it
# Smaller bodies are stored as they came: compressing would cost more than all the rest. Larger ones are compressed, so
# that what unpacks to 100 MiB fits into a segment of the log.
_COMPRESS_FROM = 8 << 20


class Body(msgspec.Struct, frozen=True, gc=False):
    """A request body, read: its JSON text, and the form in which it goes into the log."""

    text: bytes
    stored: bytes
    encoding: str  # of ``stored``: "" or "gzip"


class Wrapping(msgspec.Struct, frozen=True):
    """What a request says about how its body is packed, in lower case; "" where it says nothing."""

    query_data: bytes = b""
    query_compression: str = ""
    content_type: str = ""
    content_encoding: str = ""


PLAIN = Wrapping()


def read_body(body: bytes, wrapping: Wrapping, limit: int, *, binary: bool = False) -> Body:
    """Unpack a v0 or replay body. ``limit`` bounds the decompressed size; ``binary`` says that strings may carry bytes.

    What is in the bytes beats what is said about them: a body that begins like JSON or gzip is taken as that, also
    when the type says form (curl does) or the encoding says gzip (proxies that unpack do). Raises :class:`Refusal`.
    """
    payload = wrapping.query_data or body
    if not payload:
        raise Refusal(400, "empty_body", "payload missing: send events in the body, or in the query parameter data")
    try:
        if payload.startswith(GZIP_MAGIC):
            return _of_text(gunzip(payload, limit), payload, binary)
        if _is_json(payload):
            return _of_text(payload, None, binary)
        return _of_text(_unwrap(payload, wrapping, limit), None, binary)
    except TooLarge as problem:
        raise Refusal(413, "body_too_large", f"body too big: {problem}") from None
    except BadGzip as problem:
        raise Refusal(400, "undecodable_body", f"cannot decode the body, bad gzip: {problem}") from None


def read_v1_body(body: bytes, encoding: str, limit: int) -> Body:
    """Unpack a v1 body by its ``Content-Encoding``. Raises ``TooLarge``, and ``ValueError`` when it is damaged."""
    if encoding == "gzip":
        return _of_text(gunzip(body, limit), body)
    if encoding:
        return _of_text(unpack(body, encoding, limit), None)
    return _of_text(body, None)


def make_readable(body: Body, *, binary: bool = False) -> Body:
    """The same body in strict JSON, after a strict decoder refused it. Raises :class:`NotJson` when it is none."""
    return _stored(make_strict(body.text, binary=binary))


def _of_text(text: bytes, gzipped: bytes | None, binary: bool = False) -> Body:
    if not is_strict_text(text, binary=binary):
        try:
            return _stored(make_strict(text, binary=binary))
        except NotJson as problem:
            raise Refusal(400, "malformed_json", f"cannot parse the body: {problem}") from None
    return _stored(text) if gzipped is None else Body(text, gzipped, "gzip")


def _stored(text: bytes) -> Body:
    if len(text) < _COMPRESS_FROM:
        return Body(text, text, "")
    return Body(text, bytes(deflate.gzip_compress(text, 1)), "gzip")


def _is_json(payload: bytes) -> bool:
    return payload.startswith(_JSON_STARTS) or payload[:64].lstrip(_BLANK_OR_BOM).startswith(_JSON_STARTS)


def _unwrap(payload: bytes, wrapping: Wrapping, limit: int) -> bytes:
    compression = wrapping.query_compression
    if payload.startswith(_FORM_FIELDS) or wrapping.content_type == _FORM:
        fields = _form_fields(payload)
        payload = fields.get(b"data", b"")
        if not payload:
            raise Refusal(400, "empty_body", "payload missing: the form has no field data")
        compression = compression or fields.get(b"compression", b"").decode("ascii", "replace").lower()
    hint = compression or wrapping.content_encoding
    for _ in range(3):  # base64 around gzip around base64 has been seen
        if payload[:3] == GZIP_MAGIC:
            payload = gunzip(payload, limit)
        elif _is_json(payload):
            return payload
        elif hint in ("lz64", "lz-string"):
            payload, hint = _unpack_lz(payload, limit), ""
        elif (plain := unbase64(payload)) is not None:
            payload = plain
        elif hint in ("gzip", "gzip-js"):
            raise BadGzip("it does not begin like gzip")
        elif hint in ("br", "zstd", "deflate"):
            payload, hint = _unpack(payload, hint, limit), ""
        else:
            break
    if _is_json(payload):
        return payload
    try:
        start = payload[:40].decode()
    except UnicodeDecodeError:
        start = ""
    if not start:
        raise Refusal(400, "undecodable_body", "cannot decode the body: neither JSON nor a known packing of it")
    raise Refusal(400, "malformed_json", "cannot parse the body: JSON should begin with { or [")


def _form_fields(payload: bytes) -> dict[bytes, bytes]:
    if not payload.startswith(_FORM_FIELDS):
        raise Refusal(400, "undecodable_body", "cannot decode the form: it should begin with the field data")
    fields: dict[bytes, bytes] = {}
    for part in payload.split(b"&", 100):
        name, _, value = part.partition(b"=")
        fields[name] = unquote_to_bytes(value.replace(b"+", b" "))
    return fields


def unbase64(payload: bytes) -> bytes | None:
    """What base64 text holds, if that is JSON or gzip; None for anything else, and for what only looks like base64.

    A form has turned plus signs into spaces; the URL alphabet and missing padding are forgiven.
    """
    text = payload.strip().replace(b" ", b"+").replace(b"-", b"+").replace(b"_", b"/")
    if not text or _BASE64_LETTERS.fullmatch(text) is None:
        return None
    try:
        plain = base64.b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4))
    except (binascii.Error, ValueError):
        return None
    return plain if plain[:3] == GZIP_MAGIC or _is_json(plain) else None


def _unpack_lz(payload: bytes, limit: int) -> bytes:
    if len(payload) > _LZ_LIMIT:
        raise Refusal(413, "body_too_large", f"body too big: at most {_LZ_LIMIT} bytes in LZ-string")
    try:
        return decompress_base64(payload.strip().replace(b" ", b"+"), min(limit, 8 * _LZ_LIMIT)).encode()
    except BadLzString as problem:
        raise Refusal(400, "undecodable_body", f"cannot decode the body, bad LZ-string: {problem}") from None


def _unpack(payload: bytes, encoding: str, limit: int) -> bytes:
    try:
        return unpack(payload, encoding, limit)
    except TooLarge:
        raise
    except ValueError as problem:
        raise Refusal(400, "undecodable_body", f"cannot decode the body, bad {encoding}: {problem}") from None
