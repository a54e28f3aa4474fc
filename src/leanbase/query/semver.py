"""Version order for filters: 1.10.0 is newer than 1.9.3."""

import re

from leanbase.query.binder import Binder
from leanbase.query.errors import QueryError

_VERSION = re.compile(r"\s*[vV]?(\d+(?:\.\d+)*)(?:[-+].*)?\s*")
_WILDCARD = re.compile(r"\s*[vV]?(\d+(?:\.\d+)*)(?:\.\*)?\s*")

Version = tuple[int, int, int]


def semver_condition(text: str, operator: str, value: str, binder: Binder, attr: str) -> str:
    """The condition of a ``semver_…`` operator on the text of a version; never NULL.

    Compares major, minor and patch; what follows a dash or plus is left out of account. A text that is no version
    fails every operator but neq. Raises :class:`QueryError` when ``value`` is no version.
    """
    lower, upper = _bounds(operator, value, attr)
    known = f"ifNull({text}, '')"
    digits = f"extract({known}, '^\\\\s*[vV]?(\\\\d+(?:\\\\.\\\\d+)*)')"
    safe = f"arrayResize(arrayMap(x -> toInt64OrZero(x), splitByChar('.', {digits})), 3)"
    is_version = f"match({known}, '^\\\\s*[vV]?\\\\d')"
    comparisons = {
        "semver_eq": "=",
        "semver_neq": "!=",
        "semver_gt": ">",
        "semver_gte": ">=",
        "semver_lt": "<",
        "semver_lte": "<=",
    }
    low = binder(list(lower), "Array(Int64)")
    if operator in comparisons:
        compared = f"{safe} {comparisons[operator]} {low}"
        return f"(NOT {is_version} OR {compared})" if operator == "semver_neq" else f"({is_version} AND {compared})"
    return f"({is_version} AND {safe} >= {low} AND {safe} < {binder(list(upper), 'Array(Int64)')})"


def _bounds(operator: str, value: str, attr: str) -> tuple[Version, Version]:
    """The version itself and, for ranges, the first one beyond."""
    found = (_WILDCARD if operator == "semver_wildcard" else _VERSION).fullmatch(value)
    if found is None:
        raise QueryError(f"{value!r} is not a version such as 1.2.3", attr=attr)
    parts = [int(part) for part in found[1].split(".")][:3]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    lower = (major, minor, patch)
    if operator == "semver_tilde":
        return lower, (major, minor + 1, 0) if len(parts) > 1 else (major + 1, 0, 0)
    if operator == "semver_caret":
        if major or len(parts) == 1:
            return lower, (major + 1, 0, 0)
        return lower, (0, minor + 1, 0) if minor or len(parts) == 2 else (0, 0, patch + 1)
    if operator == "semver_wildcard":
        return lower, ((major + 1, 0, 0), (major, minor + 1, 0), (major, minor, patch + 1))[len(parts) - 1]
    return lower, lower
