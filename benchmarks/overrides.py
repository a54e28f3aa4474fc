"""What a million merges cost the queries that follow: the same question with and without overrides, CPU of the process.

python -m benchmarks.overrides [events] [overrides]
"""

import sys
import tempfile
import time
from pathlib import Path

from leanbase.query.person_mode import overridden_pk
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql

REPEATS = 7
FILL = """
INSERT INTO events (project_id, event, timestamp, distinct_id, person_id, uuid, properties)
SELECT 1, '$pageview', now64(6) - toIntervalSecond(number % 2592000), toString(number % {persons:UInt64}),
  reinterpretAsUUID(sipHash128(number % {persons:UInt64})), generateUUIDv4(), '{}'
FROM numbers({events:UInt64})
"""
# A tenth of the people of the events were merged away; the other overrides are of people without events here.
MERGE = """
INSERT INTO person_overrides (project_id, old_person_id, new_person_id, version)
SELECT 1, reinterpretAsUUID(sipHash128(if(number < {persons:UInt64} / 10, number * 10, number + 1000000000))),
  reinterpretAsUUID(sipHash128(number * 10 + 1)), 1
FROM numbers({overrides:UInt64})
"""


def _question(actor: str) -> Sql:
    return Sql(
        f"SELECT toDate(timestamp) AS day, uniqExact({actor}) FROM events AS e "
        "WHERE e.project_id = 1 AND e.event = '$pageview' GROUP BY day SETTINGS max_threads = 1"
    )


def _cpu(store: EmbeddedStore, sql: Sql) -> float:
    """Milliseconds of CPU of a statement, the median of a few."""
    costs: list[float] = []
    for _ in range(REPEATS):
        begun = time.process_time()
        store.query(sql)
        costs.append(1000 * (time.process_time() - begun))
    return sorted(costs)[REPEATS // 2]


def query_cost(events: int = 2_000_000, overrides: int = 1_000_000) -> tuple[float, float, float]:
    """CPU ms of daily unique visitors ignoring overrides, with none there, and with ``overrides`` there."""
    persons = events // 10
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder) / "store")
        try:
            migrate(store)
            store.command(Sql(FILL, {"events": events, "persons": persons}))
            store.command(Sql("OPTIMIZE TABLE events FINAL"))
            reload_overrides(store)
            plain = _cpu(store, _question(overridden_pk("e", "person_id_no_override_properties_on_events")))
            none = _cpu(store, _question(overridden_pk("e")))
            store.command(Sql(MERGE, {"overrides": overrides, "persons": persons}))
            reload_overrides(store)
            return plain, none, _cpu(store, _question(overridden_pk("e")))
        finally:
            store.close()


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    overrides = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    plain, none, many = query_cost(events, overrides)
    print(f"daily unique visitors over {events:,} events, CPU ms: overrides ignored {plain:.0f}")
    print(f"none there {none:.0f} ({none / plain:.2f}x), {overrides:,} there {many:.0f} ({many / plain:.2f}x)")


if __name__ == "__main__":
    main()
