"""The secrets of days for cookieless visitors, kept in the state database and destroyed on time."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes

from leanbase.appdb.state import StateDb

_KEPT_AFTER = timedelta(days=3)  # a day ends up to 12 hours later somewhere, and SDKs send late


class DaySalts:
    """Makes the secret of a day when it is first asked for; a day that is over or far ahead gets none."""

    def __init__(self, state: StateDb) -> None:
        self._state = state
        self._known: dict[str, bytes] = {}
        self._swept = ""

    def of(self, day: str, now: datetime | None = None) -> bytes | None:
        """16 random bytes, the same for all events of that day. Raises ``sqlite3.Error``."""
        today = (now or datetime.now(UTC)).date()
        if not (today - _KEPT_AFTER).isoformat() <= day <= (today + timedelta(days=1)).isoformat():
            return None
        if day not in self._known:
            self._sweep(today.isoformat(), (today - _KEPT_AFTER).isoformat())
            with self._state.write() as connection:
                connection.execute("INSERT OR IGNORE INTO cookieless_salts VALUES (?, ?)", (day, token_bytes(16)))
                row = connection.execute("SELECT salt FROM cookieless_salts WHERE day = ?", (day,)).fetchone()
            self._known[day] = row[0]
        return self._known[day]

    def _sweep(self, today: str, oldest: str) -> None:
        if self._swept == today:
            return
        with self._state.write() as connection:
            connection.execute("DELETE FROM cookieless_salts WHERE day < ?", (oldest,))
        self._known = {day: salt for day, salt in self._known.items() if day >= oldest}
        self._swept = today
