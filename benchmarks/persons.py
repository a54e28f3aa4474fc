"""What persons cost: microseconds of CPU per event, by kind of event, with half a million persons known.

    python -m benchmarks.persons [persons] [batch]

The work measured is a turn's: resolve, rows for the store, and the transaction with its syncs. Decoding is not in it.
"""

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import msgspec

from leanbase.appdb.state import StateDb
from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.persons.service import Persons

PROJECT = Project(id=1, api_token="phc_bench")
ROUNDS = 7
START = 1_700_000_000_000_000


def event(distinct_id: str, name: str = "page", properties: dict[str, object] | None = None) -> Event:
    properties = {"plan": "pro", "$lib": "web", "n": 5, **(properties or {})}
    return Event(
        project=PROJECT,
        event=name,
        distinct_id=distinct_id,
        uuid=uuid4(),
        timestamp=START,
        received_at=START,
        properties=properties,
        raw=msgspec.json.encode(properties),
        set_=properties.get("$set", {}),  # type: ignore[arg-type]
    )


def turn(persons: Persons, state: StateDb, events: list[Event]) -> float:
    """CPU seconds of one turn."""
    gc.collect()
    gc.disable()
    before = time.process_time()
    with persons.begin() as work:
        work.resolve(events)
        work.store_rows()
        with state.write() as connection:
            work.write(connection)
    spent = time.process_time() - before
    gc.enable()
    return spent


def main() -> None:
    known = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    batch = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        state = StateDb(Path(folder) / "state.sqlite")
        persons = Persons(state, cached_ids=1_000_000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for first in range(0, known, 50_000):
            turn(
                persons,
                state,
                [
                    event(f"user-{n}", properties={"$set": {"email": f"user-{n}@example.com", "plan": "free"}})
                    for n in range(first, min(first + 50_000, known))
                ],
            )
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(f"{known} persons cached: at most {rss / 1024:.0f} MiB, {rss * 1024 / known:.0f} B each")
        print(f"database: {(Path(folder) / 'state.sqlite').stat().st_size / known:.0f} B per person")

        def ids(round_number: int) -> list[int]:
            return [(round_number * 7919 + n * 31) % known for n in range(batch)]

        kinds: list[tuple[str, Persons | None, Callable[[int], list[Event]]]] = [
            (
                "known, 15 % with $set",
                None,
                lambda r: [
                    event(f"user-{n}", properties={"$set": {"seen": r}} if i % 7 == 0 else None)
                    for i, n in enumerate(ids(r))
                ],
            ),
            ("known, no $set", None, lambda r: [event(f"user-{n}") for n in ids(r)]),
            (
                "known, every event changes its person",
                None,
                lambda r: [event(f"user-{n}", properties={"$set": {"step": r + 1000}}) for n in ids(r)],
            ),
            ("all new", None, lambda r: [event(f"new-{r}-{n}") for n in range(batch)]),
            (
                "anonymous, seen before",
                None,
                lambda _: [event(f"anon-{n}", properties={"$process_person_profile": False}) for n in range(batch)],
            ),
            (
                "anonymous, never seen",
                None,
                lambda r: [event(f"anon-{r}-{n}", properties={"$process_person_profile": False}) for n in range(batch)],
            ),
            (
                "identify: anonymous id joins a new user",
                None,
                lambda r: [
                    event(f"join-{r}-{n}", "$identify", {"$anon_distinct_id": f"device-{r}-{n}"}) for n in range(batch)
                ],
            ),
            ("known, cold cache", Persons(state, cached_ids=10), lambda r: [event(f"user-{n}") for n in ids(r)]),
        ]
        cost: dict[str, float] = {}
        for name, other, make in kinds:
            spent = sorted(turn(other or persons, state, make(r)) for r in range(ROUNDS))
            cost[name] = spent[ROUNDS // 2] / batch * 1e6
            print(f"{name:45} {cost[name]:6.2f} µs/event")
        changing = cost["known, every event changes its person"]
        for name in ("anonymous, seen before", "anonymous, never seen"):
            print(f"{name} / identified that changes its person: {cost[name] / changing:.2f}")
        state.close()


if __name__ == "__main__":
    main()
