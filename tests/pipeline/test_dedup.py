"""Recent uuids against a set, and what they forget."""

import random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.pipeline.dedup import RecentUuids
from tests.pipeline.world import NOON, World, an_event

HOUR = 3_600_000_000
# Few upper and lower halves, so that halves agree where the whole does not; and the extremes.
halves = st.sampled_from([0, 1, 2, 3, (1 << 64) - 1, (1 << 63)])
uuids = st.builds(lambda high, low: high << 64 | low, halves, halves)
turns = st.lists(st.tuples(st.lists(st.tuples(st.integers(1, 2), uuids), max_size=8), st.booleans()), max_size=60)


@given(turns=turns)
@settings(max_examples=300, deadline=None)
def test_it_answers_as_a_set_would(turns: list[tuple[list[tuple[int, int]], bool]]) -> None:
    recent = RecentUuids(24, 10**6)
    known: set[tuple[int, int]] = set()
    for number, (asked, stored) in enumerate(turns):
        seen = set(known)
        expected: list[bool] = []
        for pair in asked:
            expected.append(pair in seen)
            seen.add(pair)
        assert recent.repeated([project for project, _ in asked], [uuid for _, uuid in asked]) == expected
        if stored:
            recent.keep(NOON + number)
            known = seen
        else:
            recent.forget()
    assert len(recent) == len(known)


def test_a_turn_may_ask_in_parts() -> None:
    recent = RecentUuids(24, 100)
    assert recent.repeated([1], [5]) == [False]
    assert recent.repeated([1, 1], [5, 6]) == [True, False]
    recent.keep(NOON)
    assert recent.repeated([1, 1, 1], [5, 6, 7]) == [True, True, False]


def test_it_forgets_beyond_the_horizon() -> None:
    recent = RecentUuids(2, 100)
    for hour in range(4):
        recent.repeated([1], [hour])
        recent.keep(NOON + hour * HOUR)
    assert recent.repeated([1] * 4, [0, 1, 2, 3]) == [False, True, True, True]
    assert recent.forgotten_early == 0


def test_it_forgets_the_oldest_when_there_are_too_many_and_counts_them() -> None:
    recent = RecentUuids(24, 30)
    for turn in range(5):
        recent.repeated([1] * 10, list(range(turn * 10, turn * 10 + 10)))
        recent.keep(NOON + turn)
    assert len(recent) == 30
    assert recent.forgotten_early == 20
    assert recent.repeated([1, 1], [19, 20]) == [False, True]


def test_many_turns_become_few_runs() -> None:
    recent = RecentUuids(24, 10**6)
    chance = random.Random(1)
    numbers = [chance.getrandbits(128) for _ in range(2000)]
    for turn in range(200):
        recent.repeated([1] * 10, numbers[turn * 10 : turn * 10 + 10])
        recent.keep(NOON + turn)
    assert len(recent._runs) <= 24
    assert all(recent.repeated([1] * 2000, numbers))


def test_uuids_that_share_their_upper_half_cost_no_more_than_others() -> None:
    # A client may number its uuids. Looking at all of one upper half for each would be 10^10 steps: this never ends.
    recent = RecentUuids(24, 10**6)
    numbers = list(range(100_000))
    random.Random(2).shuffle(numbers)
    assert not any(recent.repeated([1] * 50_000, numbers[:50_000]))
    recent.keep(NOON)
    assert recent.repeated([1] * 100_000, numbers) == [True] * 50_000 + [False] * 50_000


@pytest.mark.parametrize("max_events", [1000, 5])
def test_a_restart_reads_them_from_the_store(world: World, max_events: int) -> None:
    for turn in range(3):
        world.send(*(an_event() | {"uuid": str(UUID(int=turn * 4 + n))} for n in range(4)))
        world.drain()
    unfinished = world.state_rows("SELECT plan_inserted_at FROM pipeline_position")[0][0]
    recent = RecentUuids(24, max_events)
    recent.rebuild(world.store, world.clock(), unfinished)
    expected = [max_events == 1000] * 4 + [True] * 4 + [False] * 4
    assert recent.repeated([1] * 12, list(range(12))) == expected
    assert recent.repeated([2], [5]) == [False]
