"""The property filter: one definition for insights, cohorts, actions and flags.

This module says which filters are well formed; what they mean is in the two interpreters (SQL for insights, Python
for flags), which share the table of cases in ``tests/query/filters/table.json``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeGuard

import msgspec

EQUALITY = frozenset({"exact", "is_not"})
CONTAINS = frozenset({"icontains", "icontains_multi", "not_icontains", "not_icontains_multi"})
REGEX = frozenset({"regex", "not_regex"})
ORDER = frozenset({"gt", "gte", "lt", "lte", "min", "max"})
RANGE = frozenset({"between", "not_between"})
MEMBERSHIP = frozenset({"in", "not_in"})
PRESENCE = frozenset({"is_set", "is_not_set"})
DATES = frozenset({"is_date_exact", "is_date_before", "is_date_after"})
SEMVER = frozenset(f"semver_{name}" for name in ("eq", "neq", "gt", "gte", "lt", "lte", "tilde", "caret", "wildcard"))
OPERATORS = frozenset(
    EQUALITY | CONTAINS | REGEX | ORDER | RANGE | MEMBERSHIP | PRESENCE | DATES | SEMVER
    | {"is_cleaned_path_exact", "flag_evaluates_to"}
)  # fmt: skip

NEGATIVE = frozenset(
    {"is_not", "not_icontains", "not_icontains_multi", "not_regex", "not_between", "not_in", "is_not_set", "semver_neq"}
)
"""Operators that hold for a missing value."""

TYPES = frozenset(
    {
        "event", "person", "group", "session", "cohort", "static-cohort", "precalculated-cohort", "element", "hogql",
        "event_metadata", "feature", "flag", "recording", "log_entry", "data_warehouse",
        "data_warehouse_person_property", "error_tracking_issue", "revenue_analytics", "person_metadata", "empty",
    }
)  # fmt: skip
COHORT_TYPES = frozenset({"cohort", "static-cohort", "precalculated-cohort"})
ELEMENT_KEYS = frozenset({"selector", "tag_name", "text", "href"})


class PropertyFilterError(ValueError):
    """A filter that is not well formed. ``attr`` is the path inside the filters, such as ``0.value``."""

    def __init__(self, detail: str, code: str, attr: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.attr = attr


class PropertyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """One condition. ``value`` is a scalar, a list of scalars, or None; ``path`` says where it stood."""

    key: str
    type: str = "event"
    operator: str = "exact"
    value: Any = None
    group_type_index: int | None = None
    negation: bool = False
    path: str = ""

    def values(self) -> list[Any]:
        """The value as a list."""
        return list(self.value) if is_list(self.value) else [self.value]


class PropertyGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions joined by AND or OR. Without any it holds for everything."""

    type: Literal["AND", "OR"]
    values: "tuple[PropertyFilter | PropertyGroup, ...]" = ()


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a list of JSON (a text is not)."""
    return isinstance(value, (list, tuple))


def parse_filters(raw: object, path: str = "") -> PropertyGroup:
    """Filters as the API takes them: a flat list (all must hold), a group ``{type, values}``, nested groups, or None.

    Incomplete filters (no key, or no value where the operator needs one) hold for everything, as groups without values
    do: PostHog takes them for a form that somebody is still filling in. So an AND is read without them, and an OR with
    one of them filters nothing. Raises :class:`PropertyFilterError`.
    """
    if raw is None:
        return PropertyGroup(type="AND")
    if is_list(raw):
        return _joined("AND", _parse_values(raw, path))
    if isinstance(raw, Mapping) and _is_group(raw):
        return _parse_group(raw, path)
    if isinstance(raw, Mapping):
        return _joined("AND", _parse_values([raw] if raw else [], path))
    raise PropertyFilterError(
        f"filters must be a list or a group {{type, values}}, not {type(raw).__name__}", "invalid_input", path
    )


def _is_group(raw: Mapping[str, Any]) -> bool:
    return "values" in raw and "key" not in raw


def _parse_group(raw: Mapping[str, Any], path: str) -> PropertyGroup:
    joined = str(raw.get("type") or "AND").upper()
    if joined not in ("AND", "OR"):
        raise PropertyFilterError(f"a group's type is AND or OR, not {joined!r}", "invalid_choice", _at(path, "type"))
    values = raw.get("values")
    if not is_list(values):
        raise PropertyFilterError("a group's values must be a list", "not_a_list", _at(path, "values"))
    return _joined("OR" if joined == "OR" else "AND", _parse_values(values, _at(path, "values")))


def _joined(how: Literal["AND", "OR"], parts: "Sequence[PropertyFilter | PropertyGroup | None]") -> PropertyGroup:
    """A group of parts, of which None always holds."""
    found = tuple(part for part in parts if part is not None)
    return PropertyGroup(type=how, values=() if how == "OR" and len(found) < len(parts) else found)


def _parse_values(raw: Sequence[Any], path: str) -> "list[PropertyFilter | PropertyGroup | None]":
    """The parts of a group; None for one that always holds."""
    found: list[PropertyFilter | PropertyGroup | None] = []
    for index, item in enumerate(raw):
        at = _at(path, str(index))
        if not isinstance(item, Mapping):
            raise PropertyFilterError(f"a filter must be an object, not {type(item).__name__}", "invalid_input", at)
        if _is_group(item):
            group = _parse_group(item, at)
            found.append(group if group.values else None)
        else:
            found.append(_parse_filter(item, at))
    return found


def _parse_filter(raw: Mapping[str, Any], path: str) -> PropertyFilter | None:
    """One filter, or None where it is incomplete and so always holds."""
    kind = str(raw.get("type") or "event")
    if kind not in TYPES:
        raise PropertyFilterError(f"filters of type {kind!r} are not known", "invalid_choice", _at(path, "type"))
    if kind == "empty":
        return None
    key = raw.get("key")
    if kind in COHORT_TYPES:
        key = key or "id"
    if key is None or key == "":
        return None
    default = "in" if kind in COHORT_TYPES else "exact"
    operator = str(raw.get("operator") or default)
    if operator not in OPERATORS:
        raise PropertyFilterError(f"operator {operator!r} is not known", "invalid_choice", _at(path, "operator"))
    value = raw.get("value")
    if isinstance(value, Mapping):
        raise PropertyFilterError("a filter's value is a scalar or a list", "invalid_input", _at(path, "value"))
    needs_value = operator not in PRESENCE and kind != "hogql"
    if needs_value and (value is None or (is_list(value) and not value)):
        return None
    if operator in RANGE:
        _check_range(value, _at(path, "value"))
    if kind == "element":
        _check_element(str(key), operator, path)
    return PropertyFilter(
        key=str(key),
        type=kind,
        operator=operator,
        value=list(value) if is_list(value) else value,
        group_type_index=_group_type_index(raw, path),
        negation=bool(raw.get("negation")),
        path=path,
    )


def _check_range(value: object, at: str) -> None:
    numbers = [as_number(item) for item in value] if is_list(value) else []
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        raise PropertyFilterError("between needs a list of two numbers, [low, high]", "invalid_input", at)
    if numbers[0] > numbers[1]:
        raise PropertyFilterError("between needs the low bound first, [low, high]", "invalid_input", at)


def _check_element(key: str, operator: str, path: str) -> None:
    if key not in ELEMENT_KEYS:
        raise PropertyFilterError(
            f"elements have {', '.join(sorted(ELEMENT_KEYS))}, not {key!r}", "invalid_choice", _at(path, "key")
        )
    if key in ("selector", "tag_name") and operator not in EQUALITY:
        raise PropertyFilterError(
            f"an element's {key} can only be compared with exact or is_not", "invalid_choice", _at(path, "operator")
        )


def _group_type_index(raw: Mapping[str, Any], path: str) -> int | None:
    index = raw.get("group_type_index")
    if index is None:
        return None
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index <= 4:
        raise PropertyFilterError(
            "group_type_index is a number from 0 to 4", "invalid_input", _at(path, "group_type_index")
        )
    return index


def as_number(value: object) -> float | None:
    """The number a JSON value stands for: itself, or the text of one. None for anything else, NaN included."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if number == number else None


def as_text(value: object) -> str:
    """A filter's value as the text that a property with this value has."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
