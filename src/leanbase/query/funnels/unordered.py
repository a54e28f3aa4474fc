"""Funnels whose steps may come in any order. Pure; the words are those of :mod:`leanbase.query.funnels.machine`.

Each step has a queue of the events that did it. An event that matches several steps goes to the step whose newest
event is oldest (an empty queue first, the lower step among equals); events further than the window behind the newest
one fall out. The depth is the number of steps with an event, whichever they are. An excluded event empties the queues
and takes back what is still in progress; what was reached by an attempt that had ended before, by its window or by its
completion, stays reached, and so does the first step of whoever did any (PostHog's rules).
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby

from leanbase.query.funnels.machine import NOT_ENTERED, Outcome, Rules, Touch

_NEVER = -(1 << 62)


def _played(touches: Sequence[Touch]) -> Iterator[Touch]:
    """Time order; at one time steps come before exclusions, so that ties convert."""
    for _, same in groupby(touches, key=lambda touch: touch.time):
        yield from sorted(same, key=lambda touch: not touch.steps)


class UnorderedRun:
    """One pass over the events of one person."""

    def __init__(self, rules: Rules, value: object = None) -> None:
        self._rules = rules
        self._value = value
        self._queues: list[deque[int]] = [deque() for _ in range(rules.steps)]
        self._filled = 0

    def run(self, touches: Sequence[Touch]) -> Outcome:
        """The outcome: steps 1…depth, with the times of the events that first made that depth."""
        best = NOT_ENTERED
        begun: int | None = None
        for touch in _played(touches):
            while (oldest := self._oldest()) is not None and touch.time - self._queues[oldest][0] > self._rules.window:
                best = self._better(best)
                self._drop(oldest)
            if not self._add(touch):
                continue
            begun = touch.time if begun is None else begun
            if self._filled == self._rules.steps:
                break
        best = self._better(best)
        return best if best.steps or begun is None else Outcome((1,), (begun,))

    def _better(self, best: Outcome) -> Outcome:
        """The outcome so far, or what the queues hold if that is more."""
        if self._filled <= len(best.steps):
            return best
        times = sorted(queue[0] for queue in self._queues if queue)
        return Outcome(tuple(range(1, self._filled + 1)), tuple(times))

    def entrances(self, touches: Sequence[Touch]) -> Iterator[tuple[int, int]]:
        """Every event as the beginning of an attempt: its time and the depth of what followed within the window."""
        for touch in _played(touches):
            while (oldest := self._oldest()) is not None and touch.time - self._queues[oldest][0] > self._rules.window:
                yield self._queues[oldest][0], self._filled
                self._drop(oldest)
            self._add(touch)
            while self._filled == self._rules.steps and (oldest := self._oldest()) is not None:
                yield self._queues[oldest][0], self._filled
                self._drop(oldest)
        while (oldest := self._oldest()) is not None:
            yield self._queues[oldest][0], self._filled
            self._drop(oldest)

    def _add(self, touch: Touch) -> bool:
        """Put the event into a queue; False when it is an exclusion or its value is not the one attributed."""
        if not touch.steps:
            if touch.excludes:
                for queue in self._queues:
                    queue.clear()
                self._filled = 0
            return False
        rules = self._rules
        if rules.attributed is not None and self._filled == rules.attributed - 1 and touch.value != self._value:
            return False
        queues = self._queues
        step = min(touch.steps, key=lambda step: queues[step - 1][-1] if queues[step - 1] else _NEVER)
        if not queues[step - 1]:
            self._filled += 1
        queues[step - 1].append(touch.time)
        return True

    def _oldest(self) -> int | None:
        """The queue with the oldest front."""
        filled = [(queue[0], step) for step, queue in enumerate(self._queues) if queue]
        return min(filled)[1] if filled else None

    def _drop(self, step: int) -> None:
        self._queues[step].popleft()
        if not self._queues[step]:
            self._filled -= 1
