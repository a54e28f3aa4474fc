"""In which order persons are joined does not matter, where the rules say so: forced merges along a chain."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.persons.identity import merged_properties
from tests.persons.test_histories import KEYS, PROJECT, START, VALUES, fresh_world, people_of
from tests.persons.world import make_event

Properties = dict[str, Any]
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=4)
CHAIN = ["a", "b", "c", "d"]
# Into whom whom: the same chain, joined from its head, from its tail, and from both sides.
ORDERS = {
    "head first": [("a", "b"), ("a", "c"), ("a", "d")],
    "tail first": [("c", "d"), ("b", "c"), ("a", "b")],
    "both sides": [("a", "b"), ("c", "d"), ("a", "c")],
}


@given(PROPERTIES, PROPERTIES, PROPERTIES)
def test_the_union_of_properties_is_associative(a: Properties, b: Properties, c: Properties) -> None:
    left = merged_properties(merged_properties(a, b), c)
    right = merged_properties(a, merged_properties(b, c))
    assert repr(sorted(left.items(), key=lambda item: item[0])) == repr(sorted(right.items(), key=lambda item: item[0]))


@given(st.lists(PROPERTIES, min_size=4, max_size=4), st.permutations(range(4)))
@settings(max_examples=40, deadline=None)
def test_a_chain_of_merges_ends_as_one_person_in_any_order(properties: list[Properties], ages: list[int]) -> None:
    """The head survives with its uuid; nearer ones win over farther ones; the earliest birth counts."""
    ends: list[Any] = []
    for merges in ORDERS.values():
        with fresh_world() as world:
            born = [
                make_event(PROJECT, "view", who, START + age, properties={"$set": values})
                for who, values, age in zip(CHAIN, properties, ages, strict=True)
            ]
            world.feed(born)
            for target, source in merges:
                world.feed([make_event(PROJECT, "$merge_dangerously", target, START + 9, properties={"alias": source})])
            ends.append(people_of(world))
            (head,) = world.people()
            assert {world.overridden(1, event.person_id) for event in world.events if event.person_id} == {head["uuid"]}
            assert head["created_at"] == START
    assert ends[0] == ends[1] == ends[2]
