"""Personal API keys (``phx_…``): shown once, stored hashed, limited by scopes and to projects."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import personal_api_keys as keys
from leanbase.auth.scopes import EVERYTHING
from leanbase.model.instants import now_us
from leanbase.model.secret_text import hash_secret, random_text

SECOND = 1_000_000
NOTE_USE_SECONDS = 60  # how exact last_used_at is
PREFIX = "phx_"


@dataclass(frozen=True)
class PersonalKey:
    """A key without its value. Times are microseconds since 1970 in UTC; empty scoped lists mean no limit."""

    id: str
    user_id: int
    label: str
    mask: str
    scopes: tuple[str, ...]
    scoped_projects: tuple[int, ...]
    scoped_organizations: tuple[str, ...]
    created_at: int
    last_used_at: int | None
    last_rolled_at: int | None


def new_value() -> str:
    """A new key."""
    return f"{PREFIX}{random_text(43)}"


def mask_of(value: str) -> str:
    """What remains to be seen of a key."""
    return f"{value[:4]}...{value[-4:]}"


class PersonalKeys:
    """Keys in the application database. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create(
        self,
        user_id: int,
        label: str,
        scopes: Sequence[str] = (EVERYTHING,),
        scoped_projects: Sequence[int] = (),
        scoped_organizations: Sequence[str] = (),
        value: str | None = None,
    ) -> tuple[PersonalKey, str]:
        """Make a key; answers it with its value, which is not to be had again."""
        value = value or new_value()
        key_id = str(uuid.uuid4())
        with self._appdb.write() as connection:
            connection.execute(
                insert(keys).values(
                    id=key_id,
                    user_id=user_id,
                    label=label,
                    value_hash=hash_secret(value),
                    mask=mask_of(value),
                    scopes=list(scopes),
                    scoped_projects=list(scoped_projects),
                    scoped_organizations=list(scoped_organizations),
                    created_at=now_us(),
                )
            )
        made = self.find(user_id, key_id)
        assert made is not None  # it was just written
        return made, value

    def by_value(self, value: str) -> PersonalKey | None:
        """The key of this value; notes that it was used."""
        with self._appdb.read() as connection:
            statement = select(keys).where(keys.c.value_hash == hash_secret(value))
            row = connection.execute(statement).mappings().one_or_none()
        if row is None:
            return None
        moment = now_us()
        if moment - (row["last_used_at"] or 0) > NOTE_USE_SECONDS * SECOND:
            with self._appdb.write() as connection:
                connection.execute(update(keys).where(keys.c.id == row["id"]).values(last_used_at=moment))
        return _key(row)

    def list(self, user_id: int) -> list[PersonalKey]:
        """The user's keys, newest first."""
        with self._appdb.read() as connection:
            statement = select(keys).where(keys.c.user_id == user_id).order_by(keys.c.created_at.desc())
            return [_key(row) for row in connection.execute(statement).mappings()]

    def find(self, user_id: int, key_id: str) -> PersonalKey | None:
        with self._appdb.read() as connection:
            statement = select(keys).where(keys.c.user_id == user_id, keys.c.id == key_id)
            row = connection.execute(statement).mappings().one_or_none()
        return _key(row) if row is not None else None

    def change(
        self,
        key: PersonalKey,
        label: str,
        scopes: Sequence[str],
        scoped_projects: Sequence[int],
        scoped_organizations: Sequence[str],
    ) -> None:
        with self._appdb.write() as connection:
            connection.execute(
                update(keys)
                .where(keys.c.id == key.id)
                .values(
                    label=label,
                    scopes=list(scopes),
                    scoped_projects=list(scoped_projects),
                    scoped_organizations=list(scoped_organizations),
                )
            )

    def roll(self, key: PersonalKey) -> str:
        """Replace the value; the old one is refused from now on."""
        value = new_value()
        with self._appdb.write() as connection:
            changed = {"value_hash": hash_secret(value), "mask": mask_of(value), "last_rolled_at": now_us()}
            connection.execute(update(keys).where(keys.c.id == key.id).values(**changed))
        return value

    def delete(self, key: PersonalKey) -> None:
        with self._appdb.write() as connection:
            connection.execute(delete(keys).where(keys.c.id == key.id))


def _key(row: RowMapping) -> PersonalKey:
    return PersonalKey(
        id=row["id"],
        user_id=row["user_id"],
        label=row["label"],
        mask=row["mask"],
        scopes=tuple(row["scopes"]),
        scoped_projects=tuple(row["scoped_projects"]),
        scoped_organizations=tuple(row["scoped_organizations"]),
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
        last_rolled_at=row["last_rolled_at"],
    )
