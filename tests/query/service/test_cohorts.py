# ruff: noqa: E501 - one case a line
"""Cohorts: criteria by properties and behaviour, nesting, lists, merges, recalculation."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.binder import Binder
from leanbase.query.cohorts.behavior import behavior_members
from leanbase.query.errors import QueryError
from leanbase.query.service import QueryService
from tests.query.conftest import person_uuid

DAYS: dict[str, list[tuple[str, int]]] = {  # person -> (event, days ago)
    "ann": [("buy", 1), ("buy", 2), ("buy", 8), ("view", 3)],
    "bob": [("buy", 20), ("view", 1)],
    "cat": [("view", 40), ("view", 1)],
    "dan": [("view", 12), ("buy", 11)],
    "eve": [],
}


@pytest.fixture
def people(insert_events: Callable, insert_persons: Callable, service: QueryService) -> None:
    now = datetime.now(UTC)
    for project in (1, 2):
        insert_persons(
            project,
            [
                {
                    "distinct_ids": [name],
                    "properties": {"name": name, "plan": "pro" if name in ("ann", "bob") else "free"},
                }
                for name in DAYS
            ],
        )
        insert_events(
            project,
            [
                {
                    "event": event,
                    "timestamp": now - timedelta(days=ago, hours=1),
                    "distinct_id": name,
                    "properties": {"n": ago},
                }
                for name, done in DAYS.items()
                for event, ago in done
            ],
        )


def names(service: QueryService, project: Project, cohort_id: int) -> list[str]:
    rows = service.run(
        project,
        {
            "kind": "HogQLQuery",
            "query": f"select properties.name from persons where id in cohort {cohort_id} order by 1",
        },
        refresh=True,
    )["results"]
    return [row[0] for row in rows]


def dynamic(service: QueryService, project: Project, *criteria: dict[str, Any], joined: str = "AND") -> int:
    filters = {"properties": {"type": "OR", "values": [{"type": joined, "values": list(criteria)}]}}
    service.cohorts.check(project, filters)
    cohort = service.cohorts.rows.add(project.id, None, {"name": "c", "filters": filters})
    service.cohorts.calculate(project, cohort.id)
    return cohort.id


def did(value: str = "performed_event", key: str = "buy", **more: Any) -> dict[str, Any]:
    base = {"type": "behavioral", "key": key, "event_type": "events", "time_value": 30, "time_interval": "day"}
    return {**base, "value": value, **more}


PRO = {"type": "person", "key": "plan", "value": "pro", "operator": "exact"}

CRITERIA: list[tuple[dict[str, Any], list[str]]] = [
    (PRO, ["ann", "bob"]),
    ({**PRO, "negation": True}, ["cat", "dan", "eve"]),
    ({"type": "person_metadata", "key": "created_at", "operator": "is_date_after", "value": "2019-06-01"}, ["ann", "bob", "cat", "dan", "eve"]),
    ({"type": "person_metadata", "key": "created_at", "operator": "is_date_before", "value": "2020-01-01"}, []),
    ({"type": "person", "key": "name", "operator": "regex", "value": "^[ab]"}, ["ann", "bob"]),
    ({"type": "person", "key": "plan", "operator": "is_not", "value": ["pro"]}, ["cat", "dan", "eve"]),
    (did(), ["ann", "bob", "dan"]),
    (did(time_value=1, time_interval="week"), ["ann"]),
    (did(explicit_datetime="-12d"), ["ann", "dan"]),
    (did(explicit_datetime="-12d", explicit_datetime_to="-3d"), ["ann", "dan"]),
    (did(explicit_datetime="-25d", explicit_datetime_to="-9d"), ["bob", "dan"]),
    (did(negation=True), ["cat", "eve"]),
    (did(event_filters=[{"key": "n", "value": "20", "type": "event"}]), ["bob"]),
    (did("performed_event_multiple", operator="gte", operator_value=2), ["ann"]),
    (did("performed_event_multiple", operator="exact", operator_value=1), ["bob", "dan"]),
    (did("performed_event_multiple", operator="lte", operator_value=3), ["ann", "bob", "dan"]),
    (did("performed_event_first_time", key="view", time_value=30), ["ann", "bob", "dan"]),
    (did("performed_event_regularly", time_value=7, operator="gte", operator_value=1, total_periods=2, min_periods=2), ["ann"]),
    (did("performed_event_sequence", key="view", seq_event="buy", seq_event_type="events", seq_time_value=2,
         seq_time_interval="day"), ["ann", "dan"]),
    (did("stopped_performing_event", seq_time_value=10, seq_time_interval="day"), ["bob", "dan"]),
    (did("restarted_performing_event", key="view", seq_time_value=5, seq_time_interval="day"), ["cat"]),
]  # fmt: skip


def test_criteria(service: QueryService, project: Project, people: None) -> None:
    for criterion, expected in CRITERIA:
        cohort_id = dynamic(service, project, criterion)
        assert names(service, project, cohort_id) == expected, criterion
        stored = service.cohorts.rows.find(1, cohort_id)
        assert stored is not None and stored.count == len(expected) and not stored.is_calculating


REGULARLY = {  # person -> when they bought; it is noon of Saturday 31 January
    "ann": ["2026-01-31T10:00", "2026-01-30T10:00"],  # today is no part of it
    "bob": ["2026-01-30T10:00", "2026-01-28T00:30"],
    "cat": ["2026-01-30T00:10", "2026-01-30T23:00"],  # one day, though more than 12 hours apart
    "dan": ["2026-01-17T08:00", "2026-01-18T08:00"],  # a Saturday and the Sunday that begins the next week
    "eve": ["2025-01-10T08:00", "2026-01-10T08:00"],
}


@pytest.mark.parametrize(
    ("regularly", "expected"),
    [
        ({"time_value": 1, "total_periods": 3, "min_periods": 2}, ["bob"]),
        ({"time_value": 1, "total_periods": 3, "min_periods": 1, "operator": "exact", "operator_value": 2}, ["cat"]),
        ({"time_value": 3, "total_periods": 1, "min_periods": 1, "operator_value": 2}, ["bob", "cat"]),
        ({"time_value": 1, "time_interval": "week", "total_periods": 2, "min_periods": 2}, ["dan"]),
        ({"time_value": 1, "time_interval": "month", "total_periods": 1, "min_periods": 1, "operator_value": 2},
         ["bob", "cat", "dan"]),
        ({"time_value": 1, "time_interval": "year", "total_periods": 2, "min_periods": 2}, ["eve"]),
        ({"time_value": 1, "time_interval": "hour", "total_periods": 3, "min_periods": 1}, []),
    ],
)  # fmt: skip
def test_what_is_done_regularly_goes_by_the_calendar_until_yesterday(
    ctx: Callable, insert_events: Callable, regularly: dict[str, Any], expected: list[str]
) -> None:
    bought = [(name, moment) for name, moments in REGULARLY.items() for moment in moments]
    insert_events(1, [{"event": "buy", "distinct_id": name, "timestamp": moment} for name, moment in bought])
    here, bind = ctx(1), Binder()
    members = behavior_members(here, bind, did("performed_event_regularly", **regularly), "filters")
    found = here.execute(bind.sql(f"SELECT DISTINCT distinct_id FROM events WHERE pk IN ({members}) ORDER BY 1")).rows
    assert [row[0] for row in found] == expected


def test_groups_and_nested_cohorts(service: QueryService, project: Project, people: None) -> None:
    both = dynamic(service, project, PRO, did())
    assert names(service, project, both) == ["ann", "bob"]
    either = dynamic(service, project, PRO, did(), joined="OR")
    assert names(service, project, either) == ["ann", "bob", "dan"]
    inside = {"type": "cohort", "key": "id", "value": either}
    assert names(service, project, dynamic(service, project, inside)) == ["ann", "bob", "dan"]
    assert names(service, project, dynamic(service, project, {**inside, "negation": True})) == ["cat", "eve"]
    assert names(service, project, dynamic(service, project, inside, {**PRO, "negation": True})) == ["dan"]


def test_a_cohort_can_leave_out_test_accounts(service: QueryService, people: None) -> None:
    inside = [
        {"type": "person", "key": "name", "operator": "is_not", "value": ["ann"]},
        {"type": "event", "key": "$host", "operator": "is_not", "value": "localhost"},
        {"type": "cohort", "key": "id", "value": 999},
    ]
    project = Project(id=1, api_token="t", test_account_filters=tuple(inside))
    filters = {"properties": {"type": "OR", "values": [PRO, did()]}, "filterTestAccounts": True}
    cohort = service.cohorts.rows.add(1, None, {"name": "c", "filters": filters})
    service.cohorts.calculate(project, cohort.id)
    assert names(service, project, cohort.id) == ["bob", "dan"]


def test_a_cohort_that_names_itself_does_not_go_on_for_ever(
    service: QueryService, project: Project, people: None
) -> None:
    first = dynamic(service, project, PRO)
    second = dynamic(service, project, {"type": "cohort", "key": "id", "value": first})
    cycle = {"properties": {"type": "OR", "values": [{"type": "cohort", "key": "id", "value": second}]}}
    service.cohorts.rows.change(1, first, {"filters": cycle})
    service.cohorts.calculate(project, first)
    assert names(service, project, first) == ["ann", "bob"]


def test_recalculation_follows_persons_and_leaves_other_projects_alone(
    service: QueryService, project: Project, people: None, insert_persons: Callable, merge_persons: Callable
) -> None:
    other = Project(id=2, api_token="t")
    cohort_id, stranger = dynamic(service, project, PRO), dynamic(service, other, PRO)
    insert_persons(1, [{"distinct_ids": ["ann"], "properties": {"name": "ann", "plan": "free"}, "version": 2}])
    assert names(service, project, cohort_id) == ["ann", "bob"]
    assert service.cohorts.recalculate_due({1: project, 2: other}.get) == 0
    for number in (cohort_id, stranger):
        service.cohorts.rows.change(1 if number == cohort_id else 2, number, {"last_calculation": 5})
    assert service.cohorts.recalculate_due({1: project, 2: other}.get) == 2
    assert names(service, project, cohort_id) == ["bob"]
    assert names(service, other, stranger) == ["ann", "bob"]
    merge_persons(1, "bob", "eve")
    assert names(service, project, cohort_id) == ["eve"]
    assert service.cohorts.count(1, cohort_id) == 1
    assert service.cohorts.of_person(1, person_uuid(1, "eve")) == [cohort_id]


def test_lists(service: QueryService, project: Project, people: None, merge_persons: Callable) -> None:
    cohorts = service.cohorts
    cohort = cohorts.rows.add(1, None, {"name": "list", "is_static": True})
    cohorts.add_distinct_ids(project, cohort.id, ["ann", "nobody", "eve"])
    cohorts.add_persons(project, cohort.id, [person_uuid(1, "bob"), person_uuid(2, "cat")])
    assert names(service, project, cohort.id) == ["ann", "bob", "eve"]
    copy = cohorts.rows.add(1, None, {"name": "copy", "is_static": True})
    cohorts.copy_members(project, cohort.id, copy.id)
    cohorts.remove_person(project, cohort.id, person_uuid(1, "ann"))
    assert names(service, project, cohort.id) == ["bob", "eve"]
    assert names(service, project, copy.id) == ["ann", "bob", "eve"]
    merge_persons(1, "bob", "ann")
    assert cohorts.count(1, copy.id) == 2
    cohorts.remove_person(project, copy.id, person_uuid(1, "ann"))
    assert names(service, project, copy.id) == ["eve"]
    assert [str(row["person_id"]) for row in cohorts.persons(1, copy.id, 10, 0)] == [str(person_uuid(1, "eve"))]


BAD: list[tuple[Any, str]] = [
    (None, "at least one criterion"),
    ({"type": "OR", "values": []}, "at least one criterion"),
    ({"type": "XOR", "values": [PRO]}, "AND or OR"),
    ({"type": "OR", "values": [5]}, "object"),
    ({"type": "OR", "values": [{"type": "event", "key": "x", "value": 1}]}, "not 'event'"),
    ({"type": "OR", "values": [{"type": "person_metadata", "key": "plan", "value": "pro"}]}, "not 'person_metadata'"),
    ({"type": "OR", "values": [{"type": "person", "key": "x"}]}, "not complete"),
    ({"type": "OR", "values": [{"type": "cohort", "key": "id", "value": 999}]}, "no cohort 999"),
    ({"type": "OR", "values": [did("danced")]}, "behaviour is one of"),
    ({"type": "OR", "values": [did(key="")]}, "which event"),
    ({"type": "OR", "values": [did(time_value="many")]}, "whole number"),
    ({"type": "OR", "values": [did(time_interval="moon")]}, "is one of"),
    ({"type": "OR", "values": [did(time_value=None)]}, "how long ago"),
    ({"type": "OR", "values": [did("performed_event_regularly", total_periods=1000)]}, "1 to 100"),
    ({"type": "OR", "values": [did("performed_event_regularly", total_periods=2, min_periods=3)]}, "at most total"),
]


def test_criteria_that_make_no_sense_are_refused(service: QueryService, project: Project) -> None:
    for properties, message in BAD:
        with pytest.raises(QueryError, match=message) as refusal:
            service.cohorts.check(project, {"properties": properties})
        assert refusal.value.status == 400


def test_a_failed_calculation_says_so_and_keeps_the_members(
    service: QueryService, project: Project, people: None
) -> None:
    cohort_id = dynamic(service, project, PRO)
    broken = {"properties": {"type": "OR", "values": [{"type": "cohort", "key": "id", "value": 999}]}}
    service.cohorts.rows.change(1, cohort_id, {"filters": broken})
    with pytest.raises(QueryError):
        service.cohorts.calculate(project, cohort_id)
    stored = service.cohorts.rows.find(1, cohort_id)
    assert stored is not None and stored.errors_calculating == 1 and "999" in str(stored.last_error_message)
    assert not stored.is_calculating
    assert names(service, project, cohort_id) == ["ann", "bob"]
