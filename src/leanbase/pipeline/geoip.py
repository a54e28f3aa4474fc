"""The country of an address, from a public-domain database that ships in the package."""

import logging
from collections import OrderedDict
from pathlib import Path
from typing import Any

import maxminddb

from leanbase.model.event import Event
from leanbase.pipeline.countries import CONTINENTS, COUNTRIES
from leanbase.pipeline.turn import Turn

_log = logging.getLogger(__name__)
_REMEMBERED = 20_000  # addresses; a look-up takes 2 us, a remembered one 0.1


class Countries:
    """Looks addresses up in a MaxMind database of country codes. Without the file it says so once and knows nothing."""

    def __init__(self, path: Path) -> None:
        self._known: OrderedDict[str, dict[str, str] | None] = OrderedDict()
        self._reader: maxminddb.Reader | None = None
        try:
            self._reader = maxminddb.open_database(path)
        except (OSError, maxminddb.InvalidDatabaseError) as problem:
            _log.warning("events get no country: the database at %s cannot be read (%s)", path, problem)

    def properties(self, ip: str) -> dict[str, str] | None:
        """The ``$geoip_…`` values without that prefix, or None when nothing is known of the address."""
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

    def _look_up(self, reader: maxminddb.Reader, ip: str) -> dict[str, str] | None:
        try:
            row: Any = reader.get(ip)
        except ValueError:
            return None
        code = row.get("country_code") if isinstance(row, dict) else None
        if not isinstance(code, str) or code not in COUNTRIES:
            return None
        name, continent = COUNTRIES[code]
        return {
            "country_name": name,
            "country_code": code,
            "continent_name": CONTINENTS[continent],
            "continent_code": continent,
        }


def add_country(events: list[Event], turn: Turn) -> list[Event]:
    """``$geoip_…`` of the event's ``$ip``; of its person as newest and as first value too.

    Not when ``$geoip_disable`` is truthy, as server SDKs send because their address says nothing about the user.
    """
    look_up = turn.countries.properties
    for event in events:
        properties = event.properties
        ip = properties.get("$ip")
        if not ip or not isinstance(ip, str) or properties.get("$geoip_disable"):
            continue
        found = look_up(ip)
        if not found:
            continue
        prepared = {f"$geoip_{key}": value for key, value in found.items()}
        for key, value in prepared.items():
            event.add(key, value)
        if properties.get("$process_person_profile") is False or event.project.person_processing_opt_out:
            continue
        event.set_ = {**event.set_, **prepared}
        event.set_once = {**event.set_once, **{f"$initial_geoip_{key}": value for key, value in found.items()}}
        event.add("$set", event.set_)
        event.add("$set_once", event.set_once)
    return events
