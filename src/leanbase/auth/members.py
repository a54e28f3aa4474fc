"""Who belongs to an organization, and as what."""

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import memberships
from leanbase.auth.users import OWNER
from leanbase.model.instants import now_us


class LastOwner(ValueError):
    """An organization must keep an owner."""


class Members:
    """Memberships in the application database. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def join(self, organization_id: str, user_id: int, level: int) -> None:
        """Make a user a member; whoever is one already keeps the higher level."""
        with self._appdb.write() as connection:
            mine = _of(organization_id, user_id)
            known = connection.execute(select(memberships.c.level).where(*mine)).scalar_one_or_none()
            if known is None:
                values = {"organization_id": organization_id, "user_id": user_id, "level": level}
                connection.execute(insert(memberships).values(joined_at=now_us(), **values))
            elif known < level:
                connection.execute(update(memberships).where(*mine).values(level=level))

    def set_level(self, organization_id: str, user_id: int, level: int) -> None:
        """Change what a member is. Raises :class:`LastOwner`."""
        with self._appdb.write() as connection:
            if level < OWNER:
                _keep_an_owner(connection, organization_id, user_id)
            connection.execute(update(memberships).where(*_of(organization_id, user_id)).values(level=level))

    def remove(self, organization_id: str, user_id: int) -> None:
        """End a membership; the user's keys and sessions see nothing of the organization from now on.

        Raises :class:`LastOwner`.
        """
        with self._appdb.write() as connection:
            _keep_an_owner(connection, organization_id, user_id)
            connection.execute(delete(memberships).where(*_of(organization_id, user_id)))


def _of(organization_id: str, user_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return memberships.c.organization_id == organization_id, memberships.c.user_id == user_id


def _keep_an_owner(connection: Connection, organization_id: str, user_id: int) -> None:
    """Raise when the user is the only owner. In the transaction that changes it, so that two cannot go at once."""
    owners = select(memberships.c.user_id).where(
        memberships.c.organization_id == organization_id, memberships.c.level >= OWNER
    )
    if list(connection.execute(owners.with_for_update()).scalars()) == [user_id]:
        raise LastOwner("This is the only owner. Make somebody else an owner first.")
