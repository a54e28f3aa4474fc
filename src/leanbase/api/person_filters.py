"""Property filters of the persons list as SQL over the store's copies of persons."""

import json
from datetime import UTC, datetime
from typing import Any

from leanbase.api.context import ApiContext
from leanbase.api.errors import invalid
from leanbase.model.project import Project
from leanbase.model.property_filter import (
    COHORT_TYPES,
    NEGATIVE,
    PropertyFilter,
    PropertyFilterError,
    PropertyGroup,
    parse_filters,
)
from leanbase.query.binder import Binder
from leanbase.query.cohort_members import cohort_members
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.filter_operators import Operand, operator_condition
from leanbase.query.lookups import StoredActions, StoredCohorts, StoredPropertyTypes
from leanbase.store.properties import property_text
from leanbase.store.sql import Sql


def person_condition(context: ApiContext, project: Project, text: str) -> Sql | None:
    """The condition over ``persons AS p`` of ``properties``, a JSON list or group of filters; None for no filter.

    Filters without an operator mean ``exact``. Raises a 400 that names what was wrong.
    """
    if not text:
        return None
    try:
        raw = _with_person_type(json.loads(text))
    except (ValueError, RecursionError):
        raise invalid("properties must be a JSON list of property filters.", "properties") from None
    compiler = _PersonFilters(context, project)
    try:
        condition = compiler.group(parse_filters(raw, "properties"))
    except (PropertyFilterError, QueryError) as problem:
        raise invalid(problem.detail, problem.attr, problem.code) from None
    return compiler.binder.sql(condition)


def _with_person_type(raw: Any) -> Any:
    if isinstance(raw, list):
        return [_with_person_type(item) for item in raw]
    if isinstance(raw, dict):
        if "key" in raw:
            return {"type": "person", "operator": "exact", **raw}
        return {name: _with_person_type(value) if name == "values" else value for name, value in raw.items()}
    return raw


class _PersonFilters:
    def __init__(self, context: ApiContext, project: Project) -> None:
        self.binder = Binder()
        self._ctx = QueryContext(
            project=project,
            now=datetime.now(UTC),
            execute=context.store.query,
            property_types=StoredPropertyTypes(context.state, project.id),
            actions=StoredActions(context.appdb, project.id),
            cohorts=StoredCohorts(context.appdb, project.id),
        )

    def group(self, group: PropertyGroup) -> str:
        parts = [self.group(value) if isinstance(value, PropertyGroup) else self.one(value) for value in group.values]
        return "(" + f" {group.type} ".join(parts) + ")" if parts else "1"

    def one(self, wanted: PropertyFilter) -> str:
        if wanted.type in COHORT_TYPES:
            members = [cohort_members(self._ctx, self.binder, each, f"{wanted.path}.value") for each in wanted.values()]
            inside = "(" + " OR ".join(f"p.pk IN ({each})" for each in members) + ")"
            return f"NOT {inside}" if (wanted.operator in NEGATIVE) != wanted.negation else inside
        if wanted.type != "person":
            raise QueryError("persons are filtered by person properties and cohorts", "invalid_choice", wanted.path)
        if wanted.key == "created_at":
            operand = Operand("toString(p.created_at)", "DateTime", "toNullable(p.created_at)")
        else:
            text = property_text("properties", wanted.key, self.binder, "p")
            operand = Operand(text, self._ctx.property_types.of("person", wanted.key))
        return operator_condition(operand, wanted, self._ctx, self.binder)
