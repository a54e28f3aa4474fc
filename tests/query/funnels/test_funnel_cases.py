"""The funnel cases of the case file, played in this process."""

from typing import Any

import pytest

from leanbase.query.errors import QueryError
from leanbase.query.funnels.runner import run_funnel
from leanbase.store.client import Store
from tests.query.cases import difference, insert_case, load_cases

CASES = load_cases("funnel")


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES, 5000)), ids=[case["id"] for case in CASES])
def test_a_funnel_case_is_answered_as_expected(store: Store, number: int, case: dict[str, Any]) -> None:
    ctx = insert_case(store, number, case)
    if "error" in case["expected"]:
        with pytest.raises(QueryError) as refused:
            run_funnel(ctx, case["query"])
        assert refused.value.status == case["expected"]["error"]["status"]
        assert refused.value.kind == case["expected"]["error"]["type"]
    else:
        assert difference(case, run_funnel(ctx, case["query"])) is None
