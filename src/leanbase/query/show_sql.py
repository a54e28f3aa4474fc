"""A statement as somebody may read it, with its values in place."""

import re
from datetime import date, datetime
from typing import Any

from leanbase.store.properties import literal
from leanbase.store.sql import Sql

_BIND = re.compile(r"\{(?P<name>[A-Za-z_][A-Za-z0-9_]*):[^{}]+\}")


def readable(sql: Sql) -> str:
    """The text of a statement with its values written out. For eyes; what runs has typed binds."""

    def value(match: re.Match[str]) -> str:
        name = match["name"]
        return _written(sql.binds[name]) if name in sql.binds else match[0]

    return _BIND.sub(value, sql.text)


def _written(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    if value is None:
        return "NULL"
    if isinstance(value, (bool, int, float)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return literal(value.isoformat())
    return literal(str(value))
