"""Breakdowns of funnels and retention: a value is a list of texts, one per property, "" where it is missing.

Cohorts are no values of events: somebody counts in every cohort asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leanbase.query import fields
from leanbase.query.breakdowns import BreakdownFilter, Field
from leanbase.query.context import QueryContext
from leanbase.query.scope import EventScope
from leanbase.query.series import read

ALL_USERS = "all"
ALL_USERS_NUMBER = 0  # the cohort of everybody, in the answers of PostHog's funnels and in what asks for its people


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What is split by: properties, or the cohorts (numbers, and "all" for everybody). ``limit`` values are named.

    ``plain`` says that answers show the one value as a text instead of a list.
    """

    parts: tuple[Field, ...] = ()
    cohorts: tuple[int | Literal["all"], ...] = ()
    limit: int = 25
    plain: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The value of whoever has none."""
        return ("",) * max(1, len(self.parts))


def read_breakdown(query: Mapping[str, Any]) -> Breakdown | None:
    """The ``breakdownFilter`` of a query, None when it asks for nothing. Raises :class:`QueryError`."""
    described = fields.part(query, "breakdownFilter")
    found = read(BreakdownFilter, described, "breakdownFilter")
    if found.breakdowns and {item.type for item in found.breakdowns} == {"cohort"}:
        listed = BreakdownFilter(breakdown=[item.property for item in found.breakdowns], breakdown_type="cohort")
        return Breakdown(cohorts=tuple(listed.cohorts()), limit=found.limit(""))
    if cohorts := found.cohorts():
        return Breakdown(cohorts=tuple(cohorts), limit=found.limit(""))
    parts = [part for part in found.fields() if part.key]
    # PostHog shows every single property as a list of one, but for a property of groups that is asked for by its name.
    plain = found.breakdown_type == "group" and not found.breakdowns and not isinstance(found.breakdown, list)
    return Breakdown(tuple(parts), limit=found.limit(""), plain=plain) if parts else None


def value_list(scope: EventScope, breakdown: Breakdown) -> str:
    """SQL, an Array(String): the value of an event. With cohorts one row per cohort that the event's person is in."""
    if not breakdown.cohorts:
        return f"[{', '.join(_text(scope, part) for part in breakdown.parts)}]"
    members: list[str] = []
    for cohort in breakdown.cohorts:
        name = scope.binder(str(cohort), "String")
        if cohort == ALL_USERS:
            members.append(f"[{name}]")
        else:
            inside = scope.filters([{"type": "cohort", "key": "id", "value": cohort, "operator": "in"}])
            members.append(f"if({inside}, [{name}], CAST([], 'Array(String)'))")
    return f"[arrayJoin(arrayConcat({', '.join(members)}))]"


def _text(scope: EventScope, part: Field) -> str:
    text = f"ifNull(toString({part.value(scope)}), '')"
    if part.normalize_url:
        trimmed = f"replaceRegexpOne({text}, '[/?#]+$', '')"
        text = f"if({text} != '' AND {trimmed} = '', '/', {trimmed})"
    return text


def cohort_name(ctx: QueryContext, cohort: str) -> str:
    """How a cohort is shown: its name, "all users" for everybody."""
    if cohort == ALL_USERS:
        return "all users"
    found = ctx.cohorts.find(int(cohort))
    return found[1] if found else cohort
