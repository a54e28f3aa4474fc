"""Every insight prunes by the sort key of events: project, event name and day, seen in the engine's plan."""

import json
import re
from pathlib import Path

import pytest

from leanbase.store.client import Store
from leanbase.store.sql import Sql
from tests.query import cases
from tests.query.fixture_pairs import paths, play

# Statements that mean every event, or every session, whatever its name.
ANY_EVENT = {"weekly_active", "sessions", "live", "trend_day", "days", "between_points", "strict"}
_READS = re.compile(r"ReadFromMergeTree \([^)]*\bevents\)(.*?)(?=ReadFrom|\Z)", re.DOTALL)


def plans(store: Store, path: Path) -> list[str]:
    """What the engine does at each reading of events, for all statements of a fixture."""
    query = json.loads(path.read_text(encoding="utf-8"))["query"]
    found: list[str] = []
    for statement in play(store, query)["statements"]:
        text = f"EXPLAIN indexes = 1 {''.join(statement['sql'])}"
        rows = store.query(Sql(text, statement["binds"]), cases.LIMITS).rows
        found += _READS.findall("\n".join(str(row[0]) for row in rows))
    return found


@pytest.mark.parametrize("path", paths(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_key_prunes(world: Store, path: Path) -> None:
    read = plans(world, path)
    if path.parent.name == "actors":
        read = read[:1]  # the profiles of people without any are looked for by person
    assert read
    for plan in read:
        keys = plan[plan.index("PrimaryKey") :].split("Condition:")[0]
        assert "project_id" in keys, plan
        assert "toDate(timestamp)" in keys, plan
    if path.stem not in ANY_EVENT and path.parent.name != "web" and path.parent.name != "correlation":
        assert any(re.search(r"^[\s│]+event$", plan, re.MULTILINE) for plan in read), read
