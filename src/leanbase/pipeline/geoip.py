"""The country of an address, from a public-domain database that ships in the package."""

import logging
from collections import OrderedDict
from pathlib import Path
from typing import Any

import maxminddb

from leanbase.model.event import Event
from leanbase.pipeline.countries import CONTINENTS, COUNTRIES
from leanbase.pipeline.turn import Country, Turn

_log = logging.getLogger(__name__)
_REMEMBERED = 20_000  # addresses; a look-up takes 2 us, a remembered one 0.1


class Countries:
    """Looks addresses up in a MaxMind database of country codes. Without the file it says so once and knows nothing."""

    def __init__(self, path: Path) -> None:
        self._known: OrderedDict[str, Country | None] = OrderedDict()
        self._reader: maxminddb.Reader | None = None
        try:
            self._reader = maxminddb.open_database(path)
        except (OSError, maxminddb.InvalidDatabaseError) as problem:
            _log.warning("events get no country: the database at %s cannot be read (%s)", path, problem)

    def country(self, ip: str) -> Country | None:
        """What is known of the address, or None."""
        if self._reader is None:
            return None
        if ip in self._known:
            return self._known[ip]
        found = self._look_up(self._reader, ip)
        self._known[ip] = found
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found

    def close(self) -> None:
        """Give the file back."""
        if self._reader is not None:
            self._reader.close()

    def _look_up(self, reader: maxminddb.Reader, ip: str) -> Country | None:
        try:
            row: Any = reader.get(ip)
        except ValueError:
            return None
        code = row.get("country_code") if isinstance(row, dict) else None
        if not isinstance(code, str) or code not in COUNTRIES:
            return None
        name, continent = COUNTRIES[code]
        return Country(code, name, continent, CONTINENTS[continent])


def add_country(events: list[Event], turn: Turn) -> list[Event]:
    """``$geoip_…`` of the event's ``$ip``; of its person as newest and as first value too.

    Not when ``$geoip_disable`` is truthy, as server SDKs send because their address says nothing about the user.
    """
    country = turn.countries.country
    for event in events:
        properties = event.properties
        ip = properties.get("$ip")
        if not ip or not isinstance(ip, str) or properties.get("$geoip_disable"):
            continue
        found = country(ip)
        if not found:
            continue
        if "$geoip_country_code" in properties:
            event.touch()  # the server knows better than whoever sent it
        properties.update(found.newest)
        event.added.update(found.newest)
        if properties.get("$process_person_profile") is False or event.project.person_processing_opt_out:
            continue
        event.set_ = _joined(event, "$set", event.set_, found.newest)
        event.set_once = _joined(event, "$set_once", event.set_once, found.first)
    return events


def _joined(event: Event, key: str, mine: dict[str, Any], more: dict[str, str]) -> dict[str, Any]:
    """``mine`` with ``more``, as property ``key`` of the event. Never changes an object that the SDK sent."""
    if event.added.get(key) is mine:
        mine.update(more)
        return mine
    both = {**mine, **more}
    event.add(key, both)
    return both
