"""Settings: one table, read from the environment and the command line."""

from pathlib import Path

import pytest

from leanbase.config import Settings, SettingsError, load_settings


def test_an_option_wins_over_the_environment_and_that_over_the_default() -> None:
    environment = {"LEANBASE_PORT": "9000", "LEANBASE_HOST": "::1"}
    chosen = load_settings(environment, {"port": 9001, "data_dir": None})
    assert (chosen.port, chosen.host, chosen.data_dir) == (9001, "::1", Settings().data_dir)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("off", False), ("", False)])
def test_switches(text: str, value: bool) -> None:
    assert load_settings({"LEANBASE_TEST_CLOCK": text}, {}).test_clock is value


@pytest.mark.parametrize(("name", "text"), [("PORT", "eight"), ("TEST_CLOCK", "perhaps"), ("SEGMENT_BYTES", "64 MB")])
def test_a_value_of_the_wrong_form_is_named(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"LEANBASE_{name}"):
        load_settings({f"LEANBASE_{name}": text}, {})


def test_paths_are_paths() -> None:
    assert load_settings({"LEANBASE_DATA_DIR": "/somewhere"}, {}).data_dir == Path("/somewhere")
