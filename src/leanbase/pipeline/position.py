"""Where the pipeline is in the log, and what the running turn covers."""

import sqlite3
from dataclasses import dataclass

from leanbase.appdb.state import StateDb
from leanbase.persons.storage import pass_over


@dataclass(frozen=True, slots=True)
class Plan:
    """A range of the log under one insert time (microseconds): the unit that a crash repeats."""

    start: int
    end: int
    inserted_at: int

    def token(self, table: str) -> str:
        """By which the store knows a repeated insert.

        The insert time is part of it because a turn may cover no log at all: one for events that had been waiting.
        """
        return f"{table}:{self.start}-{self.end}:{self.inserted_at}"


@dataclass(frozen=True, slots=True)
class Position:
    """``plan`` is the turn that had begun and did not end; ``last_inserted_at`` the newest insert time ever planned.

    ``withdrawn`` says that the rows of that insert time are being removed from the store, and may be half gone.
    """

    position: int
    plan: Plan | None
    last_inserted_at: int
    withdrawn: bool = False


def read_position(state: StateDb) -> Position:
    """The committed place."""
    with state.read() as connection:
        position, start, end, inserted_at = connection.execute(
            "SELECT position, plan_start, plan_end, plan_inserted_at FROM pipeline_position WHERE id = 1"
        ).fetchone()
    plan = Plan(start, end, inserted_at) if end is not None else None
    return Position(position, plan, inserted_at or 0, withdrawn=start is not None and end is None)


def write_plan(state: StateDb, plan: Plan) -> None:
    """Say what is about to be inserted. From here on a crash repeats exactly this."""
    with state.write() as connection:
        connection.execute(
            "UPDATE pipeline_position SET plan_start = ?, plan_end = ?, plan_inserted_at = ? WHERE id = 1",
            (plan.start, plan.end, plan.inserted_at),
        )


def withdraw_plan(state: StateDb) -> None:
    """Say that the rows of the plan are about to be removed from the store. From here on it is never repeated: the
    store would take its inserts for those that it had and forgot.
    """
    with state.write() as connection:
        connection.execute("UPDATE pipeline_position SET plan_end = NULL WHERE id = 1")


def drop_plan(state: StateDb) -> None:
    """Take a plan back whose rows were removed from the store. What it said of persons is older than what comes."""
    with state.write() as connection:
        connection.execute("UPDATE pipeline_position SET plan_start = NULL, plan_end = NULL WHERE id = 1")
        pass_over(connection)


def finish_plan(connection: sqlite3.Connection, plan: Plan) -> None:
    """Move on, in the turn's transaction."""
    connection.execute(
        "UPDATE pipeline_position SET position = ?, plan_start = NULL, plan_end = NULL WHERE id = 1", (plan.end,)
    )
