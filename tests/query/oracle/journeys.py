"""Funnels and their correlation from whole histories: who did what in the range, handed to the naive machine."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from leanbase.query.funnels.machine import Outcome, Rules, Touch
from tests.query.funnels import oracle as machine
from tests.query.oracle.trends import World

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def outcomes(
    world: World, begin: datetime, end: datetime, rules: Rules, steps: Sequence[str], excluded: str | None
) -> dict[str, Outcome]:
    """How far each person came. ``excluded`` is an event that spoils every part of the way."""
    found: dict[str, Outcome] = {}
    for person in {world.person(event) for event in world.events}:
        touches: list[Touch] = []
        for event in world.events:
            if world.person(event) != person or not begin <= event.timestamp <= end:
                continue
            did = tuple(number for number, name in enumerate(steps, 1) if name == event.event)
            spoils = tuple(range(2, rules.steps + 1)) if event.event == excluded else ()
            if did or spoils or rules.order == "strict":
                touches.append(Touch(micros(event.timestamp), did, spoils))
        touches.sort(key=lambda touch: (touch.time, touch.steps))
        play = machine.unordered if rules.order == "unordered" else machine.ordered
        found[person] = play(rules, touches)
    return {person: outcome for person, outcome in found.items() if outcome.steps}


def correlated(
    world: World, begin: datetime, end: datetime, rules: Rules, steps: Sequence[str], reached: dict[str, Outcome]
) -> dict[str, tuple[int, int]]:
    """Per event that is no step: how many who completed, and who did not, had it on the way."""
    sides: dict[str, tuple[set[str], set[str]]] = {}
    for event in world.events:
        person = world.person(event)
        if person not in reached or event.event in steps or not begin <= event.timestamp <= end:
            continue
        outcome = reached[person]
        done = len(outcome.steps) == rules.steps
        until = outcome.times[-1] if done else outcome.times[0] + rules.window
        if outcome.times[0] < micros(event.timestamp) < until:
            sides.setdefault(event.event, (set(), set()))[not done].add(person)
    return {name: (len(won), len(lost)) for name, (won, lost) in sides.items()}
