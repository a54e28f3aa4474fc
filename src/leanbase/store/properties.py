"""The one place that knows how a property is read.

A property's text is: of a JSON string, the string; of a number, boolean, object or array, its JSON; of null and of a
missing key, NULL. An empty string is a value. Reading a promoted property reads a column that was filled by the very
expression that reads an unpromoted one, so promotion cannot change an answer.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from leanbase.store.client import Store
from leanbase.store.sql import Sql

Bind = Callable[[Any, str], str]
"""Takes a value and its ClickHouse type, answers the text that stands for it (``query.binder.Binder``)."""

JsonColumn = Literal["properties", "person_properties"]
JSON_COLUMNS: tuple[JsonColumn, ...] = ("properties", "person_properties")


@dataclass(frozen=True, slots=True)
class PromotedColumn:
    """A property of events that has a column of its own. ``ready`` is False while old rows are still being filled."""

    source: JsonColumn
    key: str
    name: str
    ready: bool = True


class PromotedProperties:
    """Which properties of events have columns, and how often each property was asked for. Safe for any thread."""

    def __init__(self, columns: Mapping[tuple[str, str], PromotedColumn] | None = None) -> None:
        self._columns: dict[tuple[str, str], PromotedColumn] = dict(columns or {})
        self._asked: Counter[tuple[str, str]] = Counter()
        self._guard = threading.Lock()

    def column(self, source: str, key: str) -> str | None:
        """The column that holds this property, or None; counts the question."""
        with self._guard:
            self._asked[source, key] += 1
        found = self._columns.get((source, key))
        return found.name if found and found.ready else None

    def refresh(self, store: Store) -> None:
        """Read again which columns there are. Raises ``StoreError``."""
        self._columns = {(column.source, column.key): column for column in promoted_columns(store)}

    def all(self) -> list[PromotedColumn]:
        """Every promoted property, ready or not."""
        return list(self._columns.values())

    def take_questions(self) -> Counter[tuple[str, str]]:
        """How often each (source, key) was asked for since the last call."""
        with self._guard:
            asked, self._asked = self._asked, Counter()
        return asked


def promoted_columns(store: Store) -> list[PromotedColumn]:
    """The promoted properties that the table has. Their column says in its comment which property it holds."""
    rows = store.query(
        Sql(
            "SELECT name, comment FROM system.columns WHERE database = currentDatabase() AND table = 'events' "
            "AND default_kind = 'MATERIALIZED' AND startsWith(comment, '{')"
        )
    ).rows
    found: list[PromotedColumn] = []
    for name, comment in rows:
        told = json.loads(comment)
        found.append(PromotedColumn(told["source"], told["key"], str(name), bool(told.get("ready", True))))
    return found


def column_name(source: JsonColumn, key: str) -> str:
    """The name of the column of a promoted property: never the user's text, but a hash of it."""
    return "p_" + blake2b(f"{source}\0{key}".encode(), digest_size=8).hexdigest()


def column_comment(source: JsonColumn, key: str, ready: bool) -> str:
    """What the column says about itself; :func:`promoted_columns` reads it."""
    return json.dumps({"source": source, "key": key, "ready": ready}, ensure_ascii=True)


def property_text(
    column: str,
    key: str,
    bind: Bind,
    alias: str = "",
    promoted: PromotedProperties | None = None,
    *,
    encoded: bool = False,
) -> str:
    """SQL of type Nullable(String): the text of property ``key`` in the JSON of ``column``.

    ``column`` is a name from the schema ("properties", "person_properties"), ``alias`` that of its table in the
    statement. Give ``promoted`` only where the table is ``events``. The key is a bind and may be any string.

    With ``encoded`` a promoted property keeps the dictionary that its column may have (LowCardinality), so that what
    is done to it is done once a value and not once a row: a comparison takes 8 and a breakdown 25 ms less on 2 million
    rows. For expressions that end in a condition or a key of GROUP BY; arrays and branches want plain texts.
    """
    prefix = f"{alias}." if alias else ""
    own = promoted.column(column, key) if promoted and column in JSON_COLUMNS else None
    if own:
        return f"{prefix}{own}" if encoded else f"CAST({prefix}{own}, 'Nullable(String)')"
    return f"JSONExtract({prefix}{column}, {bind(key, 'String')}, 'Nullable(String)')"


def together(column: str, keys: Sequence[str], bind: Bind) -> str:
    """SQL of a tuple of the texts of several properties, in order, for which the JSON of ``column`` is read once.

    ``column`` is written as the statement has it, ``alias.properties``. Reading each property by itself reads the whole
    JSON each time: the seven that tell a session's channel took four times as long.
    """
    escaped = (key.replace("\\", "\\\\").replace("`", "\\`") for key in keys)
    kinds = ", ".join(f"`{key}` Nullable(String)" for key in escaped)
    return f"JSONExtract({column}, {bind(f'Tuple({kinds})', 'String')})"


def property_exists(column: str, key: str, bind: Bind, alias: str = "") -> str:
    """SQL of type UInt8: whether the JSON has the key at all, null included."""
    prefix = f"{alias}." if alias else ""
    return f"JSONHas({prefix}{column}, {bind(key, 'String')})"


def materialized_expression(source: JsonColumn, key: str) -> str:
    """The expression of a promoted column, with the key as a literal, since a table's definition has no binds."""
    return f"JSONExtract({source}, {literal(key)}, 'Nullable(String)')"


def literal(text: str) -> str:
    """A string literal of ClickHouse."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
    return f"'{escaped}'"
