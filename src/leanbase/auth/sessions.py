"""Sessions of the web app: a random id in a cookie, stored hashed, that ends by itself."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import sessions
from leanbase.model.instants import now_us
from leanbase.model.secret_text import hash_secret, random_text

SECOND = 1_000_000
LIFETIME_SECONDS = 14 * 86_400  # since the last use
NOTE_USE_SECONDS = 300  # a write per request would make every read a write
MAX_USER_AGENT = 300
SHOWN_HASH = 16  # characters of a hash that name a session


@dataclass(frozen=True)
class Session:
    """A live session. ``csrf_token`` must come back in a header with every request that changes something."""

    user_id: int
    csrf_token: str


@dataclass(frozen=True)
class SessionView:
    """A session as its user sees it in a list. ``id`` names it without opening it. Times are microseconds."""

    id: str
    user_agent: str
    created_at: int
    last_seen_at: int
    current: bool


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

    def list(self, user_id: int, current: str | None = None) -> list[SessionView]:
        """The live sessions of a user, the one used last first; ``current`` is the secret of the asking one."""
        mine = hash_secret(current) if current else ""
        live = (sessions.c.user_id == user_id, sessions.c.expires_at >= now_us())
        with self._appdb.read() as connection:
            rows = connection.execute(select(sessions).where(*live).order_by(sessions.c.last_seen_at.desc())).mappings()
            return [
                SessionView(
                    row["id_hash"][:SHOWN_HASH],
                    row["user_agent"],
                    row["created_at"],
                    row["last_seen_at"],
                    row["id_hash"] == mine,
                )
                for row in rows
            ]

    def end_listed(self, user_id: int, session_id: str) -> bool:
        """End a session by its id in the list; False when the user has none such."""
        mine = (sessions.c.user_id == user_id, func.substr(sessions.c.id_hash, 1, SHOWN_HASH) == session_id)
        with self._appdb.write() as connection:
            return connection.execute(delete(sessions).where(*mine)).rowcount > 0

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
