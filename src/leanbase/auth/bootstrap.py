"""The first start: an organization, a project, a user who may do everything, and keys."""

from dataclasses import dataclass

from sqlalchemy import func, select

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import users
from leanbase.auth.personal_keys import PersonalKeys
from leanbase.auth.users import OWNER, Users
from leanbase.model.secret_text import random_text
from leanbase.projects.directory import Projects

ORGANIZATION = "My organization"
PROJECT = "Default project"
KEY_LABEL = "First key"


@dataclass(frozen=True, kw_only=True)
class Presets:
    """What the operator has chosen beforehand; empty means: make it up."""

    project_api_key: str = ""
    personal_api_key: str = ""
    admin_email: str = "admin@localhost"
    admin_password: str = ""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What the first start has made. Shown once; nothing here can be read from the database again."""

    email: str
    password: str
    project_id: int
    project_api_key: str
    personal_api_key: str


class PresetProblem(ValueError):
    """A preset has a form that cannot be used; the message names it."""


def ensure_first_start(appdb: AppDb, presets: Presets) -> Credentials | None:
    """Set up an empty application database; None when there are users already.

    A start that was interrupted halfway is completed by the next one, because the user is made last but one.
    Raises :class:`PresetProblem` or :class:`auth.passwords.WeakPassword`.
    """
    _check(presets)
    with appdb.read() as connection:
        if connection.execute(select(func.count()).select_from(users)).scalar_one():
            return None
    people, projects = Users(appdb), Projects(appdb)
    found = projects.list()
    if found:
        record = found[0]
    else:
        token = presets.project_api_key or None
        record = projects.create(people.create_organization(ORGANIZATION), PROJECT, api_token=token)
    password = presets.admin_password or random_text(20)
    user = people.create(presets.admin_email, password, record.organization_id, OWNER)
    people.change(user.id, {"current_project_id": record.project.id})
    _, key = PersonalKeys(appdb).create(user.id, KEY_LABEL, value=presets.personal_api_key or None)
    return Credentials(
        email=user.email,
        password=password,
        project_id=record.project.id,
        project_api_key=record.project.api_token,
        personal_api_key=key,
    )


def _check(presets: Presets) -> None:
    for name, value, prefix in (
        ("LEANBASE_PROJECT_API_KEY", presets.project_api_key, "phc_"),
        ("LEANBASE_PERSONAL_API_KEY", presets.personal_api_key, "phx_"),
    ):
        if value and not (value.startswith(prefix) and 8 <= len(value) <= 64 and value.isascii()):
            raise PresetProblem(f"{name} must begin with {prefix} and have 8 to 64 characters.")
    if "@" not in presets.admin_email:
        raise PresetProblem("LEANBASE_ADMIN_EMAIL must be an e-mail address.")
