from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.model.ids import is_illegal_for_merge, is_personless_on_v1, person_uuid, uuid7


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


@given(st.integers(0, 1 << 40), st.text(max_size=50))
def test_person_uuids_are_those_of_the_standard_library(team: int, distinct_id: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in distinct_id):
        return
    namespace = UUID("932979b4-65c3-4424-8467-0b66ec27bc22")
    assert person_uuid(team, distinct_id) == uuid5(namespace, f"{team}:{distinct_id}")


ILLEGAL = [
    "", " ", "\t", "anonymous", "ANONYMOUS", " Guest ", "distinctid", "distinct_id", "id", "not_authenticated", "email",
    "undefined", "Undefined", "true", "FALSE", "[object Object]", "NaN", "None", "none", "null", "0", "'null'", '"0"',
    "'Guest'", '"TRUE"', "'[object Object]'",
]  # fmt: skip
LEGAL = ["ann", "nan", "NULL", "NONE", "[object object]", "00", "1", "anonymous1", "'ann'", "system", "user"]


@pytest.mark.parametrize("name", ILLEGAL)
def test_names_of_everybody_are_illegal_to_merge(name: str) -> None:
    assert is_illegal_for_merge(name)


@pytest.mark.parametrize("name", LEGAL)
def test_other_names_are_legal_to_merge(name: str) -> None:
    assert not is_illegal_for_merge(name)


def test_the_list_of_v1_is_another_one() -> None:
    for name in ("nan", "NULL", "System", "user", "00000000-0000-0000-0000-000000000000", " 0 ", ""):
        assert is_personless_on_v1(name)
    for name in ("ann", "00", "'null'"):
        assert not is_personless_on_v1(name)
