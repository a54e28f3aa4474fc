"""Values that a query brings along, for its placeholders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leanbase.model.property_filter import is_list


@dataclass(frozen=True)
class Placeholders:
    """``values`` fill {name}, ``variables`` {variables.name}; ``filters`` {filters}: dateRange, properties,
    filterTestAccounts. ``date_range`` holds the ends of filters.dateRange, aware, as they were read."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    filters: Mapping[str, Any] | None = None
    date_from: Any = None
    date_to: Any = None


def is_value(value: object) -> bool:
    """Whether a value can stand in SQL: a scalar or a list of scalars."""
    if is_list(value):
        return all(is_value(item) and not is_list(item) for item in value)
    return value is None or isinstance(value, (str, int, float, bool))
