"""A turn is not interrupted by searches for garbage, and leaves them on behind it."""

import gc

import pytest

from leanbase.pipeline.garbage import no_search_for_cycles


def test_the_search_is_off_inside_and_on_after_a_failure() -> None:
    assert gc.isenabled()
    with pytest.raises(RuntimeError), no_search_for_cycles():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()


def test_who_had_turned_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with no_search_for_cycles():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
