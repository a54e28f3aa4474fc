"""An ActivationMetricQuery, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from leanbase.query import fields
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.periods import date_range, period

Node = Mapping[str, Any]

_ATTR = "activationFilter."
_DEFAULT_FROM = "-90d"  # persons who began in the last 7 days, the usual range, have no later window yet
_DEFAULT_DAYS = (1, 3, 7)
_DEFAULT_COUNTS = (1, 2, 3, 5, 10)
_DEFAULT_RETENTION_DAYS = 7
_DEFAULT_MINIMUM = 20
_MOST_THRESHOLDS = 10  # of either kind: up to 100 candidates per event
_LONGEST = 365  # days
_SIGNIFICANCE = 0.05

# What SDKs send by themselves about flags, persons and the page; nobody does it, so it is no behaviour.
BOOKKEEPING = (
    "$$client_ingestion_warning",
    "$$heatmap",
    "$create_alias",
    "$feature_flag_called",
    "$groupidentify",
    "$identify",
    "$merge_dangerously",
    "$pageleave",
    "$set",
    "$web_vitals",
)


@dataclass(frozen=True)
class ActivationQuery:
    """What is asked. ``days`` and ``counts`` ascend; days are 24 hours from a person's start.

    ``start`` is None for a person's very first event, ``returning`` matches any event when it names none. A person
    who began from ``begins_from`` to ``begins_to`` is retained who did ``returning`` from ``retention_from`` up to but
    not including ``retention_to`` days after the start.
    """

    source: Node
    begins_from: datetime
    begins_to: datetime
    start: Node | None
    returning: Node
    days: tuple[int, ...]
    counts: tuple[int, ...]
    retention_from: int
    retention_to: int
    candidates: tuple[str, ...]
    excluded: tuple[str, ...]
    minimum: int
    significance: float
    limit: int
    best_per_event: bool
    group_type_index: int | None

    @property
    def horizon(self) -> timedelta:
        """How long a person is watched."""
        return timedelta(days=self.retention_to)


def read_activation(ctx: QueryContext, query: Node) -> ActivationQuery:
    """Read an ActivationMetricQuery. Raises :class:`QueryError` with the place of what is wrong."""
    options = fields.part(query, "activationFilter")
    days = _ascending(options, "days", _DEFAULT_DAYS, _LONGEST)
    retention_from = fields.whole(options, "retentionFromDay", days[-1], 1, _LONGEST, _ATTR) or days[-1]
    if retention_from < days[-1]:
        raise QueryError(
            f"Retention is looked for from day {retention_from} on, but behaviour until day {days[-1]}: who is retained"
            " would have the behaviour for that reason. Begin later, or look at fewer days.",
            attr="activationFilter.retentionFromDay",
        )
    width = fields.whole(options, "retentionDays", _DEFAULT_RETENTION_DAYS, 1, _LONGEST, _ATTR)
    start = _node(options, "startEntity")
    dated = query if date_range(query).date_from else {**query, "dateRange": {"date_from": _DEFAULT_FROM}}
    over = period(ctx, dated, "day", [start] if start else None)
    best = options.get("bestPerEvent")
    return ActivationQuery(
        source=query,
        begins_from=over.start,
        begins_to=over.end,
        start=start,
        returning=_node(options, "returningEntity") or {"kind": "EventsNode", "event": None},
        days=days,
        counts=_ascending(options, "counts", _DEFAULT_COUNTS, 1_000_000),
        retention_from=retention_from,
        retention_to=retention_from + (width or _DEFAULT_RETENTION_DAYS),
        candidates=tuple(fields.texts(options, "candidateEvents", _ATTR)),
        excluded=(*BOOKKEEPING, *fields.texts(options, "excludeEvents", _ATTR)),
        minimum=fields.whole(options, "minimumPersons", _DEFAULT_MINIMUM, 1, 1_000_000, _ATTR) or _DEFAULT_MINIMUM,
        significance=_share(options, "significance", _SIGNIFICANCE),
        limit=fields.whole(options, "limit", 20, 1, 1000, _ATTR) or 20,
        best_per_event=best is None or bool(best),
        group_type_index=fields.whole(query, "aggregation_group_type_index", None, 0, 4),
    )


def _node(options: Node, name: str) -> Node | None:
    """An entity (as in retention: ``{id, type, properties}``, or a node of a series) as a node; None without one."""
    entity = fields.part(options, name, _ATTR)
    if not entity:
        return None
    identity = entity.get("id", entity.get("event"))
    properties = {"properties": entity.get("properties")}
    if entity.get("type") == "actions" or entity.get("kind") == "ActionsNode":
        return {"kind": "ActionsNode", "id": identity} | properties
    if identity is not None and not isinstance(identity, str):
        raise QueryError("an event is named by a text", attr=f"{_ATTR}{name}.id")
    return {"kind": "EventsNode", "event": identity} | properties


def _ascending(options: Node, name: str, default: tuple[int, ...], highest: int) -> tuple[int, ...]:
    """Whole numbers from 1, each once, ascending."""
    value = options.get(name)
    if value is None:
        return default
    listed = cast(list[Any], value) if isinstance(value, list) else [value]
    good = [item for item in listed if isinstance(item, int) and not isinstance(item, bool) and 1 <= item <= highest]
    if len(good) != len(listed) or not 1 <= len(good) <= _MOST_THRESHOLDS:
        raise QueryError(
            f"{_ATTR}{name} are 1 to {_MOST_THRESHOLDS} whole numbers from 1 to {highest}", attr=f"{_ATTR}{name}"
        )
    return tuple(sorted(set(good)))


def _share(options: Node, name: str, default: float) -> float:
    value = options.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise QueryError(f"{_ATTR}{name} is a number between 0 and 1", attr=f"{_ATTR}{name}")
    return float(value)
