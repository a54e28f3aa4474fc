"""The joins of a scope: today's persons, groups and sessions beside the events, with the columns asked for."""

from datetime import datetime

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.person_mode import ON_EVENTS, PersonMode, overridden_pk
from leanbase.query.person_properties import person_property_text
from leanbase.query.sessions import session_field_type, sessions_query
from leanbase.store.properties import property_text


class Joins:
    """Collects the joined columns of one alias of events. A joined row that does not exist reads as NULL."""

    def __init__(self, ctx: QueryContext, binder: Binder, alias: str, mode: PersonMode) -> None:
        self._ctx = ctx
        self._binder = binder
        self._alias = alias
        self._mode: PersonMode = mode
        self._person: dict[str, str] = {}  # expression over persons -> name of the joined column
        self._groups: dict[int, dict[str, str]] = {}
        self._sessions: list[str] = []
        self._range: tuple[datetime | None, datetime | None] = (None, None)

    def person_property(self, key: str) -> str:
        """The text of a person property: today's, or as stamped on the event when the mode says so."""
        if self._mode in ON_EVENTS:
            return person_property_text("person_properties", key, self._binder, self._alias, self._ctx.promoted)
        return self._person_expression(person_property_text("properties", key, self._binder, "p"))

    def person_properties(self) -> str:
        """All properties of the person as JSON text."""
        if self._mode in ON_EVENTS:
            return f"{self._alias}.person_properties"
        return f"ifNull({self._person_expression('toNullable(p.properties)')}, '{{}}')"

    def person_column(self, name: str) -> str:
        """A column of persons: created_at, is_identified or person_id; Nullable."""
        if name == "created_at" and self._mode in ON_EVENTS:
            return f"toNullable({self._alias}.person_created_at)"
        return self._person_expression(f"toNullable(p.{name})")

    def _person_expression(self, expression: str) -> str:
        name = self._person.setdefault(expression, f"c{len(self._person)}")
        return f"{self._alias}_person.{name}"

    def group_property(self, index: int, key: str) -> str:
        """The text of a property of the event's group of this type."""
        return self._group_expression(index, property_text("properties", key, self._binder, "g"))

    def group_properties(self, index: int) -> str:
        """All properties of the event's group as JSON text."""
        return f"ifNull({self._group_expression(index, 'toNullable(g.properties)')}, '{{}}')"

    def group_column(self, index: int, name: str) -> str:
        """A column of groups: created_at or group_key; Nullable."""
        return self._group_expression(index, f"toNullable(g.{name})")

    def _group_expression(self, index: int, expression: str) -> str:
        columns = self._groups.setdefault(index, {})
        name = columns.setdefault(expression, f"c{len(columns)}")
        return f"{self._alias}_group_{index}.{name}"

    def session_field(self, name: str) -> str:
        """A field of the event's session, with its own type, Nullable. Raises ``QueryError`` for an unknown one."""
        session_field_type(name)
        if name not in self._sessions:
            self._sessions.append(name)
        return f"{self._alias}_session.f{self._sessions.index(name)}"

    def session_range(self, date_from: datetime | None, date_to: datetime | None) -> None:
        """Sessions need only be looked for around these times."""
        self._range = (date_from, date_to)

    def clauses(self) -> list[str]:
        """The JOIN clauses, in an order in which they may follow ``events``."""
        clauses: list[str] = []
        alias, project = self._alias, self._binder(self._ctx.project.id, "UInt32")
        if self._person:
            columns = ", ".join(f"{expression} AS {name}" for expression, name in self._person.items())
            clauses.append(
                f"LEFT ANY JOIN (SELECT p.pk AS pk, {columns} FROM persons AS p FINAL"
                f" WHERE p.project_id = {project} AND NOT p.is_deleted) AS {alias}_person"
                f" ON {overridden_pk(alias, self._mode)} = {alias}_person.pk"
            )
        for index, found in sorted(self._groups.items()):
            columns = ", ".join(f"{expression} AS {name}" for expression, name in found.items())
            clauses.append(
                f"LEFT ANY JOIN (SELECT g.group_key AS group_key, {columns} FROM groups AS g FINAL"
                f" WHERE g.project_id = {project} AND g.group_type_index = {index} AND NOT g.is_deleted)"
                f" AS {alias}_group_{index} ON {alias}.group_{index} = {alias}_group_{index}.group_key"
            )
        if self._sessions:
            fields = {f"f{number}": name for number, name in enumerate(self._sessions)}
            sessions = sessions_query(self._ctx, self._binder, fields, *self._range)
            clauses.append(
                f"LEFT ANY JOIN ({sessions}) AS {alias}_session ON {alias}.session_id = {alias}_session.session_id"
            )
        return clauses
