"""The columns of ``events`` in SQL, as expressions over an event scope."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leanbase.query.elements import element_text
from leanbase.query.hogql.names import Column, json_path
from leanbase.query.person_properties import INITIAL_CHANNEL
from leanbase.query.sessions import SESSION_FIELDS
from leanbase.query.typed import typed
from leanbase.store.properties import property_text

if TYPE_CHECKING:
    from leanbase.query.scope import EventScope

PLAIN = ("uuid", "event", "distinct_id", "person_mode", "elements_chain")
RENAMED = {"$session_id": "session_id", "$window_id": "window_id"}
STAR = (
    "uuid", "event", "properties", "timestamp", "distinct_id", "elements_chain", "created_at", "$session_id",
    "$window_id", "person_id", "person_mode", "$group_0", "$group_1", "$group_2", "$group_3", "$group_4",
)  # fmt: skip


def local_time(sql: str, scope: "EventScope") -> str:
    """A time in the project's zone, as it is shown and cut into days."""
    zone = scope.ctx.project.timezone
    return sql if zone == "UTC" else f"toTimeZone({sql}, {scope.binder(zone, 'String')})"


def event_column(scope: "EventScope", parts: Sequence[str | int]) -> Column | None:
    """What a chain of names means on an event; None when events have no such column."""
    name, rest = str(parts[0]), parts[1:]
    alias = scope.alias
    if name in ("properties", "person_properties"):
        return _properties(scope, name, rest)
    if name in ("person", "poe", "pdi", "session"):
        return _LONGER[name](scope, rest)
    if name.startswith(("group_", "goe_")) and name[-1] in "01234" and name[-2] == "_":
        return _group(scope, int(name[-1]), rest)
    if rest:
        return None
    if name in PLAIN:
        return Column(f"{alias}.{name}", nullable=False)
    if name in RENAMED:
        return Column(f"{alias}.{RENAMED[name]}", nullable=False)
    if name.startswith("$group_") and name[7:] in tuple("01234"):
        return Column(f"{alias}.group_{name[7:]}", nullable=False)
    match name:
        case "timestamp":
            return Column(local_time(f"{alias}.timestamp", scope), "time", nullable=False, instant=f"{alias}.timestamp")
        case "created_at":
            return Column(local_time(f"{alias}.inserted_at", scope), "time", nullable=False)
        case "person_id":
            return Column(scope.person_id(), nullable=False)
        case "event_person_id":
            return Column(f"{alias}.person_id", nullable=False)
        case "event_person_created_at" | "person_created_at":
            return Column(local_time(f"{alias}.person_created_at", scope), "time")
        case "elements_chain_href":
            return Column(element_text(f"{alias}.elements_chain", "href"))
        case "elements_chain_texts" | "elements_chain_ids":
            attribute = "text" if name.endswith("texts") else "attr_id"
            return Column(element_text(f"{alias}.elements_chain", attribute))
        case "elements_chain_elements":
            # The tags that mean something by themselves, as in PostHog's derived column.
            tags = "'(?:^|;)(a|button|form|input|select|textarea|label)(?:\\\\.|$|:|;)'"
            return Column(f"arrayDistinct(extractAll({alias}.elements_chain, {tags}))")
        case _:
            return None


def _properties(scope: "EventScope", column: str, rest: Sequence[str | int]) -> Column:
    if column == "person_properties":
        return _stamped(scope, rest)
    if not rest:
        return Column(f"{scope.alias}.properties", "event_json")
    if len(rest) == 1 and isinstance(rest[0], str):
        return Column(scope.property("event", rest[0]))
    return Column(json_path(f"{scope.alias}.properties", rest, scope.binder))


def _stamped(scope: "EventScope", rest: Sequence[str | int]) -> Column:
    column = f"{scope.alias}.person_properties"
    if not rest:
        return Column(column, "person_json")
    if len(rest) == 1 and isinstance(rest[0], str):
        text = property_text("person_properties", rest[0], scope.binder, scope.alias, scope.ctx.promoted)
        kind = scope.property_type("person", rest[0])
        return Column(typed(text, kind, scope.ctx.project.timezone, scope.binder))
    return Column(json_path(column, rest, scope.binder))


