"""What a funnel is played on: per journey the sorted times of its events, and which steps each of them is, as arrays.

The engine groups and sorts; an event is one number there, its time above the bits of what it is. Rows of 8,192
journeys come as the bytes of their numbers, so that nothing is made per journey on the way. Measured on 1.3 million
events: 0.29 s for grouping and sorting, nothing for packing, 0.02 s for taking it apart again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.events import counts_persons, selected_events
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.periods import micros
from leanbase.query.scope import EventScope
from leanbase.store.sql import Sql

Int64s = NDArray[np.int64]
Masks = NDArray[np.unsignedinteger[Any]]  # no wider than the steps need: reading them is what a pass costs
Places = NDArray[np.intp]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Value = tuple[str, ...]

NONE = -(1 << 62)  # no time; times are microseconds, also before 1970
_JOURNEYS_A_ROW = 8_192
_EVENTS_AT_ONCE = 1 << 20  # bounds what playing needs beside the answer: about 100 bytes an event
_WORD = 64


@dataclass(frozen=True, slots=True)
class Timelines:
    """Journeys and their events, in the order of journeys and then of time.

    ``did`` are bits of steps, 1 first; ``spoilt`` bits of segments, bit k - 1 for that to step k. ``who`` is the
    journey of each event, ``begins`` the first event of each journey and the end of the last. ``value`` is the place of
    a journey's breakdown value in ``values``; ``actors`` is empty unless asked for. ``single`` says that no event can
    be of two steps.
    """

    values: Sequence[Value]
    value: Places
    actors: Sequence[Any]
    begins: Places
    at: Int64s
    did: Masks
    spoilt: Masks
    single: bool
    who: Places = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "who", np.repeat(np.arange(len(self.value)), np.diff(self.begins)))

    @property
    def journeys(self) -> int:
        return len(self.value)

    def of_step(self, step: int) -> Places:
        """The events of a step (1 first), in order."""
        return _having(self.did, step)

    def spoiling(self, step: int) -> Places:
        """The events that are excluded on the way to a step, in order."""
        return _having(self.spoilt, step)


def _having(masks: Masks, step: int) -> Places:
    return np.flatnonzero((masks & masks.dtype.type(1 << step - 1)).astype(np.bool_))  # numbers take six times as long


def timelines(ctx: QueryContext, funnel: FunnelQuery, over: Period, *, people: bool = False) -> Iterator[Timelines]:
    """The timelines of everybody who entered, about a million events at once; with ``people`` also who they are.

    Raises :class:`QueryError`.
    """
    shape = _Shape.of(funnel, over)
    single = _steps_are_different_events(ctx, funnel)
    waiting: list[tuple[Any, ...]] = []
    size = 0
    for row in ctx.execute(timelines_sql(ctx, funnel, over, people=people)).rows:
        waiting.append(row)
        size += len(row[-1]) // shape.bytes
        if size >= _EVENTS_AT_ONCE:
            yield _unpacked(waiting, shape, single)
            waiting, size = [], 0
    if waiting:
        yield _unpacked(waiting, shape, single)


def timelines_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period, *, people: bool = False) -> Sql:
    """Rows (value, where asked for actors that are texts, packed): the breakdown value of some journeys, and in
    RowBinary how many events each has (UInt32), their numbers one journey after the other (see :class:`_Shape`) and,
    where asked for, the actors that are persons (UInt64).
    """
    binder = Binder()
    selected = selected_events(ctx, funnel, over, binder)
    shape = _Shape.of(funnel, over)
    wide = f"toUInt{8 * shape.bytes}"
    key = f"bitShiftLeft({wide}(at - ({shape.base})), {shape.bits}) + {wide}(steps)"
    if selected.spoils:
        key += f" + bitShiftLeft({wide}(spoils), {shape.steps})"
    text = (
        f"SELECT actor, {selected.chosen} AS chosen, arraySort(groupArray({key})) AS keys"
        f" FROM ({selected.text}) GROUP BY {selected.group} HAVING {selected.entered}"
    )
    arrays = ["groupArray(toUInt32(length(keys)))", "groupArrayArray(keys)"]
    columns = ["chosen"]
    if people and counts_persons(funnel):
        arrays.append("groupArray(actor)")
    elif people:
        columns.append("groupArray(actor) AS actors")
    # Not reinterpret(…, 'String'), which takes arrays only since ClickHouse 26.8.
    columns.append(f"formatRow('RowBinary', {', '.join(arrays)}) AS packed")
    rows = f"GROUP BY chosen, intDiv(rowNumberInAllBlocks(), {_JOURNEYS_A_ROW})"
    return binder.sql(f"SELECT {', '.join(columns)} FROM ({text}) {rows}", ("packed",))


@dataclass(frozen=True, slots=True)
class _Shape:
    """An event as a number of ``bytes``: bits of steps, above them bits of spoilt segments (``bits`` in all), above
    them the microseconds since ``base``. Numbers sort by time and then by step.
    """

    steps: int
    bits: int
    base: int
    bytes: int

    @staticmethod
    def of(funnel: FunnelQuery, over: Period) -> "_Shape":
        steps = funnel.step_count
        bits = steps * (2 if funnel.exclusions else 1)
        base = micros(over.read_from)
        needed = bits + (micros(over.read_until) - base).bit_length()
        return _Shape(steps, bits, base, next(size for size in (8, 16, 32) if needed <= 8 * size))


def _unpacked(rows: Sequence[tuple[Any, ...]], shape: _Shape, single: bool) -> Timelines:
    numbers: dict[Value, int] = {}
    value: list[int] = []
    sizes: list[Places] = []
    keys: list[Words] = []
    actors: list[Any] = []
    for chosen, *texts, packed in rows:
        size, key, *persons = _arrays(packed, (4, shape.bytes, _WORD // 8))
        value.append(numbers.setdefault(tuple(chosen), len(numbers)))
        sizes.append(size.view("<u4").astype(np.intp))
        keys.append(key.view("<u8").reshape(-1, shape.bytes // 8))
        actors.extend(persons[0].view("<u8").tolist() if persons else texts[0] if texts else ())
    words = np.concatenate(keys)
    masks = np.min_scalar_type((1 << shape.steps) - 1)
    return Timelines(
        values=list(numbers),
        value=np.repeat(np.asarray(value), [len(size) for size in sizes]),
        actors=actors,
        begins=np.concatenate([np.zeros(1, np.intp), np.cumsum(np.concatenate(sizes))]),
        at=_field(words, shape.bits, _WORD - 1).astype(np.int64) + shape.base,
        did=_field(words, 0, shape.steps).astype(masks),
        spoilt=_field(words, shape.steps, shape.bits - shape.steps).astype(masks),
        single=single,
    )


def _arrays(packed: bytes, widths: Sequence[int]) -> list[NDArray[np.uint8]]:
    """The bytes of each array in a RowBinary text of arrays, as many as there are: a length in LEB128, then elements,
    whose widths in bytes are given.
    """
    found: list[NDArray[np.uint8]] = []
    place = 0
    for width in widths:
        if place == len(packed):
            break
        count = shift = 0
        while True:
            byte = packed[place]
            place += 1
            count |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        found.append(np.frombuffer(packed, np.uint8, count * width, place))
        place += count * width
    return found


def _field(words: Words, low: int, width: int) -> Words:
    """Bits ``low`` to ``low + width`` (fewer than 64) of numbers that are rows of words, the lowest first."""
    first, shift = divmod(low, _WORD)
    if not width or first >= words.shape[1]:
        return np.zeros(len(words), np.uint64)
    found = words[:, first] >> np.uint64(shift)
    if shift + width > _WORD and first + 1 < words.shape[1]:
        found = found | words[:, first + 1] << np.uint64(_WORD - shift)
    return found & np.uint64((1 << width) - 1)


def _steps_are_different_events(ctx: QueryContext, funnel: FunnelQuery) -> bool:
    scope = EventScope(ctx, Binder())
    seen: set[str] = set()
    for node in funnel.series[: funnel.step_count]:
        names = scope.event_names([node])
        if names is None or seen & set(names):
            return False
        seen.update(names)
    return True
