"""Gives a property that queries keep asking for a column of its own, in the background, without changing an answer."""

import logging
import time
from collections.abc import Callable

from leanbase.store.client import Limits, Store, StoreError
from leanbase.store.properties import (
    JSON_COLUMNS,
    JsonColumn,
    PromotedProperties,
    column_comment,
    column_name,
    literal,
    materialized_expression,
)
from leanbase.store.sql import Sql

_log = logging.getLogger(__name__)

ASKED_OFTEN = 20
"""Questions about one property between two runs of the job that make a column worth its while. One question about an
unpromoted property of 10 million events costs about as much CPU as filling the column once."""

MAX_COLUMNS = 100
"""Each column costs an insert about 1 us a row and two files a part."""

_FEW_VALUES = 10_000  # beyond that many distinct values a dictionary costs more than it saves
_SAMPLE = Limits(seconds=20, memory_bytes=1 << 29, rows=10)


class Promotion:
    """The job. Give it the registry that queries use."""

    def __init__(
        self,
        store: Store,
        promoted: PromotedProperties,
        asked_often: int = ASKED_OFTEN,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._promoted = promoted
        self._asked_often = asked_often
        self._sleep = sleep

    def run(self) -> list[tuple[str, str]]:
        """Finish what an earlier run left half done, then promote what was asked for often; answers what it promoted.

        Meant for a periodic job: one run at a time. Raises ``StoreError``.
        """
        self._promoted.refresh(self._store)
        done: list[tuple[str, str]] = []
        for column in self._promoted.all():
            if not column.ready:
                self._fill(column.source, column.key)
                done.append((column.source, column.key))
        room = MAX_COLUMNS - len(self._promoted.all())
        known = {(column.source, column.key) for column in self._promoted.all()}
        for (source, key), times in self._promoted.take_questions().most_common():
            if times < self._asked_often or room <= 0:
                break
            if source in JSON_COLUMNS and (source, key) not in known:
                self.promote(source, key)
                done.append((source, key))
                room -= 1
        return done

    def promote(self, source: JsonColumn, key: str) -> None:
        """Give a property a column and fill it for the rows that exist. Returns when queries use it.

        New rows get it at once, which costs inserts about 1 us a row. Safe to repeat after a crash.
        """
        name, expression = column_name(source, key), materialized_expression(source, key)
        kind = self._kind(source, key)
        comment = literal(column_comment(source, key, ready=False))
        self._store.command(
            Sql(
                f"ALTER TABLE events ADD COLUMN IF NOT EXISTS {name} {kind} MATERIALIZED {expression} "
                f"COMMENT {comment} CODEC(ZSTD(1))"
            )
        )
        self._fill(source, key)

    def _fill(self, source: JsonColumn, key: str) -> None:
        name = column_name(source, key)
        self._store.command(Sql(f"ALTER TABLE events MATERIALIZE COLUMN {name}"))
        while self._unfinished(name):
            self._sleep(0.2)
        self._store.command(
            Sql(f"ALTER TABLE events COMMENT COLUMN {name} {literal(column_comment(source, key, ready=True))}")
        )
        self._promoted.refresh(self._store)
        _log.info("property %r of %s has a column now", key, source)

    def _unfinished(self, name: str) -> bool:
        rows = self._store.query(
            Sql(
                "SELECT count(), any(latest_fail_reason) FROM system.mutations WHERE database = currentDatabase() "
                "AND table = 'events' AND NOT is_done AND position(command, {name:String}) > 0",
                {"name": name},
            )
        ).rows
        count, reason = rows[0]
        if count and reason:
            raise StoreError(341, "UNFINISHED", f"filling column {name} of events fails: {reason}")
        return bool(count)

    def _kind(self, source: JsonColumn, key: str) -> str:
        """A dictionary where a day's values are few; either way the text is the same."""
        try:
            rows = self._store.query(
                Sql(
                    f"SELECT uniq(JSONExtract({source}, {{key:String}}, 'Nullable(String)')) "
                    f"FROM (SELECT {source} FROM events WHERE JSONHas({source}, {{key:String}}) LIMIT 200000)",
                    {"key": key},
                ),
                _SAMPLE,
            ).rows
        except StoreError:
            return "Nullable(String)"
        return "LowCardinality(Nullable(String))" if rows[0][0] <= _FEW_VALUES else "Nullable(String)"
