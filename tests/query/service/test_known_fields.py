"""Misspelt fields of queries."""

import json
from pathlib import Path

import pytest

from leanbase.query.errors import QueryError
from leanbase.query.known_fields import check_fields


def test_a_misspelt_field_is_named() -> None:
    with pytest.raises(QueryError, match="did you mean 'breakdownFilter'") as refusal:
        check_fields({"kind": "TrendsQuery", "series": [], "breakdownfilter": {}})
    assert (refusal.value.status, refusal.value.attr) == (400, "query.breakdownfilter")


def test_fields_of_another_kind_do_no_harm() -> None:
    check_fields({"kind": "PathsQuery", "dateRange": {}, "interval": "day", "breakdownFilter": {}, "version": 2})


MISSPELT = [
    ({"trendsFilter": {"dispaly": "BoldNumber"}}, "query.trendsFilter.dispaly", "display"),
    ({"trendsFilter": {"smoothing_interval": 3}}, "query.trendsFilter.smoothing_interval", "smoothing_intervals"),
    ({"series": [{"kind": "EventsNode", "evnet": "a"}]}, "query.series.0.evnet", "event"),
    ({"series": [{"kind": "EventsNode", "properties": [{"key": "a", "oprator": "exact"}]}]},
     "query.series.0.properties.0.oprator", "operator"),
    ({"properties": {"type": "AND", "values": [{"type": "OR", "vaules": []}]}}, "query.properties.values.0.vaules",
     "values"),
    ({"dateRange": {"dateFrom": "-7d"}}, "query.dateRange.dateFrom", "date_from"),
    ({"breakdownFilter": {"breakdownType": "event"}}, "query.breakdownFilter.breakdownType", "breakdown_type"),
    ({"funnelsFilter": {"exclusions": [{"funnelFromSteps": 1}]}}, "query.funnelsFilter.exclusions.0.funnelFromSteps",
     "funnelFromStep"),
    ({"retentionFilter": {"targetEntitiy": {}}}, "query.retentionFilter.targetEntitiy", "targetEntity"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "attr", "meant"), MISSPELT)
def test_a_misspelt_field_inside_is_named_with_its_place(part: dict, attr: str, meant: str) -> None:
    with pytest.raises(QueryError, match=f"did you mean '{meant}'") as refusal:
        check_fields({"kind": "TrendsQuery", **part})
    assert refusal.value.attr == attr


def test_what_is_unlike_every_known_field_is_left_alone_inside() -> None:
    """PostHog adds fields about how charts look; they change no answer."""
    check_fields({"kind": "TrendsQuery", "trendsFilter": {"sparkles": True}, "series": [{"mood": "good"}]})
    check_fields({"kind": "TrendsQuery", "series": "none", "trendsFilter": None, "properties": [None, 1, []]})


def test_tabular_kinds_are_judged_by_likeness() -> None:
    check_fields({"kind": "HogQLQuery", "query": "select 1", "mood": "good"})
    with pytest.raises(QueryError, match="did you mean 'variables'"):
        check_fields({"kind": "HogQLQuery", "query": "select 1", "varaibles": {}})


def test_every_query_of_the_cases_is_made_of_known_fields() -> None:
    cases = json.loads((Path(__file__).parents[1] / "spec_cases.json").read_text())
    for case in cases if isinstance(cases, list) else cases["cases"]:
        check_fields(case["query"])
