"""The steps of a path as values of the engine: a time and an item in a tuple, or both in one number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from leanbase.query.binder import Binder


class Steps(Protocol):
    """SQL of a step and its parts. Steps sort by time, then by the text of their item."""

    def of_event(self) -> str:
        """The step of a row that has ``at`` and ``item``."""
        ...

    @property
    def known(self) -> str:
        """The condition of a row that its ``step`` has an item."""
        ...

    def at(self, step: str) -> str:
        """The microseconds of a step, from anywhere: only for differences and :meth:`at_time_of`."""
        ...

    def item(self, step: str) -> str:
        """What is the same in steps of the same item."""
        ...

    def point(self, text: str) -> str:
        """What :meth:`item` answers for an item with this text."""
        ...

    def at_time_of(self, step: str, text: str) -> str:
        """A step with another item."""
        ...


@dataclass(frozen=True)
class TextSteps:
    """Tuples of time and text."""

    binder: Binder

    def of_event(self) -> str:
        return "(at, CAST(item, 'String'))"

    @property
    def known(self) -> str:
        return "1"

    def at(self, step: str) -> str:
        return f"{step}.1"

    def item(self, step: str) -> str:
        return f"{step}.2"

    def point(self, text: str) -> str:
        return self.binder(text, "String")

    def at_time_of(self, step: str, text: str) -> str:
        return f"({step}.1, {self.point(text)})"


@dataclass(frozen=True)
class NumberedSteps:
    """Numbers: the microseconds since ``begin`` above, the place of the item among ``items`` (from 1) below.

    ``items`` are sorted texts, all there are. 10 million events in arrays of numbers take a quarter of the time that
    tuples take: they are copied and sorted without looking at a text.
    """

    binder: Binder
    begin: int
    items: Sequence[str]

    @property
    def bits(self) -> int:
        """How many an item takes."""
        return len(self.items).bit_length()

    @property
    def texts(self) -> str:
        return self.binder(list(self.items), "Array(String)")

    def of_event(self) -> str:
        numbers = f"CAST(range(1, {len(self.items) + 1}), 'Array(UInt64)')"
        number = f"transform(item, {self.texts}, {numbers}, toUInt64(0))"
        return self._step(f"toUInt64(at - {self.binder(self.begin, 'Int64')})", number)

    @property
    def known(self) -> str:
        return f"{self.item('step')} != 0"  # not of an event that came after the items were asked for

    def at(self, step: str) -> str:
        return f"toInt64(bitShiftRight({step}, {self.bits}))"

    def item(self, step: str) -> str:
        return f"bitAnd({step}, {(1 << self.bits) - 1})"

    def point(self, text: str) -> str:
        # 0 is no item: a point that nobody came to is not found.
        return f"toUInt64({self.items.index(text) + 1 if text in self.items else 0})"

    def at_time_of(self, step: str, text: str) -> str:
        return self._step(f"bitShiftRight({step}, {self.bits})", self.point(text))

    def _step(self, micros: str, number: str) -> str:
        return f"bitOr(bitShiftLeft({micros}, {self.bits}), {number})"
