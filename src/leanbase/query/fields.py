"""Reading the fields of a query as it came: each answers the value in its type or says what was wrong and where."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from leanbase.query.errors import QueryError

Json = Mapping[str, Any]


def part(query: Json, name: str, path: str = "") -> Json:
    """An object inside the query; empty when it is absent. Raises :class:`QueryError`."""
    value = query.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise QueryError(f"{path}{name} is an object", attr=f"{path}{name}")
    return cast(Json, value)


def objects(query: Json, name: str, path: str = "") -> list[Json]:
    """A list of objects; empty when it is absent. Raises :class:`QueryError`."""
    value = query.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in cast(list[Any], value)):
        raise QueryError(f"{path}{name} is a list of objects", attr=f"{path}{name}")
    return cast(list[Json], value)


def choice(query: Json, name: str, known: Sequence[str], default: str, path: str = "") -> str:
    """One of ``known``. Raises :class:`QueryError`."""
    value = query.get(name)
    if value is None:
        return default
    if value not in known:
        raise QueryError(f"{path}{name} is one of {', '.join(known)}", "invalid_choice", f"{path}{name}")
    return str(value)


def whole(query: Json, name: str, default: int | None, low: int, high: int, path: str = "") -> int | None:
    """A whole number from ``low`` to ``high``; texts of digits count. Raises :class:`QueryError`."""
    value = query.get(name)
    if value is None:
        return default
    if isinstance(value, str) and value.lstrip("-").isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise QueryError(f"{path}{name} is a whole number from {low} to {high}", attr=f"{path}{name}")
    return value


def texts(query: Json, name: str, path: str = "") -> list[str]:
    """A list of texts; empty when it is absent. Raises :class:`QueryError`."""
    value = query.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast(list[Any], value)):
        raise QueryError(f"{path}{name} is a list of texts", attr=f"{path}{name}")
    return cast(list[str], value)


def text(query: Json, name: str, path: str = "") -> str | None:
    """A text, or None when it is absent or empty. Raises :class:`QueryError`."""
    value = query.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise QueryError(f"{path}{name} is a text", attr=f"{path}{name}")
    return value


def flag(query: Json, name: str) -> bool:
    return bool(query.get(name))
