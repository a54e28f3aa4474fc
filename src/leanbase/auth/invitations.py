"""Invitations: a link that makes its bearer a member of an organization, once, within days."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import invitations, organizations
from leanbase.auth.users import normal_email
from leanbase.model.instants import now_us
from leanbase.model.secret_text import hash_secret, random_text

LIFETIME_DAYS = 7
DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Invitation:
    """An invitation without its secret. Times are microseconds since 1970 in UTC."""

    id: str
    organization_id: str
    organization_name: str
    email: str
    level: int
    created_by: int | None
    created_at: int
    expires_at: int


class Invitations:
    """Invitations in the application database. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create(self, organization_id: str, email: str, level: int, created_by: int) -> tuple[str, str]:
        """Invite an address; answers the id and the secret of the link. An earlier invitation of it ends."""
        secret, moment, invitation_id = random_text(43), now_us(), str(uuid.uuid4())
        values = {"id": invitation_id, "organization_id": organization_id, "email": normal_email(email)}
        with self._appdb.write() as connection:
            same = (invitations.c.organization_id == organization_id, invitations.c.email == values["email"])
            connection.execute(delete(invitations).where(*same))
            connection.execute(delete(invitations).where(invitations.c.expires_at < moment))
            connection.execute(
                insert(invitations).values(
                    level=level,
                    secret_hash=hash_secret(secret),
                    created_by=created_by,
                    created_at=moment,
                    expires_at=moment + LIFETIME_DAYS * DAY,
                    **values,
                )
            )
        return invitation_id, secret

    def list(self, organization_id: str) -> list[Invitation]:
        """Those that can still be accepted, the newest first."""
        return self._found(invitations.c.organization_id == organization_id)

    def by_secret(self, secret: str) -> Invitation | None:
        """The invitation of a link, or None when it is unknown, used or too old."""
        return next(iter(self._found(invitations.c.secret_hash == hash_secret(secret))), None)

    def delete(self, organization_id: str, invitation_id: str) -> bool:
        """Withdraw an invitation; False when there is none."""
        mine = (invitations.c.id == invitation_id, invitations.c.organization_id == organization_id)
        with self._appdb.write() as connection:
            return connection.execute(delete(invitations).where(*mine)).rowcount == 1

    def _found(self, condition: ColumnElement[bool]) -> "list[Invitation]":
        columns = (
            invitations.c.id,
            invitations.c.organization_id,
            organizations.c.name,
            invitations.c.email,
            invitations.c.level,
            invitations.c.created_by,
            invitations.c.created_at,
            invitations.c.expires_at,
        )
        statement = (
            select(*columns)
            .join(organizations, organizations.c.id == invitations.c.organization_id)
            .where(condition, invitations.c.expires_at >= now_us())
            .order_by(invitations.c.created_at.desc())
        )
        with self._appdb.read() as connection:
            return [Invitation(*row) for row in connection.execute(statement)]
