"""What an event says about its person beside ``$set``: newest and first browser, page and campaign (PostHog's rule)."""

from typing import Any, cast

from leanbase.model.event import Event
from leanbase.pipeline.turn import Turn

_DEVICE = (
    "$app_build", "$app_name", "$app_namespace", "$app_version", "$browser", "$browser_version", "$device_type",
    "$current_url", "$pathname", "$os", "$os_name", "$os_version", "$referring_domain", "$referrer", "$screen_height",
    "$screen_width", "$viewport_height", "$viewport_width", "$raw_user_agent",
)  # fmt: skip
_CAMPAIGN = (
    "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_name", "utm_term", "gclid", "gad_source", "gclsrc",
    "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "twclid", "li_fat_id", "mc_cid", "igshid", "ttclid", "rdt_cid",
    "irclid", "_kx", "epik", "qclid", "sccid",
)  # fmt: skip

# Of each lifted property: its name on the person, and the name of its first value.
LIFTED: dict[str, tuple[str, str]] = {
    key: (target, f"$initial_{target.removeprefix('$')}")
    for key, target in ((key, "$os" if key == "$os_name" else key) for key in (*_DEVICE, *_CAMPAIGN))
}
_INITIAL = {key: initial for key, (_, initial) in LIFTED.items()}
_OF_THE_HOST = ("$os", "$os_name", "$os_version")
_NAMES = frozenset(LIFTED)
_NAMES_ON_SERVER = _NAMES.difference(_OF_THE_HOST)
_NOT_LIFTED_FROM = frozenset({"$snapshot", "$performance_event"})


def lift_person_properties(events: list[Event], turn: Turn) -> list[Event]:  # noqa: ARG001
    """Fill ``set_``, ``set_once`` and ``unset`` of each event from its properties.

    A lifted property is set unless ``$set`` names it, also to null (a visit without a campaign clears the newest one),
    and set once under its ``$initial_`` name unless ``$set_once`` names it, but never to null. ``$os_name`` is another
    name of ``$os``. On a server (``$is_server``) the operating system is the host's and not the person's. Events
    without a person lift nothing.
    """
    for event in events:
        properties = event.properties
        if properties.get("$process_person_profile") is False or event.project.person_processing_opt_out:
            continue
        given = properties.get("$set")
        given_once = properties.get("$set_once")
        unset = properties.get("$unset")
        if unset is not None:
            event.unset = _names(unset)
        names = _NAMES_ON_SERVER if properties.get("$is_server") is True else _NAMES
        # To ask first whether there is any takes a quarter of collecting them, and server events have none.
        if names.isdisjoint(properties) or event.event in _NOT_LIFTED_FROM:
            found: list[str] = []
        else:
            found = [key for key in properties if key in names]
        set_ = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
        set_once = cast("dict[str, Any]", given_once) if isinstance(given_once, dict) else {}
        if found:
            lifted, lifted_once = _lift(properties, found)
            if lifted:
                set_ = {**lifted, **set_} if set_ else lifted
                event.add("$set", set_)
            if lifted_once:
                set_once = {**lifted_once, **set_once} if set_once else lifted_once
                event.add("$set_once", set_once)
        event.set_ = set_
        event.set_once = set_once
    return events


def _lift(properties: dict[str, Any], found: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    if "$os_name" not in properties:
        once = {_INITIAL[key]: value for key in found if (value := properties[key]) is not None}
        return {key: properties[key] for key in found}, once
    lifted: dict[str, Any] = {}
    once: dict[str, Any] = {}
    for key in found:
        if key == "$os_name" and "$os" in properties:
            continue
        value = properties[key]
        target, initial = LIFTED[key]
        lifted[target] = value
        if value is not None:
            once[initial] = value
    return lifted, once


def _names(value: Any) -> tuple[str, ...]:
    """The keys of ``$unset``: an array of them, or an object whose keys are taken."""
    if isinstance(value, list | dict):
        return tuple(name for name in cast("list[Any]", value) if isinstance(name, str))
    return ()
