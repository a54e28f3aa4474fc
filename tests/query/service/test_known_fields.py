"""Misspelt fields of insight queries."""

import pytest

from leanbase.query.errors import QueryError
from leanbase.query.known_fields import check_fields


def test_a_misspelt_field_is_named() -> None:
    with pytest.raises(QueryError, match="did you mean 'breakdownFilter'") as refusal:
        check_fields({"kind": "TrendsQuery", "series": [], "breakdownfilter": {}})
    assert (refusal.value.status, refusal.value.attr) == (400, "query.breakdownfilter")


def test_fields_of_another_kind_do_no_harm() -> None:
    check_fields({"kind": "PathsQuery", "dateRange": {}, "interval": "day", "breakdownFilter": {}, "version": 2})


def test_other_kinds_are_not_judged() -> None:
    check_fields({"kind": "HogQLQuery", "query": "select 1", "mood": "good"})
