"""What a query may know: whose data, what time it is, and how to ask the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from leanbase.model.project import Project
from leanbase.persons.group_metrics import GroupMetric
from leanbase.store.client import Result
from leanbase.store.properties import PromotedProperties
from leanbase.store.sql import Sql


class PropertyTypes(Protocol):
    """Types of properties, declared by users or learnt from values."""

    def of(self, kind: str, key: str, group_type_index: int | None = None) -> str | None:
        """``kind`` is event, person, group or session; the answer String, Numeric, Boolean, DateTime or None."""
        ...


class ActionLookup(Protocol):
    def steps(self, action_id: int) -> list[dict[str, object]] | None:
        """The steps of an action of this project (PostHog's JSON), or None when there is no such action."""
        ...

    def names(self) -> dict[int, str]:
        """The actions of this project by id, pinned ones first."""
        ...

    def rows(self) -> list[dict[str, object]]:
        """Every action of this project: id, name, description, created_at (microseconds)."""
        ...


class CohortLookup(Protocol):
    def find(self, cohort: int | str) -> tuple[int, str] | None:
        """Id and name of a cohort of this project, by id or name; None when there is none."""
        ...

    def rows(self) -> list[dict[str, object]]:
        """Every cohort of this project: id, name, description, count (None before it is calculated), is_static,
        created_at (microseconds)."""
        ...


def no_usage_metrics() -> Sequence[GroupMetric]:
    """Where a project's usage metrics are not asked for."""
    return ()


@dataclass(frozen=True)
class QueryContext:
    """The surroundings of one query. ``now`` is aware, in UTC."""

    project: Project
    now: datetime
    execute: Callable[[Sql], Result]
    property_types: PropertyTypes
    actions: ActionLookup
    cohorts: CohortLookup
    promoted: PromotedProperties | None = None
    usage_metrics: Callable[[], Sequence[GroupMetric]] = no_usage_metrics
    modifiers: Mapping[str, Any] = field(default_factory=dict[str, Any])  # PostHog's HogQLQueryModifiers, by name
