"""The activation finder on planted data, and against counting by hand."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leanbase.query.activation.runner import run_activation
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.store.client import Store
from leanbase.store.sql import Sql

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = "2026-03-01T00:00:00Z"
RANGE = {"date_from": "2026-01-01", "date_to": "2026-01-31"}


def event(name: str, who: str, days: float, **properties: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": who, "timestamp": BEGIN + timedelta(days=days), "properties": properties}


def asked(**options: Any) -> dict[str, Any]:
    return {"kind": "ActivationMetricQuery", "dateRange": RANGE, "activationFilter": options}


def planted(seed: int, persons: int) -> list[dict[str, Any]]:
    """Who invites at least 3 colleagues within 3 days comes back with 80 %, others with 20 %; six more events are
    chance, and one ('look around') everybody does."""
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(persons):
        who, start = f"p{number}", chance.uniform(0, 28)
        rows += [event("sign up", who, start), event("look around", who, start + 0.01)]
        invites = chance.choice([0, 0, 1, 2, 3, 4])
        late = chance.random() < 0.3  # the same, but too late to count
        rows += [event("invite", who, start + (3.5 if late else 0.1) + 0.7 * nth) for nth in range(invites)]
        for noise in range(6):
            rows += [
                event(f"noise {noise}", who, start + chance.uniform(0.02, 6.9)) for _ in range(chance.choice([0, 1, 5]))
            ]
        if chance.random() < (0.8 if invites >= 3 and not late else 0.2):
            rows.append(event("work", who, start + chance.uniform(7.1, 13.9)))
    return rows


def test_the_planted_behaviour_is_found(insert_events: Insert, ctx: Make) -> None:
    insert_events(1, planted(7, 600))
    answer = run_activation(
        ctx(now=NOW), asked(startEntity={"id": "sign up", "type": "events"}, returningEntity={"id": "work"})
    )
    best = answer["results"][0]
    assert (best["event"], best["count"], best["within_days"]) == ("invite", 3, 3)
    assert best["significant"]
    assert best["p_value"] < 1e-20
    assert 0.7 < best["retention_with"] < 0.9
    assert 0.1 < best["retention_without"] < 0.3
    assert [row["event"] for row in answer["results"] if row["significant"]] == ["invite"]
    assert {row["event"] for row in answer["results"]} == {"invite", *(f"noise {n}" for n in range(6))}
    assert answer["summary"]["persons"] == 600
    assert answer["warnings"] == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_alone_is_not_significant(insert_events: Insert, ctx: Make, seed: int) -> None:
    rows = [row for row in planted(seed, 300) if row["event"] not in ("invite", "work")]
    chance = random.Random(seed + 100)
    rows += [event("work", f"p{n}", 40 + chance.uniform(0, 1)) for n in range(300)]  # beyond everybody's window
    starts = {row["distinct_id"]: row["timestamp"] for row in rows if row["event"] == "sign up"}
    rows += [
        event("work", who, (at - BEGIN) / timedelta(days=1) + 8) for who, at in starts.items() if chance.random() < 0.5
    ]
    insert_events(1, rows)
    answer = run_activation(ctx(now=NOW), asked(returningEntity={"id": "work"}))
    assert answer["summary"]["candidates_tested"] > 20
    assert [row for row in answer["results"] if row["significant"]] == []


def test_every_candidate_on_demand(insert_events: Insert, ctx: Make) -> None:
    insert_events(1, planted(7, 300))
    options = {"returningEntity": {"id": "work"}, "candidateEvents": ["invite"], "bestPerEvent": False}
    answer = run_activation(ctx(now=NOW), asked(**options, days=[3, 7], counts=[1, 3]))
    assert {(row["event"], row["count"], row["within_days"]) for row in answer["results"]} == {
        ("invite", count, days) for count in (1, 3) for days in (3, 7)
    }
    assert answer["summary"]["candidates_tested"] == 4


def test_who_began_too_recently_is_left_out(insert_events: Insert, ctx: Make) -> None:
    insert_events(1, planted(7, 100))
    answer = run_activation(ctx(now="2026-01-20T00:00:00Z"), asked(returningEntity={"id": "work"}))
    summary = answer["summary"]
    assert summary["persons"] + summary["persons_too_new"] <= 100
    assert summary["persons_too_new"] > 0
    assert "left out" in answer["warnings"][0]


def test_few_persons_say_little(insert_events: Insert, ctx: Make) -> None:
    insert_events(1, planted(7, 12))
    answer = run_activation(ctx(now=NOW), asked(returningEntity={"id": "work"}))
    assert answer["results"] == []
    assert any("says little" in warning for warning in answer["warnings"])


def test_no_events(ctx: Make, store: Store) -> None:
    answer = run_activation(ctx(now=NOW), asked())
    assert answer["results"] == []
    assert answer["summary"]["persons"] == 0
    assert answer["summary"]["retention"] is None


def test_other_projects_and_filtered_events_do_not_count(insert_events: Insert, ctx: Make) -> None:
    insert_events(2, planted(7, 50))
    insert_events(1, [event("sign up", f"p{n}", 1, plan="pro" if n % 2 else "free") for n in range(50)])
    query = {**asked(), "properties": [{"key": "plan", "value": "pro", "type": "event"}]}
    assert run_activation(ctx(now=NOW), query)["summary"]["persons"] == 25


@pytest.mark.parametrize(
    ("options", "attr"),
    [
        ({"days": [7], "retentionFromDay": 3}, "activationFilter.retentionFromDay"),
        ({"days": []}, "activationFilter.days"),
        ({"days": [0]}, "activationFilter.days"),
        ({"counts": ["many"]}, "activationFilter.counts"),
        ({"significance": 2}, "activationFilter.significance"),
        ({"minimumPersons": 0}, "activationFilter.minimumPersons"),
        ({"startEntity": {"id": 3}}, "activationFilter.startEntity.id"),
        ({"candidateEvents": "all"}, "activationFilter.candidateEvents"),
    ],
)
def test_what_is_wrong_is_named(ctx: Make, options: dict[str, Any], attr: str) -> None:
    with pytest.raises(QueryError) as refused:
        run_activation(ctx(now=NOW), asked(**options))
    assert refused.value.attr == attr


NAMES = ("start", "a", "b", "back")
HISTORIES = st.lists(
    st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 40)), max_size=12), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES, st.booleans())
def test_counts_are_those_of_the_naive_way(
    insert_events: Insert, ctx: Make, store: Store, histories: list[list[tuple[str, int]]], named: bool
) -> None:
    store.command(Sql("TRUNCATE TABLE events"))
    insert_events(1, [event(n, f"p{who}", at / 2) for who, days in enumerate(histories) for n, at in days])
    options: dict[str, Any] = {"startEntity": {"id": "start"}} if named else {}
    counts, days = (1, 2, 3), (1, 3)
    answer = run_activation(
        ctx(now=NOW),
        asked(
            returningEntity={"id": "back"},
            counts=list(counts),
            days=list(days),
            retentionFromDay=4,
            minimumPersons=1,
            bestPerEvent=False,
            limit=1000,
            **options,
        ),
    )
    tables: dict[tuple[str, int, int], list[int]] = defaultdict(lambda: [0, 0])
    persons = retained = 0
    for history in histories:
        starts = [at / 2 for name, at in history if name == "start" or not named]
        if not starts:
            continue
        begin = min(starts)
        came_back = any(name == "back" and 4 <= at / 2 - begin < 11 for name, at in history)
        persons, retained = persons + 1, retained + came_back
        for name in NAMES:
            for span in days:
                number = sum(name == other and 0 <= at / 2 - begin < span for other, at in history)
                for count in counts:
                    if number >= count:
                        tables[name, count, span][came_back] += 1
    assert answer["summary"]["persons"] == persons
    assert answer["summary"]["persons_retained"] == retained
    found = {
        (row["event"], row["count"], row["within_days"]): [row["persons"] - row["retained_with"], row["retained_with"]]
        for row in answer["results"]
    }
    assert all(tables[key] == did for key, did in found.items())
    # Nothing that has both sides is missing, but for tables that a smaller count or span already gave.
    wanted = {(key[0], *did) for key, did in tables.items() if 0 < sum(did) < persons}
    assert {(key[0], *did) for key, did in found.items()} == wanted


def test_groups_and_actions(insert_events: Insert, ctx: Make, lookups: Any) -> None:
    """Companies instead of persons; events without a company count for nobody."""
    rows = planted(7, 120)
    for row in rows:
        row["groups"] = {0: f"company {row['distinct_id']}"}
    insert_events(1, [*rows, event("sign up", "nobody", 1)])
    lookups.action_steps[7] = [{"event": "work"}]
    query = {**asked(returningEntity={"id": 7, "type": "actions"}), "aggregation_group_type_index": 0}
    answer = run_activation(ctx(now=NOW), query)
    assert answer["summary"]["persons"] == 120
    assert answer["results"][0]["event"] == "invite"
