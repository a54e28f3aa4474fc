"""Who belongs to a dynamic cohort: its criteria as a SELECT of persons' keys (UInt64).

Criteria are ``{type: AND|OR, values: [criteria or groups]}``. A criterion is about a person's properties, about another
cohort, or about what the person did (``behavior``). A negated one takes everybody else among the project's persons.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from leanbase.model.property_filter import COHORT_TYPES, NEGATIVE, PropertyFilter, PropertyFilterError, parse_filters
from leanbase.query.binder import Binder
from leanbase.query.cohort_members import cohort_members
from leanbase.query.cohorts.behavior import behavior_members
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.filter_operators import Operand, operator_condition
from leanbase.store.properties import property_text

DEEPEST = 10  # groups within groups
MOST_CRITERIA = 100


class Criteria:
    """Compiles the criteria of one cohort."""

    def __init__(self, ctx: QueryContext, binder: Binder) -> None:
        self.ctx = ctx
        self.binder = binder
        self._count = 0

    def members(self, filters: Any) -> str:
        """A SELECT of the keys of the members, for a cohort's ``filters``: {properties, filterTestAccounts}.

        Raises :class:`QueryError` naming what is wrong.
        """
        asked: Mapping[str, Any] = filters if isinstance(filters, Mapping) else {}
        path, criteria = "filters.properties", asked.get("properties")
        if not isinstance(criteria, Mapping) or not criteria.get("values"):
            raise QueryError("A cohort needs at least one criterion.", "required", path)
        members = self._group(criteria, path, 0)
        outside = self._outside() if asked.get("filterTestAccounts") else []
        return f"({members}) INTERSECT ({self._persons(' AND '.join(outside))})" if outside else members

    def _outside(self) -> list[str]:
        """The project's test account filters, of which PostHog takes those of persons' properties here: the others
        are about events, or about cohorts, which could name this one."""
        asked = [one for one in self.ctx.project.test_account_filters if one.get("type") == "person"]
        return [person_condition(one, self.ctx, self.binder) for one in _parsed(asked, "test_account_filters")]

    def _group(self, group: Mapping[str, Any], path: str, depth: int) -> str:
        if depth > DEEPEST:
            raise QueryError(f"Groups are nested more than {DEEPEST} deep.", attr=path)
        joined = str(group.get("type") or "AND").upper()
        if joined not in ("AND", "OR"):
            raise QueryError(f"a group's type is AND or OR, not {joined!r}", "invalid_choice", f"{path}.type")
        values = group.get("values")
        if not isinstance(values, list) or not values:
            raise QueryError("a group needs a list of values", "required", f"{path}.values")
        parts: list[str] = []
        for number, value in enumerate(values):
            at = f"{path}.values.{number}"
            if not isinstance(value, Mapping):
                raise QueryError("a criterion is an object", attr=at)
            parts.append(self._group(value, at, depth + 1) if "values" in value else self._criterion(value, at))
        return (" UNION DISTINCT " if joined == "OR" else " INTERSECT ").join(f"({part})" for part in parts)

    def _criterion(self, criterion: Mapping[str, Any], path: str) -> str:
        self._count += 1
        if self._count > MOST_CRITERIA:
            raise QueryError(f"A cohort has at most {MOST_CRITERIA} criteria.", attr=path)
        kind = str(criterion.get("type") or "person")
        if kind == "behavioral":
            members = behavior_members(self.ctx, self.binder, criterion, path)
            return self._others(members) if criterion.get("negation") else members
        if kind == "person_metadata" and criterion.get("key") == "created_at":
            kind = "person"  # among persons' properties the name means the same: person_condition
        if kind not in ("person", *COHORT_TYPES):
            raise QueryError(
                f"A cohort's criteria are of type person, behavioral or cohort, not {kind!r}.",
                "invalid_choice",
                f"{path}.type",
            )
        found = self._filter({**criterion, "type": kind}, path)
        if found.type in COHORT_TYPES:
            return self._cohorts(found)
        condition = person_condition(found, self.ctx, self.binder)
        return self._persons(f"NOT ({condition})" if found.negation else condition)

    def _filter(self, raw: Mapping[str, Any], path: str) -> PropertyFilter:
        found = _parsed([raw], path)
        if not found:
            raise QueryError("This criterion is not complete: it needs a key and a value.", "required", path)
        return found[0]

    def _cohorts(self, wanted: PropertyFilter) -> str:
        parts = [f"({cohort_members(self.ctx, self.binder, value, wanted.path)})" for value in wanted.values()]
        members = " UNION DISTINCT ".join(parts)
        return self._others(members) if (wanted.operator in NEGATIVE) != wanted.negation else members

    def _others(self, members: str) -> str:
        return self._persons(f"p.pk NOT IN ({members})")

    def _persons(self, condition: str) -> str:
        return (
            f"SELECT p.pk FROM persons AS p FINAL WHERE p.project_id = {self.binder(self.ctx.project.id, 'UInt32')}"
            f" AND NOT p.is_deleted AND {condition}"
        )


def _parsed(raw: Sequence[Mapping[str, Any]], path: str) -> list[PropertyFilter]:
    """The filters of a list that are complete."""
    try:
        values = parse_filters(list(raw), path).values
    except PropertyFilterError as problem:
        raise QueryError(problem.detail, problem.code, path) from None
    return [value for value in values if isinstance(value, PropertyFilter)]


def person_condition(wanted: PropertyFilter, ctx: QueryContext, binder: Binder) -> str:
    """The condition of a filter on ``persons AS p``."""
    if wanted.key == "created_at":
        operand = Operand("toString(p.created_at)", "DateTime", "toNullable(p.created_at)")
    else:
        text = property_text("properties", wanted.key, binder, "p")
        operand = Operand(text, ctx.property_types.of("person", wanted.key))
    return operator_condition(operand, wanted, ctx, binder)


def nested_cohorts(filters: Any, find: Callable[[Any], tuple[int, str] | None]) -> set[int]:
    """The ids of the cohorts that criteria name."""
    found: set[int] = set()
    pending = [filters]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, Mapping):
            pending.extend(item.get("values") or [])
            if item.get("type") in COHORT_TYPES:
                value = item.get("value")
                for cohort in value if isinstance(value, list) else [value]:
                    known = find(cohort) if isinstance(cohort, (int, str)) else None
                    if known is not None:
                        found.add(known[0])
    return found
