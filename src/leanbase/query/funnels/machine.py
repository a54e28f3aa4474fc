"""How far one person (or group, session…) came in a funnel, from their events in time order. Pure; no I/O.

The rules are PostHog's. An *attempt* begins at an event of step 1 and is known by that event's time. Held per step is
the newest attempt that got there. An event tries the steps it matches from the last to the first, so that it may
extend an older attempt and open a new one, but never serves two steps of one path. Step k is taken when an attempt is
held at step k-1, the event is at most the window after the attempt began (inclusive, from step 1 for every step), and
step k is not already held for that attempt. The furthest step is the result, among equals the first that got there.

Events of one time that do not all match the same steps are played as (event, step) pairs in step order, an event at
most once in a path; exclusions and strictness rest meanwhile. So ties convert.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

Order = Literal["ordered", "strict", "unordered"]


class Touch(NamedTuple):
    """An event as a funnel sees it.

    ``time`` is in microseconds. ``steps`` holds the matched steps, 1 first, ascending; ``excludes`` the steps k whose
    segment k-1 → k it spoils. ``value`` is the breakdown value, compared only for step attribution.
    """

    time: int
    steps: tuple[int, ...]
    excludes: tuple[int, ...] = ()
    value: object = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What kind of funnel. ``window`` is in microseconds, ``optional`` holds steps (1 first).

    With ``attributed`` (a step, 1 first) that step is only taken by events whose value is the one asked for.
    """

    steps: int
    window: int
    order: Order = "ordered"
    optional: frozenset[int] = frozenset()
    attributed: int | None = None


class Done(NamedTuple):
    """A step that was taken, with everything before it (newest first, so that a path is extended without a copy)."""

    step: int
    time: int
    event: int
    before: "Done | None"


class Outcome(NamedTuple):
    """How far somebody came: ``steps`` done with their times, in order. No steps: did not enter, or was excluded."""

    steps: tuple[int, ...] = ()
    times: tuple[int, ...] = ()

    @property
    def furthest(self) -> int:
        return self.steps[-1] if self.steps else 0


NOT_ENTERED = Outcome()


class _Attempt(NamedTuple):
    """``excluded`` says that an exclusion came in between, ``went_on`` that a step was done after it all the same."""

    start: int
    path: Done | None
    excluded: bool = False
    went_on: bool = False


def _touches_at_once(touches: Sequence[Touch]) -> Iterator[tuple[int, list[tuple[int, Touch]]]]:
    for time, same in groupby(enumerate(touches), key=lambda pair: pair[1].time):
        yield time, list(same)


def _outcome(path: Done | None) -> Outcome:
    steps: list[int] = []
    times: list[int] = []
    while path is not None:
        steps.append(path.step)
        times.append(path.time)
        path = path.before
    return Outcome(tuple(reversed(steps)), tuple(reversed(times)))


def _used(path: Done | None, event: int, time: int) -> bool:
    """Whether the path holds the event. Only events of the same time can be it, and they are its newest part."""
    while path is not None and path.time == time:
        if path.event == event:
            return True
        path = path.before
    return False


class OrderedRun:
    """One pass over the events of one person, ordered or strict.

    ``entry_from`` (inclusive) and ``entry_to`` (exclusive) bound the times at which an attempt may begin: a trend
    asks once per interval.
    """

    def __init__(
        self, rules: Rules, value: object = None, entry_from: int | None = None, entry_to: int | None = None
    ) -> None:
        self._rules = rules
        self._value = value
        self._entry_from = entry_from
        self._entry_to = entry_to
        self._held: list[_Attempt | None] = [None] * (rules.steps + 1)
        self._best_step = 0
        self._best: _Attempt | None = None

    def run(self, touches: Sequence[Touch]) -> Outcome:
        """The outcome; ``touches`` in time order."""
        rules = self._rules
        held = self._held
        strict = rules.order == "strict"
        for time, same in _touches_at_once(touches):
            held[0] = _Attempt(time, None)
            first = same[0][1]
            alike = all(touch.steps == first.steps and touch.excludes == first.excludes for _, touch in same)
            if alike:
                for number, touch in same:
                    for step in reversed(touch.excludes):
                        self._exclude(step, time)
                    for step in reversed(touch.steps):
                        self._take(step, number, touch, among_others=False)
                    if strict:
                        for step in range(1, rules.steps + 1):
                            if step not in touch.steps:
                                held[step] = None
            else:
                pairs = sorted((step, number) for number, touch in same for step in touch.steps)
                by_number = dict(same)
                for step, number in pairs:
                    self._take(step, number, by_number[number], among_others=True)
            if held[rules.steps] is not None:
                break
        if self._best is None or self._best.excluded:
            return NOT_ENTERED
        return _outcome(self._best.path)

    @property
    def went_on_excluded(self) -> bool:
        """Whether the attempt that came furthest did so past an exclusion."""
        return self._best is not None and self._best.went_on

    def _before(self, step: int, time: int) -> int | None:
        """The step whose held attempt this step may extend: the one before it, past optional ones that do not fit."""
        rules = self._rules
        earlier = step - 1
        while True:
            attempt = self._held[earlier]
            if attempt is not None and time - attempt.start <= rules.window:
                return earlier
            if earlier == 0 or earlier not in rules.optional:
                return None
            earlier -= 1

    def _exclude(self, step: int, time: int) -> None:
        earlier = self._before(step, time)
        if not earlier:
            return
        attempt = self._held[earlier]
        further = self._held[step]
        if attempt is None or attempt.excluded or (further is not None and further.start == attempt.start):
            return
        self._held[earlier] = attempt._replace(excluded=True)
        best = self._best
        if self._best_step == earlier and best is not None and time - best.start <= self._rules.window:
            self._best = best._replace(excluded=True)

    def _take(self, step: int, number: int, touch: Touch, among_others: bool) -> None:
        rules = self._rules
        time = touch.time
        if step == 1 and not self._may_enter(time):
            return
        earlier = self._before(step, time)
        if earlier is None:
            return
        attempt = self._held[earlier]
        if attempt is None:
            return
        further = self._held[step]
        if further is not None and further.start == attempt.start:
            return
        if rules.attributed is not None and earlier == rules.attributed - 1 and touch.value != self._value:
            return
        if among_others and _used(attempt.path, number, time):
            return
        taken = _Attempt(attempt.start, Done(step, time, number, attempt.path), attempt.excluded, attempt.excluded)
        if not attempt.excluded:
            self._held[step] = taken
        if step > self._best_step or (step == self._best_step and self._best is not None and self._best.excluded):
            self._best_step = step
            self._best = taken

    def _may_enter(self, time: int) -> bool:
        after = self._entry_from is None or time >= self._entry_from
        return after and (self._entry_to is None or time < self._entry_to)
