"""Every query of the fixtures becomes the SQL, the rows and the answer that are written there."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from leanbase.query.kinds import RUNNERS
from leanbase.store.client import Store
from tests.query.fixture_pairs import paths, play

CHANGED = "If this is meant, write the fixtures anew: .venv/bin/python -m tests.query.fixture_pairs"


def alike(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of numbers."""
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    return bool(one == other)


def in_any_order(rows: list[Any]) -> list[Any]:
    """Rows as the engine may hand them out: those of a GROUP BY have no order."""
    return sorted(rows, key=repr)


@pytest.mark.parametrize("path", paths(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_fixture(world: Store, path: Path) -> None:
    fixture = json.loads(path.read_text(encoding="utf-8"))
    found = play(world, fixture["query"])
    assert alike(found["results"], fixture["results"]), CHANGED
    assert [part["sql"] for part in found["statements"]] == [part["sql"] for part in fixture["statements"]], CHANGED
    for got, wanted in zip(found["statements"], fixture["statements"], strict=True):
        assert got["binds"] == wanted["binds"], CHANGED
        assert alike(in_any_order(got["rows"]), in_any_order(wanted["rows"])), CHANGED


def test_every_insight_has_fixtures() -> None:
    kinds = {json.loads(path.read_text(encoding="utf-8"))["query"]["kind"] for path in paths()}
    tabular = {"EventsQuery", "HogQLQuery", "HogQLMetadata", "HogQLAutocomplete", "DatabaseSchemaQuery"}
    choices = {"InsightActorsQueryOptions"}  # made of the question alone or of a chart's own answer
    assert set(RUNNERS) - tabular - choices - {"ActivationMetricQuery", "UsageMetricsQuery", "WebVitalsQuery"} <= kinds
