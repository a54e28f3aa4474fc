"""One series over one period: which events count, into which interval and breakdown value they fall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.breakdowns import Field
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.intervals import index_sql
from leanbase.query.scope import EventScope
from leanbase.query.series import InsightQuery, Math, without_properties


@dataclass
class Selection:
    """The pieces of a statement about one series. ``breakdown`` is the SQL of the value, or None."""

    scope: EventScope
    node: Mapping[str, Any]
    math: Math
    query: InsightQuery
    period: Period
    total_value: bool
    cohort: int | None = None
    breakdown: str | None = None
    field: Field | None = None  # what ``breakdown`` is the text of, where it is one field
    group_type_index: int | None = None

    @staticmethod
    def of(
        ctx: QueryContext, query: InsightQuery, node: Mapping[str, Any], math: Math, period: Period, total_value: bool
    ) -> "Selection":
        group = math.math_group_type_index
        if group is None and math.math != "unique_group":
            group = query.aggregation_group_type_index
        return Selection(EventScope(ctx, Binder()), node, math, query, period, total_value, group_type_index=group)

    @property
    def bind(self) -> Binder:
        return self.scope.binder

    @property
    def timestamp(self) -> str:
        return self.scope.column("timestamp")

    def actor(self) -> str:
        """Who is counted: the key of today's person, or of the group."""
        return self.scope.actor(self.group_type_index)

    def has_actor(self) -> str | None:
        """The condition that there is somebody to count; None when there always is."""
        return None if self.group_type_index is None else f"{self.actor()} != ''"

    def uniques(self) -> str:
        """The exact number of those who are counted."""
        present = self.has_actor()
        return f"uniqExactIf({self.actor()}, {present})" if present else f"uniqExact({self.actor()})"

    def moment(self, moment: datetime) -> str:
        """A time as a bind."""
        return self.bind(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), "DateTime64(6, 'UTC')")

    def matching(self) -> str:
        """The condition of the node with all filters, without the range."""
        return _all([self.scope.entity(self.node), *self._filters()])

    def named(self) -> str:
        """The condition of the node's event or action alone."""
        return self.scope.entity(without_properties(self.node))

    def filters(self) -> str:
        """All filters without the node's event or action."""
        own = {"kind": "EventsNode", "event": None, **_only_properties(self.node)}
        return _all([self.scope.entity(own), *self._filters()])

    def _filters(self) -> list[str]:
        conditions = [self.scope.query_filters(self.query.filters())]
        if self.cohort is not None:
            conditions.append(
                self.scope.filters([{"type": "cohort", "key": "id", "operator": "in", "value": self.cohort}])
            )
        return conditions

    def where(self, date_from: datetime | None = None, extra: str | None = None) -> str:
        """The condition of the whole series; the range begins at the period's own start unless told otherwise."""
        between = self.scope.between(date_from or self.period.read_from, self.period.end)
        return _all([between, self.matching(), *([extra] if extra else [])])

    def source(self) -> str:
        """The FROM clause, after everything else was asked for."""
        return self.scope.source(self.query.sampling_factor)

    def bucket(self, moment: str | None = None) -> str:
        """SQL of the number of the interval of a moment."""
        return index_sql(self.bind, moment or self.timestamp, self.period.starts)

    def keys(self, moment: str | None = None, breakdown: str | None = None) -> list[tuple[str, str]]:
        """The columns a series is grouped by, as (SQL, name): ``bucket`` unless it is one number, and ``b``."""
        keys: list[tuple[str, str]] = [] if self.total_value else [(self.bucket(moment), "bucket")]
        value = breakdown or self.breakdown
        return [*keys, (value, "b")] if value else keys

    def grouped(self, value: str, where: str, keys: Sequence[tuple[str, str]] | None = None) -> str:
        """``SELECT keys, value … GROUP BY keys`` over the events."""
        return select([*(self.keys() if keys is None else keys), (value, "value")], self.source(), where, 1)


def select(columns: Sequence[tuple[str, str]], source: str, where: str | None = None, values: int = 0) -> str:
    """A SELECT grouped by all but the last ``values`` columns."""
    text = "SELECT " + ", ".join(f"{sql} AS {name}" if sql != name else sql for sql, name in columns)
    text += f" FROM {source}"
    if where:
        text += f" WHERE {where}"
    names = [name for _, name in columns[: len(columns) - values]]
    return f"{text} GROUP BY {', '.join(names)}" if values and names else text


def grouped_names(selection: Selection) -> list[tuple[str, str]]:
    """The names of :meth:`Selection.keys`, for a SELECT around one that has them."""
    names = [] if selection.total_value else [("bucket", "bucket")]
    return [*names, ("b", "b")] if selection.breakdown else names


def _only_properties(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: node[key] for key in ("properties", "fixedProperties") if key in node}


def _all(conditions: Sequence[str]) -> str:
    kept = [condition for condition in conditions if condition != "1"]
    return " AND ".join(f"({condition})" for condition in kept) or "1"
