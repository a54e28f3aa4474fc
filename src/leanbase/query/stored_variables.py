"""Variables of SQL insights: a name, a type, and the value that holds where nobody gives another."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import insight_variables as table
from leanbase.model.instants import now_us
from leanbase.query.errors import QueryError

TYPES = ("String", "Number", "Boolean", "List", "Date")


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable. ``choices`` are the values of a List; ``created_at`` is microseconds."""

    id: str
    project_id: int
    name: str
    code_name: str
    type: str
    default_value: Any
    choices: list[Any] | None
    created_by: int | None
    created_at: int


def code_name(name: str) -> str:
    """A variable's name as SQL writes it: letters, digits and, for spaces, underscores; lower case."""
    return re.sub(r"\s", "_", "".join(letter for letter in name if letter.isalnum() or letter in " _")).lower()


class StoredVariables:
    """Reads and writes the variables of all projects."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def all(self, project_id: int) -> list[Variable]:
        """The project's variables, the oldest first."""
        ours = select(table).where(table.c.project_id == project_id).order_by(table.c.created_at, table.c.id)
        with self._appdb.read() as connection:
            return [_variable(row) for row in connection.execute(ours).mappings()]

    def page(self, project_id: int, limit: int, offset: int) -> tuple[list[Variable], int]:
        """Variables, the oldest first, and how many there are."""
        ours = select(table).where(table.c.project_id == project_id).order_by(table.c.created_at, table.c.id)
        counted = select(func.count()).select_from(table).where(table.c.project_id == project_id)
        with self._appdb.read() as connection:
            rows = connection.execute(ours.limit(limit).offset(offset)).mappings().all()
            return [_variable(row) for row in rows], int(connection.execute(counted).scalar_one())

    def find(self, project_id: int, variable_id: str) -> Variable | None:
        wanted = select(table).where(table.c.project_id == project_id, table.c.id == variable_id)
        with self._appdb.read() as connection:
            row = connection.execute(wanted).mappings().first()
        return _variable(row) if row is not None else None

    def add(self, project_id: int, created_by: int | None, values: Mapping[str, Any]) -> Variable:
        """Raises :class:`QueryError` for a name without letters, and for one that the project has already."""
        written = code_name(str(values["name"]))
        if not written.strip("_"):
            raise QueryError("A variable needs a name with letters or digits.", attr="name")
        row: dict[str, Any] = {
            "default_value": None, "choices": None, **values, "id": str(uuid.uuid4()), "code_name": written,
            "project_id": project_id, "created_by": created_by, "created_at": now_us(),
        }  # fmt: skip
        try:
            with self._appdb.write() as connection:
                connection.execute(insert(table).values(**row))
        except IntegrityError:
            raise QueryError(f"There is a variable {written!r} already.", "unique", "name") from None
        return Variable(**row)

    def change(self, variable: Variable, values: Mapping[str, Any]) -> None:
        """Change anything but the name that SQL writes, which queries rely on."""
        if values:
            with self._appdb.write() as connection:
                connection.execute(update(table).where(table.c.id == variable.id).values(**values))

    def remove(self, variable: Variable) -> None:
        with self._appdb.write() as connection:
            connection.execute(delete(table).where(table.c.id == variable.id))


def filled_in(query: Mapping[str, Any], stored: list[Variable]) -> dict[str, Any]:
    """A HogQLQuery whose ``variables`` have a value each, by code name: its own (given by id or by name), else the
    default that is stored."""
    given: Any = query.get("variables")
    own: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    by_id = {variable.id: variable for variable in stored}
    values: dict[str, Any] = {variable.code_name: variable.default_value for variable in stored}
    for name, variable in own.items():
        if not isinstance(variable, Mapping):
            values[str(name)] = variable
            continue
        known = by_id.get(str(variable.get("variableId") or name))
        written = str(variable.get("code_name") or (known.code_name if known else name))
        if variable.get("isNull"):
            values[written] = None
        elif variable.get("value") is not None or written not in values:
            values[written] = variable.get("value")
    return {**query, "variables": values}


def _variable(row: RowMapping) -> Variable:
    return Variable(**dict(row))
