"""What ``$set``, ``$set_once`` and ``$unset`` do to a person. Pure.

The last event that is ingested wins; times play no part (PostHog's rule).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

# Events about the person itself: whatever they set is written.
PERSON_EVENTS = frozenset({"$identify", "$create_alias", "$merge_dangerously", "$set"})

# These may create a person, but never change one.
READ_ONLY_EVENTS = frozenset({"$exception", "$$heatmap"})

# Values that change with every page view. They are refreshed only together with something that matters.
_NOISY_NAMES = """
    $current_url $pathname $referring_domain $referrer $screen_height $screen_width $viewport_height $viewport_width
    $browser $browser_version $device_type $raw_user_agent $os $os_name $os_version
    $geoip_postal_code $geoip_time_zone $geoip_latitude $geoip_longitude $geoip_accuracy_radius
    $geoip_subdivision_1_code $geoip_subdivision_1_name $geoip_subdivision_2_code $geoip_subdivision_2_name
    $geoip_subdivision_3_code $geoip_subdivision_3_name $geoip_city_confidence $geoip_country_confidence
    $geoip_postal_code_confidence $geoip_subdivision_1_confidence $geoip_subdivision_2_confidence
"""
NOISY = frozenset(_NOISY_NAMES.split())

TRIM_TO = 512 * 1024  # bytes of JSON that properties are trimmed to
TRIM_ABOVE = 640 * 1024  # bytes of JSON at which they are

# Kept when properties are trimmed, with every $initial_* and campaign value.
_PROTECTED_NAMES = """
    email name $session_id $window_id $pageview_id $host $user_id $device_id $anon_distinct_id $creator_event_uuid
    $app_build $app_name $app_namespace $app_version $browser $browser_version $device_type $current_url $pathname $os
    $os_name $os_version $referring_domain $referrer $screen_height $screen_width $viewport_height $viewport_width
    $raw_user_agent utm_source utm_medium utm_campaign utm_content utm_name utm_term gclid gad_source gclsrc dclid
    gbraid wbraid fbclid msclkid twclid li_fat_id mc_cid igshid ttclid rdt_cid irclid _kx epik qclid sccid
"""
_PROTECTED = frozenset(_PROTECTED_NAMES.split())

_missing = object()


class Update(NamedTuple):
    """``properties`` as the event sees them; ``write`` says whether the person keeps them."""

    properties: dict[str, Any]
    write: bool


def differs(new: Any, old: Any) -> bool:
    """Whether a value counts as changed: lists and objects always do, and true is not 1."""
    if isinstance(new, dict | list):
        return True
    if isinstance(new, bool) or isinstance(old, bool):
        return new is not old
    return new != old


def new_properties(set_: Mapping[str, Any], set_once: Mapping[str, Any], creator: str) -> dict[str, Any]:
    """Properties of a person at birth; ``$unset`` does nothing there. ``creator`` is the uuid of the event."""
    return {**set_once, **set_, "$creator_event_uuid": creator}


def new_blob(set_: Mapping[str, Any], set_once: Mapping[str, Any], creator: UUID) -> bytes:
    """:func:`new_properties` as stored. The encoder writes a uuid for a third of what its text takes."""
    return encode({**set_once, **set_, "$creator_event_uuid": creator})


def update(
    properties: Mapping[str, Any],
    set_: Mapping[str, Any],
    set_once: Mapping[str, Any],
    unset: Iterable[str],
    write_all: bool,
) -> Update | None:
    """What an event makes of a person's properties; None when it changes nothing.

    ``write_all`` turns the filter for noisy values off (events about the person, or a project that asked for it).
    """
    changed, gone, write = difference(properties, set_, set_once, unset, write_all)
    if not changed and not gone:
        return None
    return Update(applied(properties, changed, gone), write)


def difference(
    properties: Mapping[str, Any],
    set_: Mapping[str, Any],
    set_once: Mapping[str, Any],
    unset: Iterable[str],
    write_all: bool,
) -> tuple[dict[str, Any], list[str], bool]:
    """What :func:`update` would put and take out, and whether the person keeps it."""
    changed: dict[str, Any] = {}
    write = False
    if not set_once.keys() <= properties.keys():
        for key, value in set_once.items():
            if key not in properties and key not in set_:
                changed[key] = value
                write = write or write_all or key not in NOISY
    for key, value in set_.items():
        old = properties.get(key, _missing)
        if old is _missing:
            changed[key] = value
            write = True
        elif type(value) is str or (type(value) is int and type(old) is int):
            # Nearly all are: :func:`differs` without the call.
            if value != old:
                changed[key] = value
                write = write or write_all or key not in NOISY
        elif differs(value, old):
            changed[key] = value
            write = write or write_all or key not in NOISY
    gone = [key for key in dict.fromkeys(unset) if key in properties]  # each once, however often it is named
    if gone and not write:
        write = write_all or not NOISY.issuperset(gone)
    return changed, gone, write


def applied(properties: Mapping[str, Any], changed: Mapping[str, Any], gone: Iterable[str]) -> dict[str, Any]:
    """Properties after a :func:`difference`."""
    result = {**properties, **changed}
    for key in gone:
        result.pop(key, None)
    return result


def encode(properties: Mapping[str, Any]) -> bytes:
    """Properties as stored: JSON in UTF-8, NUL replaced by U+FFFD (databases refuse it)."""
    data = msgspec.json.encode(properties)
    if b"\\u0000" in data:
        data = msgspec.json.encode(_without_nul(properties))
    return data


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, Mapping):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nul(item) for item in value]
    return value


def is_protected(key: str) -> bool:
    """Whether trimming must leave this property alone."""
    return key in _PROTECTED or key.startswith("$initial_")


def trimmed(properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """Properties cut to the size limit, last names of the alphabet first; None when that is not enough."""
    kept = dict(properties)
    size = len(encode(kept))
    for key in sorted((key for key in kept if not is_protected(key)), reverse=True):
        if size <= TRIM_TO:
            break
        size -= len(msgspec.json.encode(key)) + len(msgspec.json.encode(kept.pop(key))) + 2
    return kept if size <= TRIM_TO else None