def _person(scope: "EventScope", rest: Sequence[str | int]) -> Column | None:
    match tuple(rest[:1]):
        case ("id",):
            return Column(scope.person_id()) if len(rest) == 1 else None
        case ("created_at",):
            return Column(local_time(scope.person_created_at(), scope), "time")
        case ("is_identified",):
            return Column(scope.joins.person_column("is_identified"))
        case (str() as name,) if name == INITIAL_CHANNEL:
            return Column(scope.property("person", name))
        case ("properties",) if len(rest) == 1:
            return Column(scope.joins.person_properties(), "person_json")
        case ("properties",) if len(rest) == 2 and isinstance(rest[1], str):
            return Column(scope.property("person", rest[1]))
        case ("properties",):
            return Column(json_path(scope.joins.person_properties(), rest[1:], scope.binder))
        case _:
            return None


def _poe(scope: "EventScope", rest: Sequence[str | int]) -> Column | None:
    match tuple(rest[:1]):
        case ("properties",):
            return _stamped(scope, rest[1:])
        case ("created_at",):
            return Column(local_time(f"{scope.alias}.person_created_at", scope), "time")
        case ("id",):
            return Column(f"{scope.alias}.person_id")
        case _:
            return None


def _pdi(scope: "EventScope", rest: Sequence[str | int]) -> Column | None:
    match tuple(rest):
        case ("distinct_id",):
            return Column(f"{scope.alias}.distinct_id")
        case ("person_id",):
            return Column(scope.person_id())
        case ("person", *more):
            return _person(scope, more)
        case _:
            return None


def _session(scope: "EventScope", rest: Sequence[str | int]) -> Column | None:
    if len(rest) != 1 or rest[0] not in SESSION_FIELDS:
        return None
    field = scope.joins.session_field(str(rest[0]))
    if SESSION_FIELDS[str(rest[0])].type == "DateTime":
        return Column(local_time(field, scope), "time")
    return Column(field)


def _group(scope: "EventScope", index: int, rest: Sequence[str | int]) -> Column | None:
    match tuple(rest[:1]):
        case ("key",):
            return Column(f"{scope.alias}.group_{index}")
        case ("created_at",):
            return Column(local_time(scope.group_created_at(index), scope), "time")
        case ("properties",) if len(rest) == 1:
            return Column(scope.joins.group_properties(index), "group_json", index)
        case ("properties",) if len(rest) == 2 and isinstance(rest[1], str):
            return Column(scope.property("group", rest[1], index))
        case ("properties",):
            return Column(json_path(scope.joins.group_properties(index), rest[1:], scope.binder))
        case _:
            return None


_LONGER = {"person": _person, "poe": _poe, "pdi": _pdi, "session": _session}


class ScopedEvents:
    """Events whose columns are expressions over a scope: the relation of a lone expression."""

    def __init__(self, scope: "EventScope") -> None:
        self.scope = scope

    def column(self, parts: Sequence[str | int]) -> Column | None:
        found = event_column(self.scope, parts)
        return None if found is None else self.exported(found)

    def exported(self, column: Column) -> Column:
        """A column of the scope as it is seen where it is used."""
        return column

    def condition(self, sql: str) -> str:
        """A condition over the scope as it is seen where it is used."""
        return self.exported(Column(sql)).sql

    def filtered(self, filters: Mapping[str, Any], date_from: datetime | None, date_to: datetime | None) -> str:
        """The condition of a query's filters and its date range."""
        condition = self.scope.query_filters(filters)
        if date_from is not None or date_to is not None:
            condition = f"({condition} AND {self.scope.between(date_from, date_to)})"
        return self.condition(condition)

    def names(self) -> list[str]:
        return list(STAR)

    def from_sql(self) -> str:
        return self.scope.source()
