"""In which intervals somebody was active, as the bits of one number: a state of 8 to 32 bytes in place of an array.

Measured at 50 million events by a million persons: tables of arrays leave the processor's caches much sooner.
"""

from collections.abc import Sequence
from typing import Literal

from leanbase.query.person_mode import overridden_pk
from leanbase.query.trends.selection import Selection, select

MOST_BITS = 256  # of the engine's widest number; more intervals than that are for arrays
_BYTE = 8

Width = Literal["UInt64", "UInt128", "UInt256"]


def width(bits: int) -> Width:
    """The smallest number that holds so many bits, at most :data:`MOST_BITS`."""
    return "UInt64" if bits <= 64 else "UInt128" if bits <= 128 else "UInt256"


def bit(number: str, bits: int) -> str:
    """SQL of the number with only the bit ``number`` set, which is one of ``bits``."""
    return f"bitShiftLeft(to{width(bits)}(1), toUInt8({number}))"


def has_bit(mask: str, number: str) -> str:
    """SQL of 1 where the bit ``number`` is set. The engine's own test knows no numbers beyond 64 bits."""
    return f"toUInt8(bitAnd(bitShiftRight({mask}, toUInt8({number})), 1))"


def grouped_masks(selection: Selection, number: str, bits: int, where: str, lowest: str | None = None) -> str:
    """Rows (b with a breakdown, actor, mask, lowest where asked for): the bits ``number`` of everybody's events.

    People are first grouped by the key that their events carry, so that today's person is looked up once for each and
    not for every event. ``lowest`` is a column of the events, of which the smallest value is told.
    """
    group = selection.group_type_index
    key = "pk" if group is None else f"group_{group}"
    actor = overridden_pk("o", selection.scope.mode) if group is None else f"o.{key}"
    breakdown = [(selection.breakdown, "b")] if selection.breakdown else []
    keys = [*breakdown, (selection.scope.column(key), key)]
    own = [(f"groupBitOr({bit(number, bits)})", "bits")]
    both = [("groupBitOr(bits)", "mask")]
    if lowest:
        own.append((f"min({selection.scope.column(lowest)})", "least"))
        both.append(("min(least)", "lowest"))
    text = select([*keys, *own], selection.source(), where, len(own))
    names = [("b", "b")] if breakdown else []
    return select([*names, (actor, "actor"), *both], f"({text}) AS o", None, len(both))


def reaching(mask: str, steps: int) -> tuple[str, str]:
    """Every bit of ``mask`` set again in the ``steps`` - 1 bits above it: definitions for a WITH, and the SQL.

    By doubling: 30 days are five shifts.
    """
    found: list[str] = []
    current, done = mask, 1
    while done < steps:
        further = min(done, steps - done)
        done += further
        name = f"reaching_{done}"
        found.append(f"bitOr({current}, bitShiftLeft({current}, {further})) AS {name}")
        current = name
    return ", ".join(found), current


def byte_counts(mask: str, positions: Sequence[int], name: str) -> list[tuple[str, str]]:
    """Columns that count how often each byte of a mask has which value, of the bytes that hold ``positions``.

    An eighth of the work of asking every bit of every mask, but 2 kB a column: not for each of many groups.
    """
    return [
        (f"countResample(0, 256, 1)(toUInt8(bitShiftRight({mask}, {_BYTE * byte})))", f"{name}_{byte}")
        for byte in sorted({position // _BYTE for position in positions})
    ]


def bit_counts(positions: Sequence[int], name: str) -> str:
    """SQL of an array: in how many masks each bit of ``positions`` is set, from the columns of :func:`byte_counts`."""
    order = sorted({position // _BYTE for position in positions})
    counts = ", ".join(f"{name}_{byte}" for byte in order)
    places = [(order.index(position // _BYTE) + 1, position % _BYTE) for position in positions]
    one = f"arraySum((count, value) -> if(bitTest(value, place.2), count, 0), [{counts}][place.1], range(256))"
    return f"arrayMap(place -> {one}, {places})"
