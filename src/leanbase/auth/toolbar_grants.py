"""Permission for the toolbar on one site to make actions of one project, for one user, for a while.

The address that opens the site holds a code. Addresses end in histories and in captured events, so a code is good for
one exchange within ``CODE_SECONDS``, on pages of one origin. What it is exchanged for, the token, stays in that tab.
"""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import toolbar_grants as grants
from leanbase.model.instants import now_us
from leanbase.model.secret_text import hash_secret, random_text

SECOND = 1_000_000
CODE_SECONDS = 120  # until a slow page has loaded
TOKEN_SECONDS = 3600
PREFIX = "pht_"  # no other credential begins so: nothing else takes it for one of its own


@dataclass(frozen=True)
class ToolbarGrant:
    """What a token allows. ``origin`` is scheme, host and port; times are microseconds since 1970 in UTC."""

    project_id: int
    user_id: int
    origin: str
    expires_at: int


class ToolbarGrants:
    """Codes and tokens in the application database, hashed. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def offer(self, project_id: int, user_id: int, origin: str) -> str:
        """A code for pages of ``origin``. What is over is cleared away on the occasion."""
        code, moment = random_text(43), now_us()
        with self._appdb.write() as connection:
            connection.execute(delete(grants).where(grants.c.expires_at < moment))
            connection.execute(
                insert(grants).values(
                    secret_hash=hash_secret(code),
                    is_code=True,
                    project_id=project_id,
                    user_id=user_id,
                    origin=origin,
                    expires_at=moment + CODE_SECONDS * SECOND,
                )
            )
        return code

    def redeem(self, code: str, origin: str) -> tuple[ToolbarGrant, str] | None:
        """The grant of a code and its token; None when the code is unknown, used, too old, or of other pages.

        A code is spent by the first try, also by one from other pages: whoever shows it there has stolen it.
        """
        moment = now_us()
        with self._appdb.write() as connection:
            same = (grants.c.secret_hash == hash_secret(code), grants.c.is_code)
            row = connection.execute(delete(grants).where(*same).returning(grants)).mappings().one_or_none()
            if row is None or row["expires_at"] < moment or row["origin"] != origin:
                return None
            token = f"{PREFIX}{random_text(43)}"
            values = {**row, "secret_hash": hash_secret(token), "is_code": False}
            values["expires_at"] = moment + TOKEN_SECONDS * SECOND
            connection.execute(insert(grants).values(**values))
        return ToolbarGrant(row["project_id"], row["user_id"], origin, values["expires_at"]), token

    def find(self, token: str) -> ToolbarGrant | None:
        """The grant of a token; None when it is unknown or over."""
        statement = select(grants).where(
            grants.c.secret_hash == hash_secret(token), ~grants.c.is_code, grants.c.expires_at >= now_us()
        )
        with self._appdb.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return ToolbarGrant(row["project_id"], row["user_id"], row["origin"], row["expires_at"]) if row else None

    def end(self, token: str) -> None:
        """Refuse a token from now on."""
        with self._appdb.write() as connection:
            connection.execute(delete(grants).where(grants.c.secret_hash == hash_secret(token)))
