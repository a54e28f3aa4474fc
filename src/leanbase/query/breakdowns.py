"""By what an insight is broken down: the field's value as text, its tokens, its bins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from leanbase.query.errors import QueryError
from leanbase.query.filter_operators import cleaned_path
from leanbase.query.scope import EventScope

NULL_TOKEN = "$$_posthog_breakdown_null_$$"  # shown as "None"
OTHER_TOKEN = "$$_posthog_breakdown_other_$$"  # shown as "Other"

DEFAULT_LIMIT = 25
WORLD_MAP_LIMIT = 250
_MAX_LIMIT = 1_000
_MAX_BREAKDOWNS = 3
_MAX_BINS = 1_000

BreakdownType = Literal[
    "event",
    "person",
    "group",
    "session",
    "cohort",
    "hogql",
    "event_metadata",
    "feature",
    "data_warehouse",
    "data_warehouse_person_property",
    "revenue_analytics",
]
_METADATA_NAMES = {"$session_id": "session_id", "$window_id": "window_id"} | {
    f"$group_{n}": f"group_{n}" for n in range(5)
}
_METADATA = frozenset({"event", "distinct_id", "person_mode", "elements_chain", "uuid", *_METADATA_NAMES.values()})


class Breakdown(msgspec.Struct):
    """One item of ``breakdowns``."""

    property: str | int
    type: BreakdownType | None = None
    group_type_index: int | None = None
    histogram_bin_count: int | None = None
    normalize_url: bool | None = None


class BreakdownFilter(msgspec.Struct):
    """``breakdownFilter``: one breakdown in the old form, or up to three in the new one."""

    breakdown: str | int | list[str | int] | None = None
    breakdown_type: BreakdownType | None = None
    breakdown_group_type_index: int | None = None
    breakdown_histogram_bin_count: int | None = None
    breakdown_normalize_url: bool | None = None
    breakdown_path_cleaning: bool | None = None
    breakdown_hide_other_aggregation: bool | None = None
    breakdown_limit: int | None = None
    breakdowns: list[Breakdown] | None = None

    @property
    def several(self) -> bool:
        """Whether values are lists."""
        listed = isinstance(self.breakdown, list) and self.breakdown_type != "cohort" and len(self.breakdown) > 1
        return bool(self.breakdowns) or listed

    def fields(self) -> list["Field"]:
        """What to break down by, in order; empty for none. Cohorts are not among them: see :meth:`cohorts`.

        Raises :class:`QueryError`.
        """
        if self.breakdowns:
            if len(self.breakdowns) > _MAX_BREAKDOWNS:
                raise QueryError(f"At most {_MAX_BREAKDOWNS} breakdowns.", attr="breakdownFilter.breakdowns")
            return [
                self._field(
                    item.property, item.type, item.group_type_index, item.histogram_bin_count, item.normalize_url
                )
                for item in self.breakdowns
            ]
        if self.breakdown is None or self.breakdown_type == "cohort":
            return []
        keys = self.breakdown if isinstance(self.breakdown, list) else [self.breakdown]
        return [
            self._field(
                key,
                self.breakdown_type,
                self.breakdown_group_type_index,
                self.breakdown_histogram_bin_count,
                self.breakdown_normalize_url,
            )
            for key in keys[:_MAX_BREAKDOWNS]
        ]

    def _field(
        self, key: str | int, kind: str | None, index: int | None, bins: int | None, normalize_url: bool | None
    ) -> "Field":
        cleaned = bool(self.breakdown_path_cleaning) and not bins
        return replace(Field.of(str(key), kind, index, bins, normalize_url), clean_path=cleaned)

    def cohorts(self) -> list[int | Literal["all"]]:
        """The cohorts to break down by; 0 and ``all`` mean everybody. Raises :class:`QueryError`."""
        if self.breakdowns or self.breakdown_type != "cohort" or self.breakdown is None:
            return []
        values = self.breakdown if isinstance(self.breakdown, list) else [self.breakdown]
        found: list[int | Literal["all"]] = []
        for value in values:
            if str(value) in {"all", "0"}:
                found.append("all")
            elif str(value).isdigit():
                found.append(int(value))
            else:
                raise QueryError(f"A cohort is named by its number or 'all', not {value!r}.", attr="breakdownFilter")
        return found

    def limit(self, display: str) -> int:
        """How many values are shown by name."""
        if self.breakdown_limit is not None:
            return min(max(self.breakdown_limit, 1), _MAX_LIMIT)
        return WORLD_MAP_LIMIT if display == "WorldMap" else DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to break down by."""

    kind: str
    key: str
    group_type_index: int | None = None
    bins: int | None = None
    normalize_url: bool = False
    clean_path: bool = False  # by the project's path cleaning rules

    @staticmethod
    def of(
        key: str, kind: str | None, group_type_index: int | None, bins: int | None, normalize_url: bool | None
    ) -> "Field":
        if bins is not None and not 1 <= bins <= _MAX_BINS:
            raise QueryError(f"A histogram has 1 to {_MAX_BINS} bins.", attr="breakdownFilter")
        kind = kind or "event"
        if kind not in {"event", "person", "group", "session", "hogql", "event_metadata", "feature"}:
            raise QueryError(f"Breakdowns by {kind} are not available here.", "invalid_choice", "breakdownFilter")
        return Field(kind, key, group_type_index, bins, bool(normalize_url))

    def value(self, scope: EventScope, *, encoded: bool = False) -> str:
        """SQL of the value, with the type it has; ``encoded`` may leave a property LowCardinality."""
        if self.kind == "hogql":
            return scope.hogql(self.key, "breakdownFilter.breakdown")
        if self.kind == "event_metadata":
            name = _METADATA_NAMES.get(self.key, self.key)
            if name == "person_id":
                return scope.person_id()
            if name not in _METADATA:
                raise QueryError(f"Events have no {self.key!r} to break down by.", attr="breakdownFilter.breakdown")
            return scope.column(name)
        value = scope.property(self.kind, self.key, self.group_type_index, encoded=encoded)
        # An event outside of every session is one of a session of no length (PostHog's rule).
        return f"ifNull({value}, 0)" if (self.kind, self.key) == ("session", "$session_duration") else value

    def text(self, scope: EventScope, *, encoded: bool = False) -> str:
        """SQL of the value as text, never NULL: missing and empty values are :data:`NULL_TOKEN`."""
        return self.readable(scope, self.value(scope, encoded=encoded))

    def readable(self, scope: EventScope, value: str) -> str:
        """SQL of :meth:`text` of a value, which may be a column of its own by then."""
        text = f"toString({value})"
        if self.clean_path:
            text = cleaned_path(text, scope.ctx, scope.binder)
        if self.normalize_url:
            trimmed = f"replaceRegexpOne({text}, '[/?#]+$', '')"
            text = f"if({text} = '', '', if({trimmed} = '', '/', {trimmed}))"
        return f"ifNull(nullIf({text}, ''), {scope.binder(NULL_TOKEN, 'String')})"

    def number(self, scope: EventScope) -> str:
        """SQL of the value as Nullable(Float64), for bins; what is no finite number is NULL."""
        return finite(f"toFloat64OrNull(toString({self.value(scope)}))")

    def bin(self, scope: EventScope, edges: Sequence[tuple[float, float]]) -> str:
        """SQL of the label of the bin that holds the value; bins are half-open. What is no number has no value."""
        number = self.number(scope)
        lows = scope.binder([low for low, _ in edges], "Array(Float64)")
        labels = scope.binder([bin_label(low, high) for low, high in edges], "Array(String)")
        last = scope.binder(edges[-1][1], "Float64")
        place = f"arrayCount(low -> low <= assumeNotNull({number}), {lows})"
        inside = f"{number} IS NOT NULL AND {number} < {last}"
        return f"if({inside} AND {place} > 0, {labels}[{place}], {scope.binder(NULL_TOKEN, 'String')})"


def finite(number: str) -> str:
    """A Nullable(Float64) expression without nan and infinities, which no chart and no JSON can hold."""
    return f"if(isFinite(ifNull({number}, 0)), {number}, NULL)"


def equal_bins(low: float, high: float, count: int) -> list[tuple[float, float]]:
    """``count`` bins of equal width from ``low`` to ``high``; the last is 0.01 wider: it holds the maximum."""
    width = (high - low) / count
    edges = [round(low + step * width, 2) for step in range(count)] + [round(high + 0.01, 2)]
    return [(edges[step], edges[step + 1]) for step in range(count)]


def bin_label(low: float, high: float) -> str:
    return f"[{_short(low)},{_short(high)}]"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
