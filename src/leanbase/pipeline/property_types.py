"""What type a property has, judged by the first value that is seen of it (PostHog's rules)."""

import re
from typing import Any

_ALWAYS_TEXT = ("utm_", "$initial_utm_", "$feature/", "$survey_response")
# Click ids of advertisers: posthog-js sends all of them as null with every event.
_CLICK_IDS = (
    "gclid", "gad_source", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "twclid", "li_fat_id", "mc_cid",
    "igshid", "ttclid", "rdt_cid", "irclid", "_kx", "epik", "qclid", "sccid",
)  # fmt: skip
_TEXT_KEYS = frozenset(
    {"$feature_flag_response", "distinct_id", "$user_id", *_CLICK_IDS, *(f"$initial_{name}" for name in _CLICK_IDS)}
)
_SAYS_TIME = re.compile(r"time|timestamp|date|_at$|-at$|createdat|updatedat|sent_at|seen", re.IGNORECASE)
_DATE = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$")
# Unix times between 1973 and 2128, in seconds or milliseconds.
_SECONDS = (100_000_000, 5_000_000_000)


def inferred_type(key: str, value: Any) -> str | None:
    """String, Numeric, Boolean or DateTime; None when the value tells nothing (null, a list, an object).

    Some names tell the type without a value.
    """
    if key.startswith(_ALWAYS_TEXT) or key in _TEXT_KEYS:
        return "String"
    if value is None or isinstance(value, list | dict):
        return None
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int | float):
        return "DateTime" if _SAYS_TIME.search(key) and _is_unix_time(value) else "Numeric"
    text = str(value).strip()
    if text.lower() in {"true", "false"}:
        return "Boolean"
    return "DateTime" if _DATE.match(text) else "String"


def _is_unix_time(value: float) -> bool:
    low, high = _SECONDS
    return low <= value < high or low * 1000 <= value < high * 1000
