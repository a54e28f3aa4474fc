"""The paths cases of the case file, played in this process."""

from typing import Any

import pytest

from leanbase.query.errors import QueryError
from leanbase.query.paths.runner import run_paths
from leanbase.store.client import Store
from tests.query.cases import difference, insert_case, load_cases

CASES = load_cases("paths")


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES, 7000)), ids=[case["id"] for case in CASES])
def test_a_paths_case_is_answered_as_expected(store: Store, number: int, case: dict[str, Any]) -> None:
    ctx = insert_case(store, number, case)
    if "error" in case["expected"]:
        with pytest.raises(QueryError) as refused:
            run_paths(ctx, case["query"])
        assert refused.value.status == case["expected"]["error"]["status"]
        assert refused.value.kind == case["expected"]["error"]["type"]
    else:
        assert difference(case, run_paths(ctx, case["query"])) is None
