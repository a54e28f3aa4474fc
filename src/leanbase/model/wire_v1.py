"""The newer wire protocol ("v1": /i/v1/analytics/events, …): its body, and what SDKs move out of the properties.

Unlike v0, one bad event refuses only itself; a body that lacks required members is refused whole.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType


class V1Event(msgspec.Struct):
    """One event as sent; whether the values make sense is capture's to say, event by event."""

    event: str
    uuid: str
    distinct_id: str
    timestamp: str
    session_id: str | None = None
    window_id: str | None = None
    options: Raw = Raw()
    properties: Raw = Raw()


class V1Body(msgspec.Struct):
    """The body of a request. ``capture_internal`` is a lenient boolean."""

    created_at: str
    batch: list[V1Event]
    historical_migration: bool | None = None
    capture_internal: Raw = Raw()


class InvalidOptions(ValueError):
    """``options`` is no object, or a known option has a value that means nothing."""


class V1Options(msgspec.Struct):
    """What an SDK says about one event beside its properties; None is unset. Unknown options are ignored."""

    process_person_profile: bool | None = None
    cookieless_mode: bool | None = None
    disable_skew_correction: bool | None = None
    product_tour_id: str | None = None


class _RawOptions(msgspec.Struct):
    process_person_profile: Raw = Raw()
    cookieless_mode: Raw = Raw()
    disable_skew_correction: Raw = Raw()
    product_tour_id: str | UnsetType | None = UNSET


_body = msgspec.json.Decoder(V1Body)
_options = msgspec.json.Decoder(V1Options)
_raw_options = msgspec.json.Decoder(_RawOptions)
_any = msgspec.json.Decoder()
_NO_OPTIONS = V1Options()

_TRUE = frozenset(("true", "t", "yes", "y", "on"))
_FALSE = frozenset(("false", "f", "no", "n", "off"))


def decode_v1(body: bytes) -> V1Body:
    """The body of a strict JSON text. Raises ``msgspec.ValidationError`` naming the member that is missing or of a
    wrong type, ``msgspec.DecodeError`` or ``RecursionError`` when it is no strict JSON.
    """
    return _body.decode(body)


def read_options(raw: Raw) -> V1Options:
    """The options of an event, read leniently. Raises :class:`InvalidOptions`."""
    if not raw or bytes(raw) == b"null":
        return _NO_OPTIONS
    try:
        return _options.decode(raw)
    except msgspec.ValidationError:
        pass
    try:
        loose = _raw_options.decode(raw)
    except msgspec.ValidationError as problem:
        raise InvalidOptions(str(problem)) from None
    tour = loose.product_tour_id
    return V1Options(
        read_boolean(loose.process_person_profile),
        read_boolean(loose.cookieless_mode),
        read_boolean(loose.disable_skew_correction),
        None if tour is UNSET else tour,
    )


def read_boolean(raw: Raw) -> bool | None:
    """A boolean that may be written as a number or a word; None for null and blank. Raises :class:`InvalidOptions`."""
    if not raw:
        return None
    try:
        value: Any = _any.decode(raw)
    except msgspec.ValidationError:
        return True  # a number too large for a double is a number that is not zero
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, str):
        word = value.strip().lower()
        if not word:
            return None
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        try:
            return float(word) != 0
        except ValueError:
            pass
    raise InvalidOptions(f"{bytes(raw)[:40].decode(errors='replace')} is no boolean")
