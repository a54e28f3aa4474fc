"""Tables of persons: today's persons, their distinct ids, members of cohorts. Each knows its way to the others."""

from collections.abc import Sequence

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql.names import Column
from leanbase.query.hogql.stored_table import StoredTable, json_column, local_time
from leanbase.query.person_mode import overridden_person_id

_OWNER, _IDS, _ALL_IDS = "lb_owner", "lb_ids", "lb_all_ids"  # aliases of joined tables


def persons_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Today's persons. ``pdi.distinct_id`` gives a row per distinct id."""
    project = binder(ctx.project.id, "UInt32")
    ids = f"person_distinct_ids AS i FINAL WHERE i.project_id = {project} AND NOT i.is_deleted"

    def read(parts: Sequence[str | int]) -> Column | None:
        match tuple(parts):
            case ("person", *rest) if rest:  # so that person.properties.x means the same as on events
                return read(rest)
            case ("person_id",) | ("pdi", "person_id"):
                return Column("p.person_id", nullable=False)
            case ("pdi", "distinct_id"):
                return Column(f"{_IDS}.distinct_id", nullable=False)
            case ("pdi", "person", *rest) if rest:
                return read(rest)
            case ("distinct_ids",):
                return Column(f"{_ALL_IDS}.distinct_ids", nullable=False)
            case _:
                return _person(ctx, binder, "p", parts)

    joins = {
        _IDS: f"LEFT JOIN (SELECT i.distinct_id AS distinct_id, i.person_id AS person_id FROM {ids}) AS {_IDS}"
        f" ON {_IDS}.person_id = p.person_id",
        _ALL_IDS: "LEFT ANY JOIN (SELECT i.person_id AS person_id, groupArray(i.distinct_id) AS distinct_ids"
        f" FROM {ids} GROUP BY i.person_id) AS {_ALL_IDS} ON {_ALL_IDS}.person_id = p.person_id",
    }
    star = ("id", "created_at", "properties", "is_identified")
    where = f"p.project_id = {project} AND NOT p.is_deleted"
    return StoredTable(alias, read, star, "persons AS p FINAL", where, joins)


def person_distinct_ids_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Which person a distinct id belongs to today."""

    def read(parts: Sequence[str | int]) -> Column | None:
        match tuple(parts):
            case ("distinct_id" | "person_id" | "version" as name,):
                return Column(f"i.{name}", nullable=False)
            case ("is_deleted",):  # those that are gone are not shown; for queries that ask nevertheless
                return Column("0", nullable=False)
            case ("person", *rest) if rest:
                return _person(ctx, binder, _OWNER, rest)
            case _:
                return None

    project = binder(ctx.project.id, "UInt32")
    where = f"i.project_id = {project} AND NOT i.is_deleted"
    joins = {_OWNER: _owners(project, "i.person_id")}
    return StoredTable(alias, read, ("distinct_id", "person_id"), "person_distinct_ids AS i FINAL", where, joins)


def cohort_people_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Members of cohorts, as today's persons."""

    def read(parts: Sequence[str | int]) -> Column | None:
        match tuple(parts):
            case ("person_id" | "cohort_id" as name,):
                return Column(f"m.{name}", nullable=False)
            case ("person", *rest) if rest:
                return _person(ctx, binder, _OWNER, rest)
            case _:
                return None

    project = binder(ctx.project.id, "UInt32")
    source = (
        f"(SELECT DISTINCT {overridden_person_id('c')} AS person_id, c.cohort_id AS cohort_id FROM cohort_people AS c"
        f" WHERE c.project_id = {project} AND NOT c.is_deleted) AS m"
    )
    joins = {_OWNER: _owners(project, "m.person_id")}
    return StoredTable(alias, read, ("person_id", "cohort_id"), source, "1", joins)


def _person(ctx: QueryContext, binder: Binder, table: str, parts: Sequence[str | int]) -> Column | None:
    """A column of ``persons`` under an alias."""
    match tuple(parts):
        case ("id",):
            return Column(f"{table}.person_id", nullable=False)
        case ("created_at",):
            return Column(local_time(f"{table}.created_at", ctx, binder), "time")
        case ("is_identified",):
            return Column(f"{table}.is_identified")
        case ("properties", *rest):
            return json_column(ctx, binder, f"{table}.properties", rest, "person")
        case _:
            return None


def _owners(project: str, key: str) -> str:
    """The join of the persons whose ids are in ``key``."""
    return (
        "LEFT ANY JOIN (SELECT p.person_id AS person_id, toNullable(p.created_at) AS created_at,"
        " p.properties AS properties, toNullable(p.is_identified) AS is_identified FROM persons AS p FINAL"
        f" WHERE p.project_id = {project} AND NOT p.is_deleted) AS {_OWNER} ON {_OWNER}.person_id = {key}"
    )
