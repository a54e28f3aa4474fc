"""The funnel machines against their naive twins, and rules that hold for every funnel."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from leanbase.query.funnels.machine import Order, OrderedRun, Outcome, Rules, Touch
from leanbase.query.funnels.trend import depths_by_interval
from leanbase.query.funnels.unordered import UnorderedRun
from tests.query.funnels import oracle

EXAMPLES = settings(max_examples=300, deadline=None, phases=(Phase.generate, Phase.shrink))

# Journeys are read out of bytes, which are drawn and shrunk many times faster than nested lists.
BYTES = st.binary(min_size=3, max_size=21)


def journey(data: bytes, order: Order = "ordered", exclusions: bool = False) -> tuple[Rules, list[Touch]]:
    """Few steps and few different times, so that ties, repeats and window edges are common: two bytes are an event."""
    steps = 2 + data[0] % 3
    optional = frozenset(step for step in range(2, steps + 1) if data[2] >> step & 1) if order != "unordered" else ()
    touches: list[Touch] = []
    for time, kind in zip(data[3::2], data[4::2], strict=False):
        chosen = tuple(step for step in range(1, steps + 1) if kind >> step & 1)
        if exclusions and kind & 0xC0 == 0xC0:
            touches.append(Touch(time % 13, (), tuple(step for step in chosen if step > 1)))
        else:
            touches.append(Touch(time % 13, chosen if kind & 1 else (kind % steps + 1,)))
    touches.sort(key=lambda touch: touch.time)
    return Rules(steps, 1 + data[1] % 12, order, frozenset(optional)), touches


@EXAMPLES
@given(BYTES)
def test_ordered_is_the_naive_play(data: bytes) -> None:
    rules, touches = journey(data, exclusions=True)
    assert OrderedRun(rules).run(touches) == oracle.ordered(rules, touches)


@EXAMPLES
@given(BYTES)
def test_strict_is_the_naive_play(data: bytes) -> None:
    rules, touches = journey(data, "strict", exclusions=True)
    assert OrderedRun(rules).run(touches) == oracle.ordered(rules, touches)


@EXAMPLES
@given(BYTES)
def test_unordered_is_the_naive_play(data: bytes) -> None:
    rules, touches = journey(data, "unordered", exclusions=True)
    assert UnorderedRun(rules).run(touches) == oracle.unordered(rules, touches)


@EXAMPLES
@given(BYTES)
def test_the_depth_is_that_of_the_longest_chain_within_the_window(data: bytes) -> None:
    rules, found = journey(data)
    touches = [Touch(touch.time, touch.steps[:1]) for touch in found]
    plain = Rules(rules.steps, rules.window)
    assert OrderedRun(plain).run(touches).furthest == oracle.deepest_chain(plain, touches)


@EXAMPLES
@given(BYTES, st.integers(1, 5), st.booleans())
def test_a_trend_has_the_best_outcome_of_the_attempts_of_each_interval(
    data: bytes, width: int, exclusions: bool
) -> None:
    rules, touches = journey(data, exclusions=exclusions)
    rules = Rules(rules.steps, rules.window)
    starts = list(range(0, 13, width))
    runs = [OrderedRun(rules, None, start, start + width) for start in starts]
    depths = [run.run(touches).furthest for run in runs]
    least = rules.steps if any(run.went_on_excluded for run in runs) else 1
    expected = {interval: depth for interval, depth in enumerate(depths) if depth >= least}
    assert depths_by_interval(rules, touches, starts) == expected


@EXAMPLES
@given(BYTES)
def test_the_best_entrance_of_an_unordered_trend_is_its_outcome(data: bytes) -> None:
    rules, touches = journey(data, "unordered")
    depths = depths_by_interval(rules, touches, [0])
    assert depths.get(0, 0) == UnorderedRun(rules).run(touches).furthest


def plays(*events: tuple[int, int]) -> list[Touch]:
    return [Touch(time, (step,)) for time, step in events]


def test_times_come_from_the_latest_start() -> None:
    outcome = OrderedRun(Rules(2, 100)).run(plays((0, 1), (50, 1), (60, 2)))
    assert outcome == Outcome((1, 2), (50, 60))


def test_the_window_is_inclusive_and_begins_at_the_first_step() -> None:
    events = plays((0, 1), (6, 2), (10, 3))
    assert OrderedRun(Rules(3, 10)).run(events).furthest == 3
    assert OrderedRun(Rules(3, 9)).run(events).furthest == 2


def test_ten_steps_at_one_time_convert() -> None:
    assert OrderedRun(Rules(10, 1)).run(plays(*((5, step) for step in range(10, 0, -1)))).furthest == 10


def test_two_equal_events_at_one_time_fill_two_equal_steps_and_one_does_not() -> None:
    both = Touch(0, (1, 2))
    assert OrderedRun(Rules(2, 10)).run([both, both]).furthest == 2
    assert OrderedRun(Rules(2, 10)).run([both]).furthest == 1


def test_forty_steps_are_walked_once() -> None:
    steps = 40
    events = plays(*((number, number % steps + 1) for number in range(20 * steps)))
    assert OrderedRun(Rules(steps, 10_000)).run(events).steps == tuple(range(1, steps + 1))
