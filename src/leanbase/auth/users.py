"""Who may look: users, the organizations they belong to, and their passwords."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import memberships, organizations, users
from leanbase.auth.passwords import hash_password, matches
from leanbase.model.instants import now_us
from leanbase.model.secret_text import random_text

MEMBER, ADMIN, OWNER = 1, 8, 15  # PostHog's numbers


class EmailTaken(ValueError):
    """There is a user with this address already."""


@dataclass(frozen=True)
class Membership:
    """One organization of a user, and what the user is in it."""

    organization_id: str
    organization_name: str
    level: int
    joined_at: int


@dataclass(frozen=True)
class User:
    """Times are microseconds since 1970 in UTC."""

    id: int
    uuid: str
    distinct_id: str
    email: str
    first_name: str
    last_name: str
    is_active: bool
    has_password: bool
    current_project_id: int | None
    created_at: int
    memberships: tuple[Membership, ...]

    def level_in(self, organization_id: str) -> int:
        """The user's level there; 0 for a stranger."""
        return next((item.level for item in self.memberships if item.organization_id == organization_id), 0)


def normal_email(email: str) -> str:
    """The form in which an address is stored and compared."""
    return email.strip().lower()


class Users:
    """Users in the application database. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create_organization(self, name: str) -> str:
        """Make an organization; answers its id."""
        organization_id = str(uuid.uuid4())
        with self._appdb.write() as connection:
            connection.execute(insert(organizations).values(id=organization_id, name=name, created_at=now_us()))
        return organization_id

    def organization_name(self, organization_id: str) -> str | None:
        with self._appdb.read() as connection:
            statement = select(organizations.c.name).where(organizations.c.id == organization_id)
            return connection.execute(statement).scalar_one_or_none()

    def rename_organization(self, organization_id: str, name: str) -> None:
        with self._appdb.write() as connection:
            connection.execute(update(organizations).where(organizations.c.id == organization_id).values(name=name))

    def create(
        self, email: str, password: str | None, organization_id: str, level: int = MEMBER, first_name: str = ""
    ) -> User:
        """Make a user. Raises :class:`EmailTaken` or :class:`auth.passwords.WeakPassword`."""
        password_hash = hash_password(password) if password is not None else None
        values = {
            "uuid": str(uuid.uuid4()),
            "distinct_id": random_text(43),
            "email": normal_email(email),
            "first_name": first_name,
            "password_hash": password_hash,
            "created_at": now_us(),
        }
        try:
            with self._appdb.write() as connection:
                (user_id,) = connection.execute(insert(users).values(**values).returning(users.c.id)).one()
                joined = {"organization_id": organization_id, "user_id": user_id, "level": level}
                connection.execute(insert(memberships).values(joined_at=now_us(), **joined))
        except IntegrityError as problem:
            raise EmailTaken(f"There is a user with the address {email} already.") from problem
        return self.need(user_id)

    def find(self, user_id: int) -> User | None:
        return self._one(users.c.id == user_id)

    def need(self, user_id: int) -> User:
        """A user that must exist. Raises ``LookupError``."""
        found = self.find(user_id)
        if found is None:
            raise LookupError(f"there is no user {user_id}")
        return found

    def by_email(self, email: str) -> User | None:
        return self._one(users.c.email == normal_email(email))

    def by_uuid(self, user_uuid: str) -> User | None:
        return self._one(users.c.uuid == user_uuid)

    def of_organization(self, organization_id: str) -> list[User]:
        """The members, oldest first."""
        with self._appdb.read() as connection:
            statement = select(memberships.c.user_id).where(memberships.c.organization_id == organization_id)
            found = connection.execute(statement.order_by(memberships.c.user_id)).scalars().all()
        return [self.need(user_id) for user_id in found]

    def sign_in(self, email: str, password: str) -> User | None:
        """The active user with this address and password. Takes as long for an address that nobody has."""
        with self._appdb.read() as connection:
            statement = select(users.c.id, users.c.password_hash).where(
                users.c.email == normal_email(email), users.c.is_active
            )
            row = connection.execute(statement).one_or_none()
        if not matches(password, row.password_hash if row else None) or row is None:
            return None
        return self.find(row.id)

    def change(self, user_id: int, values: Mapping[str, Any]) -> User:
        """Set ``first_name``, ``last_name``, ``email``, ``current_project_id`` or ``is_active``."""
        allowed = {"first_name", "last_name", "email", "current_project_id", "is_active"}
        if not values.keys() <= allowed:
            raise ValueError(f"not to be changed: {sorted(values.keys() - allowed)}")
        try:
            with self._appdb.write() as connection:
                connection.execute(update(users).where(users.c.id == user_id).values(**values))
        except IntegrityError as problem:
            raise EmailTaken("There is a user with this address already.") from problem
        return self.need(user_id)

    def change_password(self, user_id: int, password: str) -> None:
        """Raises :class:`auth.passwords.WeakPassword`. Sessions are ended by the caller."""
        hashed = hash_password(password)
        with self._appdb.write() as connection:
            connection.execute(update(users).where(users.c.id == user_id).values(password_hash=hashed))

    def _one(self, condition: Any) -> User | None:
        with self._appdb.read() as connection:
            row = connection.execute(select(users).where(condition)).mappings().one_or_none()
            if row is None:
                return None
            joined = (
                select(
                    memberships.c.organization_id, organizations.c.name, memberships.c.level, memberships.c.joined_at
                )
                .join(organizations, organizations.c.id == memberships.c.organization_id)
                .where(memberships.c.user_id == row["id"])
                .order_by(memberships.c.joined_at)
            )
            return _user(row, tuple(Membership(*item) for item in connection.execute(joined)))


def _user(row: RowMapping, joined: tuple[Membership, ...]) -> User:
    return User(
        id=row["id"],
        uuid=row["uuid"],
        distinct_id=row["distinct_id"],
        email=row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        is_active=row["is_active"],
        has_password=row["password_hash"] is not None,
        current_project_id=row["current_project_id"],
        created_at=row["created_at"],
        memberships=joined,
    )
