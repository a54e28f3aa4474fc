import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.model.ids import is_personless_on_v1, uuid7


@given(st.integers(0, 1 << 57), st.integers(0, 1 << 62), st.integers(0, 10_000))
def test_a_made_uuid_is_a_version_7_of_its_time(timestamp: int, position: int, index: int) -> None:
    made = uuid7(timestamp, position, index)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == timestamp // 1000
    assert made == uuid7(timestamp, position, index)
    assert made != uuid7(timestamp, position, index + 1)
    assert made != uuid7(timestamp, position + 1, index)


@pytest.mark.parametrize("timestamp", [-5, -(10**18), 10**30])
def test_times_that_do_not_fit_still_give_a_uuid(timestamp: int) -> None:
    assert uuid7(timestamp, 1, 1).version == 7


def test_the_list_of_v1_is_another_one() -> None:
    for name in ("nan", "NULL", "System", "user", "00000000-0000-0000-0000-000000000000", " 0 ", ""):
        assert is_personless_on_v1(name)
    for name in ("ann", "00", "'null'"):
        assert not is_personless_on_v1(name)
