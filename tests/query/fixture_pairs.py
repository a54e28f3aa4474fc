"""Fixture pairs: the JSON of a query, the SQL that it becomes, the rows of the engine, the answer.

``tests/query/fixtures/<kind>/<name>.json`` holds one each. To add one write a file with ``query`` (and ``about``); to
accept a change of SQL or answers look at the difference after

    .venv/bin/python -m tests.query.fixture_pairs
"""

import json
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.query.kinds import RUNNERS
from leanbase.store.client import Result, Store
from leanbase.store.sql import Sql
from tests.embedded_engine import embedded_engine
from tests.query import cases
from tests.query.cases import StoredEvent
from tests.query.session_ids import session_id

FOLDER = Path(__file__).parent / "fixtures"
PROJECT = 77_001
NOW = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)  # two days after clocks went forward in Berlin
_PEOPLE = ["ann", "bob", "cid", "dee", "eve", "fay", "gus", "hal"]
_CLAUSE = re.compile(r" (?=(?:FROM|WHERE|GROUP BY|HAVING|ORDER BY|INNER JOIN|LEFT JOIN|ANY LEFT JOIN|UNION ALL) )")


def insert_world(store: Store) -> None:
    """Eight people, one of them merged into another, who look at pages, sign up and buy during three weeks."""
    chance = Random(2026)
    events: list[StoredEvent] = []
    for _ in range(160):
        name = chance.choice(_PEOPLE)
        at = NOW - timedelta(minutes=chance.randint(0, 21 * 24 * 60))
        page = chance.choice(["/", "/pricing", "/docs/1", "/docs/2"])
        properties = {
            "$current_url": f"https://site.example{page}",
            "$pathname": page,
            "$browser": chance.choice(["Firefox", "Chrome", None]),
            "$session_id": session_id(name, datetime.combine(at, time(), UTC)),
            "$group_0": chance.choice(["acme", "globex", ""]),
            "price": chance.choice([1, 2.5, "7", "much", None]),
        }
        event = chance.choice(["$pageview", "$pageview", "sign up", "buy", "$autocapture"])
        events.append(StoredEvent(event, name, at, properties, person=name))
    token = f"fixtures:{uuid4()}"
    cases.insert_events(store, PROJECT, events, token)
    born = [(name, NOW - timedelta(days=3 * place), {"plan": "ab"[place % 2]}) for place, name in enumerate(_PEOPLE)]
    cases.insert_persons(store, PROJECT, born, token)
    cases.insert_overrides(store, PROJECT, [("hal", "ann")], token)
    cases.insert_cohort(store, PROJECT, 9, ["ann", "bob", "cid"], token)


def play(store: Store, query: dict[str, Any]) -> dict[str, Any]:
    """What a fixture holds beside its query: ``statements`` (sql, binds, rows) and ``results``."""
    statements: list[dict[str, Any]] = []

    def execute(sql: Sql) -> Result:
        found = store.query(sql, cases.LIMITS)
        statements.append(
            {"sql": _CLAUSE.sub("\n ", sql.text).split("\n"), "binds": dict(sql.binds), "rows": found.rows}
        )
        return found

    ctx: QueryContext = cases.context(
        store,
        Project(id=PROJECT, api_token="phc_fixtures", timezone="Europe/Berlin", week_start_day=1),
        NOW,
        execute=execute,
        cohorts=cases.KnownCohorts({9: "early"}),
        actions=cases.KnownActions({3: [{"event": "buy"}]}),
    )
    results = RUNNERS[query["kind"]](ctx, query)["results"]
    return json.loads(json.dumps({"statements": statements, "results": results}, default=_readable))


def _readable(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def paths() -> list[Path]:
    return sorted(FOLDER.glob("*/*.json"))


def main() -> None:
    """Write every fixture anew."""
    store = embedded_engine()
    insert_world(store)
    for path in paths():
        fixture = json.loads(path.read_text(encoding="utf-8"))
        written = {"about": fixture.get("about", ""), "query": fixture["query"], **play(store, fixture["query"])}
        path.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
