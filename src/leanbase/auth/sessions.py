"""Sessions of the web app: a random id in a cookie, stored hashed, that ends by itself."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import sessions
from leanbase.model.instants import now_us
from leanbase.model.secret_text import hash_secret, random_text

SECOND = 1_000_000
LIFETIME_SECONDS = 14 * 86_400  # since the last use
NOTE_USE_SECONDS = 300  # a write per request would make every read a write
MAX_USER_AGENT = 300


@dataclass(frozen=True)
class Session:
    """A live session. ``csrf_token`` must come back in a header with every request that changes something."""

    user_id: int
    csrf_token: str


@dataclass(frozen=True)
class NewSession:
    """``secret`` is what the cookie holds; it is known only now."""

    secret: str
    csrf_token: str


class Sessions:
    """Sessions in the application database. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def start(self, user_id: int, user_agent: str = "") -> NewSession:
        """Begin a session; old ones that are over are cleared away on the occasion."""
        secret, csrf_token, moment = random_text(43), random_text(43), now_us()
        with self._appdb.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at < moment))
            connection.execute(
                insert(sessions).values(
                    id_hash=hash_secret(secret),
                    user_id=user_id,
                    csrf_token=csrf_token,
                    user_agent=user_agent[:MAX_USER_AGENT],
                    created_at=moment,
                    last_seen_at=moment,
                    expires_at=moment + LIFETIME_SECONDS * SECOND,
                )
            )
        return NewSession(secret, csrf_token)

    def find(self, secret: str) -> Session | None:
        """The session of a cookie, or None when it is unknown or over."""
        moment, id_hash = now_us(), hash_secret(secret)
        with self._appdb.read() as connection:
            statement = select(sessions).where(sessions.c.id_hash == id_hash, sessions.c.expires_at >= moment)
            row = connection.execute(statement).mappings().one_or_none()
        if row is None:
            return None
        if moment - row["last_seen_at"] > NOTE_USE_SECONDS * SECOND:
            with self._appdb.write() as connection:
                seen = {"last_seen_at": moment, "expires_at": moment + LIFETIME_SECONDS * SECOND}
                connection.execute(update(sessions).where(sessions.c.id_hash == id_hash).values(**seen))
        return Session(row["user_id"], row["csrf_token"])

    def end(self, secret: str) -> None:
        with self._appdb.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.id_hash == hash_secret(secret)))

    def end_all(self, user_id: int, but: str | None = None) -> None:
        """End every session of a user, except the one with the secret ``but``."""
        statement = delete(sessions).where(sessions.c.user_id == user_id)
        if but is not None:
            statement = statement.where(sessions.c.id_hash != hash_secret(but))
        with self._appdb.write() as connection:
            connection.execute(statement)
