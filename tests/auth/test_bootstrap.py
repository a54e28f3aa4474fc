"""The first start makes everything once."""

from pathlib import Path

import pytest

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.auth.bootstrap import PresetProblem, Presets, ensure_first_start
from leanbase.auth.service import open_auth
from leanbase.projects.directory import Projects


@pytest.fixture
def appdb(tmp_path: Path):
    db = AppDb.open(sqlite_url(tmp_path / "app.sqlite"))
    yield db
    db.close()


def test_it_makes_what_is_needed_and_only_once(appdb: AppDb) -> None:
    made = ensure_first_start(appdb, Presets())
    assert made is not None
    assert made.project_api_key.startswith("phc_") and made.personal_api_key.startswith("phx_")
    auth = open_auth(appdb)
    user = auth.users.sign_in(made.email, made.password)
    key = auth.keys.by_value(made.personal_api_key)
    assert user is not None and key is not None and key.user_id == user.id
    assert [record.project.api_token for record in Projects(appdb).list()] == [made.project_api_key]
    assert ensure_first_start(appdb, Presets()) is None


def test_presets_are_used(appdb: AppDb) -> None:
    presets = Presets(
        project_api_key="phc_test",
        personal_api_key="phx_test",
        admin_email="Ada@Example.com",
        admin_password="lovelace1",
    )
    made = ensure_first_start(appdb, presets)
    assert made is not None
    assert (made.project_api_key, made.personal_api_key) == ("phc_test", "phx_test")
    assert open_auth(appdb).users.sign_in("ada@example.com", "lovelace1") is not None


@pytest.mark.parametrize(
    "preset",
    [{"project_api_key": "phx_wrong_kind"}, {"personal_api_key": "phc_wrong_kind"}, {"admin_email": "nobody"}],
)
def test_presets_of_a_wrong_form_are_refused(appdb: AppDb, preset: dict[str, str]) -> None:
    with pytest.raises(PresetProblem):
        ensure_first_start(appdb, Presets(**preset))
    assert Projects(appdb).list() == []
