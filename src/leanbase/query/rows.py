"""Values of the engine as values of JSON."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo


def plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO form (Z for UTC), uuids and addresses as text, decimals as numbers."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if value - value == 0 else None  # NaN and infinities have no JSON
        case datetime():
            text = value.isoformat()
            return text[:-6] + "Z" if text.endswith("+00:00") else text if value.tzinfo else text + "Z"
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case timedelta():
            return value.total_seconds()
        case bytes():
            return value.decode(errors="replace")
        case Mapping():
            return {str(key): plain(item) for key, item in cast(Mapping[Any, Any], value).items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in cast(Sequence[Any], value)]
        case _:
            return str(value)


def in_zone(value: Any, kind: str, zone: str) -> Any:
    """:func:`plain`, with a time of whole seconds in ``zone``.

    The embedded engine drops the zone of a ``DateTime`` column on its way out and answers UTC; times print in the
    project's zone like those of ``DateTime64``, which keep theirs.
    """
    if isinstance(value, datetime) and kind in ("DateTime", "Nullable(DateTime)"):
        return plain(value.astimezone(ZoneInfo(zone)))
    return plain(value)


def shown_type(kind: str) -> str:
    """A column's type as an answer names it: how the engine stores repeated texts is its own business."""
    return kind.removeprefix("LowCardinality(").removesuffix(")") if kind.startswith("LowCardinality(") else kind
