"""The uuids of the last hours, by which a repeated event is known. 16 bytes each.

SDKs repeat an event under its uuid until they hear 200. A uuid counts within its project. Beyond ``hours`` or
``max_events`` a repeat is not recognised; what was forgotten early for lack of room is counted.
"""

from collections.abc import Sequence
from secrets import randbits
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leanbase.model.instants import to_datetime
from leanbase.store.client import Store
from leanbase.store.sql import Sql

_Halves = NDArray[np.uint64]
_MAX_RUNS = 24
_REBUILD_TURNS = 50  # per query of a rebuild, which bounds its memory: a turn has some 10,000 events


class _Run:
    """Some uuids, sorted by their upper, then lower half, and when they were processed."""

    __slots__ = ("high", "low", "seen_at")

    def __init__(self, high: _Halves, low: _Halves, seen_at: int) -> None:
        order = np.argsort(high, kind="stable")
        self.high = high[order]
        self.low = low[order]
        self.seen_at = seen_at
        self._sort_equals()

    def _sort_equals(self) -> None:
        """Sort lower halves under equal upper ones. Rare among honest uuids, so that only those are touched."""
        same = self.high[1:] == self.high[:-1]
        if same.any():
            equals = np.zeros(len(self.high), dtype=np.bool_)
            equals[1:] |= same
            equals[:-1] |= same
            low = self.low[equals]
            self.low[equals] = low[np.lexsort((low, self.high[equals]))]

    def contains(self, high: _Halves, low: _Halves) -> NDArray[np.bool_]:
        """Which of the uuids are in this run. Costs a binary search each, whatever uuids a client makes up."""
        found = np.zeros(len(high), dtype=np.bool_)
        size = len(self.high)
        if not size:
            return found
        begin = np.searchsorted(self.high, high)
        similar = np.flatnonzero(self.high[np.minimum(begin, size - 1)] == high)
        if not len(similar):
            return found
        begin, low = begin[similar], low[similar]
        end = np.searchsorted(self.high, high[similar], side="right")
        last = end - 1
        while (begin < end).any():  # the first lower half that is not smaller, for all at once
            middle = np.minimum((begin + end) // 2, last)
            smaller = (self.low[middle] < low) & (begin < end)
            begin = np.where(smaller, middle + 1, begin)
            end = np.where(smaller, end, np.minimum(middle, end))
        found[similar] = (begin <= last) & (self.low[np.minimum(begin, last)] == low)
        return found


class RecentUuids:
    """Used by one thread. A turn asks with :meth:`repeated`, then :meth:`keep` or :meth:`forget` what it asked."""

    def __init__(self, hours: float, max_events: int) -> None:
        self._horizon = int(hours * 3_600_000_000)
        self._max_events = max_events
        self._runs: list[_Run] = []
        self._asked: list[tuple[_Halves, _Halves]] = []
        self._secret = randbits(64) | 1
        self.forgotten_early = 0

    def __len__(self) -> int:
        return sum(len(run.high) for run in self._runs)

    def repeated(self, project_ids: Sequence[int], uuids: Sequence[int]) -> list[bool]:
        """For each uuid (128-bit number) of the turn, in order, whether it came before, also earlier in the turn."""
        if not uuids:
            return []
        halves = np.frombuffer(b"".join([n.to_bytes(16, "little") for n in uuids]), dtype="<u8").reshape(-1, 2)
        high = halves[:, 1].copy()
        low = halves[:, 0] ^ self._salts(np.array(project_ids, dtype=np.uint64))
        order = np.argsort(high)  # look-ups in order stay in the processor's caches
        known = self._known(high, low, order)
        repeats: list[bool] = known.tolist()
        ordered = high[order]
        similar = np.flatnonzero(ordered[1:] == ordered[:-1])
        if len(similar):  # within the turn; the later one is the repeat
            seen: set[tuple[int, int]] = set()
            for index in np.unique(order[np.concatenate([similar, similar + 1])]).tolist():
                pair = (int(high[index]), int(low[index]))
                if pair in seen:
                    repeats[index] = True
                seen.add(pair)
        fresh = ~np.array(repeats, dtype=np.bool_)
        if fresh.any():
            self._asked.append((high[fresh], low[fresh]))
        return repeats

    def _salts(self, project_ids: _Halves) -> _Halves:
        """A project is mixed into its uuids by a secret number, so that nobody can aim at another project's."""
        return project_ids * np.uint64(self._secret)  # wraps around

    def _known(self, high: _Halves, low: _Halves, order: NDArray[np.int64]) -> NDArray[np.bool_]:
        high, low = high[order], low[order]
        known = np.zeros(len(high), dtype=np.bool_)
        for run in self._runs:
            known |= run.contains(high, low)
        for asked_high, asked_low in self._asked:
            known |= _Run(asked_high, asked_low, 0).contains(high, low)
        found = np.empty_like(known)
        found[order] = known
        return found

    def keep(self, now: int) -> None:
        """The turn is stored: remember what it asked about; forget what is beyond the horizon."""
        if self._asked:
            high = np.concatenate([part[0] for part in self._asked])
            low = np.concatenate([part[1] for part in self._asked])
            self._asked = []
            self._runs.append(_Run(high, low, now))
            self._merge()
        self._expire(now)

    def forget(self) -> None:
        """The turn is undone."""
        self._asked = []

    def _merge(self) -> None:
        """Join the smallest neighbours, so that questions look at few runs. The newer time counts: none goes early."""
        while len(self._runs) > _MAX_RUNS:
            sizes = [len(a.high) + len(b.high) for a, b in zip(self._runs, self._runs[1:], strict=False)]
            at = sizes.index(min(sizes))
            first, second = self._runs[at], self._runs[at + 1]
            joined = _Run(
                np.concatenate([first.high, second.high]), np.concatenate([first.low, second.low]), second.seen_at
            )
            self._runs[at : at + 2] = [joined]

    def _expire(self, now: int) -> None:
        while self._runs and self._runs[0].seen_at < now - self._horizon:
            del self._runs[0]
        while len(self) > self._max_events and len(self._runs) > 1:
            self.forgotten_early += len(self._runs[0].high)
            del self._runs[0]

    def rebuild(self, store: Store, now: int, unfinished: int | None, waiting: Sequence[tuple[int, int]] = ()) -> None:
        """Fill from the store after a start, without the rows of the plan that will be repeated (its ``inserted_at``),
        and with events that were taken but are not stored yet: ``waiting`` has their projects and uuids.

        Heatmaps are not looked at: a repeated one does no harm. Raises ``StoreError``.
        """
        self._runs = []
        self._asked = []
        since = now - self._horizon
        moments: list[int] = [int(row[0]) for row in self._insert_times(store, since, unfinished)]
        for start in range(0, len(moments), _REBUILD_TURNS):
            part = moments[start : start + _REBUILD_TURNS]
            rows = store.query(
                Sql(
                    "SELECT project_id, toUInt64(bitShiftRight(toUInt128(uuid), 64)), toUInt64(bitAnd(toUInt128(uuid), "
                    "toUInt128(0xFFFFFFFFFFFFFFFF))) FROM events "
                    "WHERE toUnixTimestamp64Micro(inserted_at) IN {t:Array(Int64)} "
                    "AND inserted_at >= {a:DateTime64(6, 'UTC')} AND inserted_at <= {b:DateTime64(6, 'UTC')}",
                    {"t": part, "a": to_datetime(part[0]), "b": to_datetime(part[-1])},
                )
            ).rows
            if rows:
                table = np.array(rows, dtype=np.uint64)
                self._runs.append(_Run(table[:, 1], table[:, 2] ^ self._salts(table[:, 0]), part[-1]))
                self._merge()
        if waiting:
            self.repeated([project_id for project_id, _ in waiting], [uuid for _, uuid in waiting])
            self.keep(now)
        self._expire(now)

    def _insert_times(self, store: Store, since: int, unfinished: int | None) -> list[tuple[Any, ...]]:
        """The latest insert times that fit into ``max_events``, oldest first."""
        return store.query(
            Sql(
                "SELECT moment FROM (SELECT toUnixTimestamp64Micro(inserted_at) AS moment, count() AS n FROM events "
                "WHERE inserted_at >= {since:DateTime64(6, 'UTC')} AND moment != {skip:Int64} GROUP BY moment) "
                "QUALIFY sum(n) OVER (ORDER BY moment DESC) <= {most:UInt64} ORDER BY moment",
                {"since": to_datetime(since), "skip": unfinished or 0, "most": self._max_events},
            )
        ).rows
