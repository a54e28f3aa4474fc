"""Folds overrides into the rows of events, so that queries have fewer of them to look up. Answers do not change."""

import threading

from leanbase.persons.service import Persons
from leanbase.persons.storage import clock
from leanbase.store.overrides import rebuild_overrides
from leanbase.store.sql import Sql

# A merge is often followed by another of the same persons, or undone, within days: fold what has settled.
CUT_OFF_SECONDS = 2 * 86_400


def squash_overrides(
    persons: Persons, older_than_seconds: int = CUT_OFF_SECONDS, stop: threading.Event | None = None
) -> int:
    """Rewrite the person of all events that overrides of at least this age lead away from, then remove those overrides.
    Answers how many were removed.

    Rows are rewritten while events come in: a merge that happens meanwhile writes overrides with a higher version,
    which stay, and an event is never stamped with a person that was merged away. What gives a merged person back to
    life (undo, split, deletion) waits, because it holds the same lock for edits. Raises ``StoreError``; a run that was
    broken off repeats itself.
    """
    store = persons.store
    if store is None:
        return 0
    with persons.edit_lock:
        with persons.locked(), persons.state.read() as connection:
            version = clock(connection)[0]
            before = persons.clock() - older_than_seconds * 1_000_000
            (number,) = connection.execute(
                "SELECT count(*) FROM person_overrides WHERE version <= ? AND changed_at <= ?", (version, before)
            ).fetchone()
            (newest,) = connection.execute(
                "SELECT max(version) FROM person_overrides WHERE version <= ? AND changed_at <= ?", (version, before)
            ).fetchone()
        if not number:
            return 0
        # The dictionary may know newer merges than the cut-off: writing those is right as well.
        store.command(
            Sql(
                "ALTER TABLE events "
                "UPDATE person_id = dictGetOrDefault('person_override', 'new_person_id', pk, person_id) "
                "WHERE pk IN (SELECT old_pk FROM person_overrides WHERE version <= {version:UInt64}) "
                "SETTINGS mutations_sync = 1, allow_nondeterministic_mutations = 1",
                {"version": newest},
            )
        )
        if stop is not None and stop.is_set():
            return 0
        with persons.locked():
            with persons.state.write() as connection:
                removed = connection.execute("DELETE FROM person_overrides WHERE version <= ?", (newest,)).rowcount
            store.command(
                Sql(
                    "ALTER TABLE person_overrides DELETE WHERE version <= {version:UInt64} SETTINGS mutations_sync = 1",
                    {"version": newest},
                )
            )
            rebuild_overrides(store)
        return removed
