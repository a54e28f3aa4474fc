"""Stretches of a person's events in which chosen properties did not change, as events carried them."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from leanbase.persons import storage
from leanbase.persons.record import Person
from leanbase.persons.service import Persons
from leanbase.store.client import Limits, Store
from leanbase.store.sql import Sql

MOST = 500  # stretches in an answer, the oldest
_LIMITS = Limits(seconds=30, memory_bytes=1 << 30, rows=MOST + 1)

_STRETCHES = """
SELECT at, properties, number, total FROM (
  SELECT toUnixTimestamp64Micro(timestamp) AS at, person_properties AS properties,
    arrayMap(key -> JSONExtractRaw(person_properties, key), {keys:Array(String)}) AS chosen,
    lagInFrame(chosen) OVER (ORDER BY timestamp, uuid ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before,
    row_number() OVER (ORDER BY timestamp, uuid) AS number, count() OVER () AS total
  FROM events WHERE project_id = {project:UInt32} AND pk IN (SELECT cityHash64(arrayJoin({uuids:Array(UUID)})))
    AND timestamp >= fromUnixTimestamp64Micro({first:Int64}, 'UTC')
    AND timestamp <= fromUnixTimestamp64Micro({last:Int64}, 'UTC')
    AND (empty({names:Array(String)}) OR event IN {names:Array(String)})
) WHERE number = 1 OR chosen != before ORDER BY number LIMIT {most:UInt32}
"""


class Stretch(NamedTuple):
    """``events`` from ``at`` (microseconds) on had these person properties, as far as the chosen ones go."""

    at: int
    properties: dict[str, Any]
    events: int


def stretches(
    persons: Persons, store: Store, person: Person, keys: Sequence[str], names: Sequence[str], first: int, last: int
) -> list[Stretch]:
    """The stretches between two moments (microseconds), of events of these names or of all. Raises ``StoreError``."""
    with persons.state.read() as connection:
        uuids = [person.uuid, *storage.overrides_into(connection, person.project_id, person.uuid)]
    binds: dict[str, Any] = {
        "project": person.project_id,
        "uuids": [str(uuid) for uuid in uuids],
        "keys": list(keys),
        "names": list(names),
        "first": first,
        "last": last,
        "most": MOST + 1,
    }
    rows = store.query(Sql(_STRETCHES, binds), _LIMITS).rows
    if not rows:
        return []
    ends = [row[2] for row in rows[1:]] + [rows[-1][3] + 1]
    found = [
        Stretch(at, json.loads(properties or "{}"), end - number)
        for (at, properties, number, _), end in zip(rows, ends, strict=True)
    ]
    return found[:MOST]
