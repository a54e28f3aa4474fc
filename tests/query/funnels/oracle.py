"""Funnels written down once more, as naively as the rules allow, to judge the real ones by."""

from dataclasses import dataclass, replace

from leanbase.query.funnels.machine import Outcome, Rules, Touch


@dataclass(frozen=True)
class Attempt:
    """A path as a plain list of (step, time, event), with the time at which it began."""

    start: int
    path: tuple[tuple[int, int, int], ...] = ()
    excluded: bool = False


def ordered(rules: Rules, touches: list[Touch], value: object = None) -> Outcome:
    """Play the events one by one over copied lists of attempts."""
    held: dict[int, Attempt] = {}
    best: tuple[int, Attempt] | None = None
    numbered = list(enumerate(touches))
    for time in sorted({touch.time for touch in touches}):
        now = [(number, touch) for number, touch in numbered if touch.time == time]
        held[0] = Attempt(time)
        mixed = len({(touch.steps, touch.excludes) for _, touch in now}) > 1
        if mixed:
            plays = sorted((step, number) for number, touch in now for step in touch.steps)
            todo = [(number, touches[number], (step,), ()) for step, number in plays]
        else:
            todo = [(number, touch, touch.steps, touch.excludes) for number, touch in now]
        for number, touch, steps, spoilt in todo:
            for step in sorted(spoilt, reverse=True):
                before = _before(rules, held, step, time)
                if not before or _same(held, step, before) or held[before].excluded:
                    continue
                held[before] = replace(held[before], excluded=True)
                if best and best[0] == before and time - best[1].start <= rules.window:
                    best = (before, replace(best[1], excluded=True))
            for step in sorted(steps, reverse=True):
                before = _before(rules, held, step, time)
                if before is None or _same(held, step, before):
                    continue
                if rules.attributed == before + 1 and touch.value != value:
                    continue
                if mixed and number in [event for _, _, event in held[before].path]:
                    continue
                longer = replace(held[before], path=(*held[before].path, (step, time, number)))
                if not longer.excluded:
                    held[step] = longer
                if best is None or step > best[0] or (step == best[0] and best[1].excluded):
                    best = (step, longer)
            if rules.order == "strict" and not mixed:
                for step in range(1, rules.steps + 1):
                    if step not in steps:
                        held.pop(step, None)
        if rules.steps in held:
            break
    if best is None or best[1].excluded:
        return Outcome()
    return Outcome(tuple(step for step, _, _ in best[1].path), tuple(at for _, at, _ in best[1].path))


def _before(rules: Rules, held: dict[int, Attempt], step: int, time: int) -> int | None:
    for before in range(step - 1, -1, -1):
        if before in held and time - held[before].start <= rules.window:
            return before
        if before not in rules.optional:
            return None
    return None


def _same(held: dict[int, Attempt], step: int, before: int) -> bool:
    return step in held and held[step].start == held[before].start


def deepest_chain(rules: Rules, touches: list[Touch]) -> int:
    """How many steps some chain of different events, in time order and within the window, goes through.

    Events of one time may stand in any order. A search through everything, for few events.
    """

    def longest(step: int, after: int, start: int, used: frozenset[int]) -> int:
        deepest = step
        for number, touch in enumerate(touches):
            fits = touch.time >= after and touch.time - start <= rules.window
            if step < rules.steps and fits and number not in used and step + 1 in touch.steps:
                deepest = max(deepest, longest(step + 1, touch.time, start, used | {number}))
        return deepest

    entries = [(number, touch.time) for number, touch in enumerate(touches) if 1 in touch.steps]
    return max([longest(1, time, time, frozenset({number})) for number, time in entries], default=0)


def unordered(rules: Rules, touches: list[Touch], value: object = None) -> Outcome:
    """Queues as lists, emptied by looking at every entry anew. What they held counts when an entry falls out and at
    the end; an exclusion throws it away.
    """
    queues: list[list[int]] = [[] for _ in range(rules.steps)]
    seen: list[list[int]] = []
    first: int | None = None
    for touch in sorted(touches, key=lambda touch: (touch.time, not touch.steps)):
        while any(touch.time - queue[0] > rules.window for queue in queues if queue):
            seen.append(sorted(queue[0] for queue in queues if queue))
            oldest = min((queue for queue in queues if queue), key=lambda queue: queue[0])
            oldest.pop(0)
        if not touch.steps:
            queues = [[] for _ in queues] if touch.excludes else queues
            continue
        depth = sum(bool(queue) for queue in queues)
        if rules.attributed == depth + 1 and touch.value != value:
            continue
        step = min(touch.steps, key=lambda step: queues[step - 1][-1] if queues[step - 1] else -(10**30))
        queues[step - 1].append(touch.time)
        first = touch.time if first is None else first
        if all(queues):
            break
    seen.append(sorted(queue[0] for queue in queues if queue))
    times = max(seen, key=len) or ([] if first is None else [first])
    return Outcome(tuple(range(1, len(times) + 1)), tuple(times))
