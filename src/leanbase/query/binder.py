"""Collects the values of a statement, so that SQL text holds names and never values."""

from typing import Any

from leanbase.store.sql import Sql


class Binder:
    """One statement's values. ``binder(5, "UInt32")`` answers the text ``{b0:UInt32}`` to put into the SQL."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._names: dict[tuple[str, str], str] = {}

    def __call__(self, value: Any, kind: str) -> str:
        key = (kind, repr(value))
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"b{len(self._values)}"
            self._values[name] = value
        return f"{{{name}:{kind}}}"

    def sql(self, text: str, binary: tuple[str, ...] = ()) -> Sql:
        """The finished statement; ``binary`` names the columns of its answer that hold bytes."""
        return Sql(text, dict(self._values), binary)
