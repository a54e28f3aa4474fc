"""ActivationMetricQuery: from its JSON to the behaviours that go with coming back, best first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leanbase.query.activation.query import ActivationQuery, read_activation
from leanbase.query.activation.separation import Separation, adjusted
from leanbase.query.activation.sql import EVENT, MOST_EVENTS, WATCHED, levels_sql
from leanbase.query.context import QueryContext

Group = tuple[list[int], int, int]
"""Levels per span of days, retained (0 or 1), persons."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    event: str
    count: int
    days: int
    separation: Separation

    @property
    def order(self) -> tuple[float, int, int, str]:
        """The strongest first; of equals the one that asks least."""
        return -self.separation.phi, self.count, self.days, self.event


@dataclass(frozen=True, slots=True)
class _Rated:
    candidate: _Candidate
    p_value: float
    adjusted: float


def run_activation(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an ActivationMetricQuery: ``{results, summary, warnings, resolved_date_range}``.

    A result is a behaviour (``event``, ``count`` times or more ``within_days`` of the start) with how it separates:
    ``persons``, ``coverage``, ``retention_with``, ``retention_without``, ``lift``, ``odds_ratio``, ``phi``,
    ``p_value``, ``p_value_adjusted`` and ``significant``. Shares are 0 to 1. Raises :class:`QueryError`.
    """
    activation = read_activation(ctx, query)
    events: dict[str, list[Group]] = {}
    watched: dict[int, int] = {0: 0, 1: 0}
    too_new = 0
    for kind, name, groups in ctx.execute(levels_sql(ctx, activation)).rows:
        if kind == EVENT:
            events[str(name)] = groups
        elif kind == WATCHED:
            for _, retained, persons in groups:
                watched[int(retained)] += int(persons)
        else:
            too_new += sum(int(persons) for _, _, persons in groups)
    tested = [
        item
        for name, groups in events.items()
        for item in _candidates(activation, name, groups, sum(watched.values()), watched[1])
    ]
    p_values = [item.separation.p_value for item in tested]
    rated = [_Rated(*parts) for parts in zip(tested, p_values, adjusted(p_values), strict=True)]
    rated.sort(key=lambda item: item.candidate.order)
    shown = _best(rated) if activation.best_per_event else rated
    return {
        "results": [_row(item, activation) for item in shown[: activation.limit]],
        "summary": _summary(activation, watched, too_new, len(tested)),
        "warnings": _warnings(activation, watched, too_new, tested, len(events)),
        "resolved_date_range": {
            "date_from": activation.begins_from.isoformat(),
            # To the end of the last window: until then the answer can change, and a cached one grows old.
            "date_to": (activation.begins_to + activation.horizon).isoformat(),
        },
    }


def _candidates(
    activation: ActivationQuery, event: str, groups: list[Group], persons: int, retained: int
) -> Iterable[_Candidate]:
    """Every count and span of days of an event that leaves enough persons on both sides."""
    seen: set[Separation] = set()
    for count_place, count in enumerate(activation.counts):
        for days_place, days in enumerate(activation.days):
            did = [0, 0]
            for levels, came_back, number in groups:
                if levels[days_place] > count_place:
                    did[int(came_back)] += int(number)
            size = sum(did)
            found = Separation(size, did[1], persons - size, retained - did[1])
            # The same table from a longer span or a higher count says nothing new, and would only be tested again.
            if min(size, persons - size) < activation.minimum or found in seen:
                continue
            seen.add(found)
            yield _Candidate(event, count, days, found)


def _best(rated: list[_Rated]) -> list[_Rated]:
    """The first of each event."""
    kept: dict[str, _Rated] = {}
    for item in rated:
        kept.setdefault(item.candidate.event, item)
    return list(kept.values())


def _row(item: _Rated, activation: ActivationQuery) -> dict[str, Any]:
    found = item.candidate
    separation = found.separation
    return {
        "event": found.event,
        "count": found.count,
        "within_days": found.days,
        "persons": separation.with_,
        "persons_without": separation.without,
        "retained_with": separation.with_retained,
        "retained_without": separation.without_retained,
        "coverage": separation.coverage,
        "retention_with": separation.retention_with,
        "retention_without": separation.retention_without,
        "lift": separation.lift,
        "odds_ratio": separation.odds_ratio,
        "phi": separation.phi,
        "p_value": item.p_value,
        "p_value_adjusted": item.adjusted,
        "significant": item.adjusted <= activation.significance,
        "is_returning_event": found.event == activation.returning.get("event"),
    }


def _summary(activation: ActivationQuery, watched: Mapping[int, int], too_new: int, tested: int) -> dict[str, Any]:
    persons = sum(watched.values())
    return {
        "persons": persons,
        "persons_retained": watched[1],
        "retention": watched[1] / persons if persons else None,
        "persons_too_new": too_new,
        "candidates_tested": tested,
        "retention_from_day": activation.retention_from,
        "retention_to_day": activation.retention_to,
        "significance": activation.significance,
    }


def _warnings(
    activation: ActivationQuery, watched: Mapping[int, int], too_new: int, tested: list[_Candidate], events: int
) -> list[str]:
    """What a reader must know before believing the ranking."""
    told: list[str] = []
    if too_new:
        told.append(
            f"{too_new} began less than {activation.retention_to} days ago and are left out: whether they come back"
            " is not known yet."
        )
    if min(watched.values()) < activation.minimum:
        told.append(
            f"{watched[1]} came back and {watched[0]} did not; with fewer than {activation.minimum} on a side"
            " this says little. Choose a longer range or another returning event."
        )
    elif not tested:
        told.append(f"No behaviour has at least {activation.minimum} who did it and as many who did not.")
    if events >= MOST_EVENTS:
        told.append(f"Only the {MOST_EVENTS} events that most did are compared.")
    return told
