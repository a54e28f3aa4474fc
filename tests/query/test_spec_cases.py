"""Rules of queries one by one, in the format of the neutral cases: rows in, a query, what the answer has to hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from leanbase.query.errors import QueryError
from leanbase.query.kinds import RUNNERS
from leanbase.store.client import Store
from tests.query.cases import comparison, difference, insert_case

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "spec_cases.json").read_text())["cases"]
pytestmark = pytest.mark.skipif(comparison() is None, reason="the comparison is not beside the repository")


@pytest.mark.parametrize("case", CASES, ids=[f"{case['topic']}-{case['name']}" for case in CASES])
def test_case(case: dict[str, Any], store: Store) -> None:
    project_id = 5000 + int(case["id"][1:])
    context = insert_case(store, project_id, case)
    runner = RUNNERS[case["query"]["kind"]]
    if "error" not in case["expected"]:
        assert difference(case, runner(context, case["query"])) is None
        return
    with pytest.raises(QueryError) as refusal:
        runner(context, case["query"])
    assert (refusal.value.status, refusal.value.kind) == tuple(case["expected"]["error"].values())
