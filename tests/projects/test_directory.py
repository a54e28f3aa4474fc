"""The directory of projects: settings, tokens, and when a change holds."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.tables import organizations
from leanbase.projects import directory
from leanbase.projects.directory import ProjectProblem, Projects
from leanbase.projects.settings import SETTINGS, SettingProblem, as_project, checked


@pytest.fixture
def appdb(tmp_path: Path):
    db = AppDb.open(sqlite_url(tmp_path / "app.sqlite"))
    with db.write() as connection:
        connection.execute(insert(organizations).values(id="org", name="Org", created_at=1))
    yield db
    db.close()


@pytest.fixture
def projects(appdb: AppDb) -> Projects:
    return Projects(appdb)


def test_a_new_project_has_its_own_token_and_the_defaults(projects: Projects) -> None:
    first, second = projects.create("org", "One"), projects.create("org", "Two")
    assert first.project.api_token.startswith("phc_") and first.project.api_token != second.project.api_token
    assert projects.by_token(first.project.api_token) == first.project
    assert (first.project.timezone, first.project.week_start_day) == ("UTC", 0)
    assert first.settings == {name: setting.default for name, setting in SETTINGS.items()}
    assert [record.project.name for record in projects.list("org")] == ["One", "Two"]
    assert projects.list("another") == []


def test_a_change_holds_from_the_next_call(projects: Projects) -> None:
    made = projects.create("org", "One", {"timezone": "Asia/Tokyo", "test_account_filters": [{"key": "a"}]})
    assert made.project.timezone == "Asia/Tokyo"
    projects.update(made.project.id, settings={"person_processing_opt_out": True})
    seen = projects.get(made.project.id)
    assert seen is not None
    assert (seen.timezone, seen.person_processing_opt_out) == ("Asia/Tokyo", True)
    assert seen.test_account_filters == ({"key": "a"},)


def test_a_change_of_another_process_is_seen(appdb: AppDb, projects: Projects, monkeypatch: pytest.MonkeyPatch) -> None:
    made = projects.create("org", "One")
    Projects(appdb).update(made.project.id, name="Renamed")
    monkeypatch.setattr(directory, "REVISIT_SECONDS", -1.0)
    seen = projects.get(made.project.id)
    assert seen is not None and seen.name == "Renamed"


def test_a_reset_token_replaces_the_old_one(projects: Projects) -> None:
    made = projects.create("org", "One")
    changed = projects.reset_token(made.project.id)
    assert projects.by_token(made.project.api_token) is None
    assert projects.by_token(changed.project.api_token) == changed.project


def test_a_deleted_project_is_gone_and_its_id_is_not_used_again(projects: Projects) -> None:
    made = projects.create("org", "One")
    projects.delete(made.project.id)
    assert projects.get(made.project.id) is None
    assert projects.by_token(made.project.api_token) is None
    assert projects.create("org", "Two").project.id > made.project.id
    with pytest.raises(LookupError):
        projects.update(made.project.id, name="x")


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_is_needed(projects: Projects, name: str) -> None:
    with pytest.raises(ProjectProblem) as caught:
        projects.create("org", name)
    assert caught.value.attr == "name"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("timezone", None),
        ("timezone", "../etc/passwd"),
        ("week_start_day", 2),
        ("week_start_day", True),
        ("test_account_filters", {}),
        ("test_account_filters", [{"value": 1}]),
        ("merge_move_distinct_id_limit", -1),
        ("merge_move_distinct_id_limit", "5"),
        ("property_matching_version", 3),
        ("person_processing_opt_out", "yes"),
        ("event_buffer_seconds", 1.5),
        ("session_recording_sample_rate", "2"),
        ("app_urls", ["a" * 70_000]),
    ],
)
def test_a_wrong_value_names_the_setting(name: str, value: object) -> None:
    with pytest.raises(SettingProblem) as caught:
        checked({name: value})
    assert caught.value.name == name


def test_every_default_is_a_value_its_setting_takes() -> None:
    defaults = {name: setting.default for name, setting in SETTINGS.items()}
    assert checked(defaults) == defaults


def test_null_means_the_default_to_the_stages_and_null_to_the_api(projects: Projects) -> None:
    made = projects.create("org", "One", {"week_start_day": None, "merge_move_distinct_id_limit": None})
    assert (made.settings["week_start_day"], made.project.week_start_day) == (None, 0)
    assert made.project.merge_move_distinct_id_limit == 0


def test_unknown_names_are_left_out() -> None:
    assert checked({"no_such_setting": 1}) == {}
    assert as_project(1, "phc_x", "n", {}).settings["surveys_opt_in"] is False


def test_a_project_of_another_process_is_found_at_once_because_its_events_may_be_here(
    appdb: AppDb, projects: Projects
) -> None:
    projects.get(1)  # looked a moment ago
    made = Projects(appdb).create("org", "Made elsewhere").project
    assert projects.get(made.id) == made
