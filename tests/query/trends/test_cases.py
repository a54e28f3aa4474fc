"""The neutral cases of the specification, each against the real engine."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.lifecycle import run_lifecycle
from leanbase.query.stickiness import run_stickiness
from leanbase.query.trends.runner import run_trends
from leanbase.store.client import Store
from tests.query.cases import comparison, difference, insert_case, load_cases

RUNNERS: dict[str, Callable[[QueryContext, Mapping[str, Any]], dict[str, Any]]] = {
    "TrendsQuery": run_trends,
    "StickinessQuery": run_stickiness,
    "LifecycleQuery": run_lifecycle,
}
CASES = [case for case in load_cases("trends", "stickiness", "lifecycle", "filter") if case["query"]["kind"] in RUNNERS]
pytestmark = pytest.mark.skipif(not CASES or comparison() is None, reason="the case file is not beside the repository")


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']}-{case['name']}" for case in CASES])
def test_case(case: dict[str, Any], store: Store) -> None:
    project_id = 1000 + int(case["id"][1:])
    answer = RUNNERS[case["query"]["kind"]](insert_case(store, project_id, case), case["query"])
    assert difference(case, answer) is None
