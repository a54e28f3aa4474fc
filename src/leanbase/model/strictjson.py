"""JSON as clients really send it, and the strict JSON that the rest of the line relies on."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, cast

import msgspec

from leanbase.model.ids import OTHER_ID

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NUL = "\x00"
_REPLACEMENT = "�"
_LARGEST_INTEGER = 308  # digits that a double can always hold


class NotJson(ValueError):
    """The text is no JSON, not even leniently; the message says where."""


def tidy_text(text: str) -> str:
    """``text`` with NUL characters and lone surrogates replaced by U+FFFD (databases refuse both)."""
    return _LONE_SURROGATE.sub(_REPLACEMENT, text.replace(_NUL, _REPLACEMENT))


def tidy_surrogates(text: str) -> str:
    """``text`` with lone surrogates replaced by U+FFFD, and NUL left alone."""
    return _LONE_SURROGATE.sub(_REPLACEMENT, text)


def _tidy(value: Any, tidied: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return tidied(value)
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        tidy = {tidied(name): _tidy(member, tidied) for name, member in members.items()}
        name = members.get("event")
        if isinstance(name, str) and name in OTHER_ID:
            _keep_other_id(tidy, members, OTHER_ID[name])
        return tidy
    if isinstance(value, list):
        return [_tidy(member, tidied) for member in cast("list[Any]", value)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _keep_other_id(tidy: dict[str, Any], event: dict[str, Any], key: str) -> None:
    """Leave a NUL in the id that an event wants to join: no merge takes such an id, and without the NUL it would be
    another one. Who decides about merges replaces it.
    """
    properties = event.get("properties")
    if isinstance(properties, dict):
        other = cast("dict[str, Any]", properties).get(key)
        if isinstance(other, str) and _NUL in other:
            tidy["properties"][key] = tidy_surrogates(other)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LARGEST_INTEGER else None


def read_lenient(text: bytes, *, binary: bool = False) -> Any:
    """Python values of JSON that may hold NaN, Infinity, numbers beyond a double (all become null), lone surrogates,
    NUL and raw control characters. ``binary``: strings carry bytes (recordings do), so NUL stays.
    Raises :class:`NotJson`.
    """
    try:
        value = json.loads(text.decode("utf-8-sig"), strict=False, parse_int=_integer)
        return _tidy(value, tidy_surrogates if binary else tidy_text)
    except UnicodeDecodeError as problem:
        raise NotJson(f"not UTF-8 at byte {problem.start}") from None
    except json.JSONDecodeError as problem:
        raise NotJson(f"{problem.msg} at character {problem.pos}") from None
    except RecursionError:
        raise NotJson("nested too deeply") from None


def is_strict_text(text: bytes, *, binary: bool = False) -> bool:
    """Whether the parts of JSON that a raw decode does not look at are in order: UTF-8, and no NUL escape (unless
    strings carry bytes).
    """
    # Looking for the one byte first is many times faster, and most bodies have none.
    if not binary and b"\\" in text and b"\\u0000" in text:
        return False
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def make_strict(text: bytes, *, binary: bool = False) -> bytes:
    """Strict JSON of the same meaning as the lenient ``text``. Raises :class:`NotJson`."""
    try:
        return msgspec.json.encode(read_lenient(text, binary=binary))
    except RecursionError:
        raise NotJson("nested too deeply") from None


_any = msgspec.json.Decoder()


def read_object(raw: msgspec.Raw | bytes) -> dict[str, Any]:
    """The members of a JSON object. PHP writes an empty map as ``[]``: what is no object counts as empty."""
    if not raw:
        return {}
    try:
        value = _any.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        value = read_lenient(bytes(raw))
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
