"""TrendsQuery as it comes over the API, checked. Fields that only draw the chart are accepted and ignored."""

from typing import Literal

import msgspec

from leanbase.query.breakdowns import BreakdownFilter
from leanbase.query.errors import QueryError
from leanbase.query.series import InsightQuery

TOTAL_VALUE_DISPLAYS = frozenset(
    {
        "BoldNumber",
        "ActionsPie",
        "ActionsBarValue",
        "ActionsTable",
        "WorldMap",
        "CalendarHeatmap",
        "TwoDimensionalHeatmap",
        "Metric",
    }
)
Display = Literal[
    "Auto",
    "ActionsLineGraph",
    "ActionsBar",
    "ActionsUnstackedBar",
    "ActionsStackedBar",
    "ActionsAreaGraph",
    "ActionsLineGraphCumulative",
    "SlopeGraph",
    "BoxPlot",
    "BoldNumber",
    "ActionsPie",
    "ActionsBarValue",
    "ActionsTable",
    "WorldMap",
    "CalendarHeatmap",
    "TwoDimensionalHeatmap",
    "Metric",
]


class FormulaNode(msgspec.Struct):
    formula: str
    custom_name: str | None = None


class TrendsFilter(msgspec.Struct, rename="camel"):
    display: Display | None = None
    formula: str | None = None
    formulas: list[str] | None = None
    formula_nodes: list[FormulaNode] | None = None
    smoothing_intervals: int | None = None

    def nodes(self) -> list[FormulaNode]:
        """The formulas in order; the newest of the three ways to write them wins."""
        if self.formula_nodes:
            return [node for node in self.formula_nodes if node.formula.strip()]
        texts = self.formulas or ([self.formula] if self.formula else [])
        return [FormulaNode(text) for text in texts if text.strip()]


class TrendsQuery(InsightQuery, rename="camel"):
    trends_filter: TrendsFilter | None = None
    breakdown_filter: BreakdownFilter | None = None

    @property
    def display(self) -> str:
        return (self.trends_filter.display if self.trends_filter else None) or "ActionsLineGraph"

    @property
    def total_value(self) -> bool:
        """One number per series instead of a line."""
        return self.display in TOTAL_VALUE_DISPLAYS

    @property
    def cumulative(self) -> bool:
        return self.display == "ActionsLineGraphCumulative"

    @property
    def ends_only(self) -> bool:
        """A slope has two points, the first and the last interval: nothing to smooth, nothing to compare with."""
        return self.display == "SlopeGraph"

    @property
    def smoothing(self) -> int:
        """Points of the trailing mean; 1 is none. Raises :class:`QueryError` for less."""
        points = (self.trends_filter.smoothing_intervals if self.trends_filter else None) or 1
        if points < 1:
            raise QueryError("smoothingIntervals is 1 or more.", attr="trendsFilter.smoothingIntervals")
        return 1 if self.ends_only else points

    def formulas(self) -> list[FormulaNode]:
        return self.trends_filter.nodes() if self.trends_filter else []
