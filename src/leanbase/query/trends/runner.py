"""TrendsQuery: counts of events, persons, groups, sessions or numbers over time, or as one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from leanbase.query.breakdowns import BreakdownFilter, Field
from leanbase.query.context import QueryContext
from leanbase.query.dates import Calendar, Period
from leanbase.query.intervals import Interval
from leanbase.query.series import calendar_of, earliest_event, read_math, read_named_query
from leanbase.query.trends.box_plot import boxes
from leanbase.query.trends.compare import periods_of, resolved
from leanbase.query.trends.formula_rows import formula_rows
from leanbase.query.trends.lines import Line, in_order, is_other, lines_of, running
from leanbase.query.trends.math import points_of
from leanbase.query.trends.models import TrendsQuery
from leanbase.query.trends.ranking import breakdown_sql, ranked
from leanbase.query.trends.rows import Row, RowShape, ends_of, row_of
from leanbase.query.trends.selection import Selection

Cohort = int | Literal["all"]


def run_trends(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a TrendsQuery: ``results``, ``hasMore``, ``resolved_date_range``. Raises :class:`QueryError`."""
    run = TrendsRun.of(ctx, query)
    if run.query.display == "BoxPlot":
        return {"results": run.boxes(), "hasMore": False, **resolved(run.periods)}
    answers = [run.period_rows(period) for period in run.periods]
    formulas = run.query.formulas()
    if formulas:
        rows = [
            row
            for formula in formulas
            for answer in answers
            for row in formula_rows(formula, answer.by_series(), run.shape(), run.query.total_value)
        ]
    else:
        rows = [row for answer in answers for row in answer.in_order()]
    has_more = any(is_other(row.get("breakdown_value")) for row in rows)
    if has_more and run.breakdown and run.breakdown.breakdown_hide_other_aggregation:
        rows = [row for row in rows if not is_other(row.get("breakdown_value"))]
    if run.query.ends_only:
        rows = [ends_of(row, run.periods[0], ctx.now) for row in rows]
    return {"results": rows, "hasMore": has_more, **resolved(run.periods)}


@dataclass(frozen=True)
class PeriodRows:
    """The rows of one period, by cohort (one of None without) and series."""

    rows: list[list[list[Row]]]
    ranked: bool  # several cohorts compete with each other; beside everybody they come as they were asked for

    def in_order(self) -> list[Row]:
        if self.ranked:
            return [row for series in self.by_series() for row in sorted(series, key=lambda row: -_total(row))]
        return [row for cohort in self.rows for series in cohort for row in series]

    def by_series(self) -> list[list[Row]]:
        return [[row for cohort in self.rows for row in cohort[index]] for index in range(len(self.rows[0]))]


def _total(row: Row) -> float:
    return row["aggregated_value"] if "aggregated_value" in row else sum(row["data"])


@dataclass(frozen=True)
class TrendsRun:
    """One query being answered."""

    ctx: QueryContext
    query: TrendsQuery
    calendar: Calendar
    periods: list[Period]  # the current one, then the one it is compared with
    fields: list[Field]
    cohorts: Sequence[Cohort]

    @staticmethod
    def of(ctx: QueryContext, raw: Mapping[str, Any]) -> "TrendsRun":
        query = read_named_query(ctx, TrendsQuery, raw)
        calendar = calendar_of(ctx, query.timezone)
        dates = query.dates()
        interval: Interval = "day" if query.total_value else query.interval or "day"
        current = calendar.resolve(
            dates,
            interval,
            lambda: earliest_event(ctx, query.series),
            # A single number is compared with the same stretch of the past, up to this very moment.
            exact=dates.explicit or query.display == "BoldNumber",
        )
        periods = [current] if query.ends_only else periods_of(calendar, current, dates, query.compare_filter)
        breakdown = query.breakdown_filter or BreakdownFilter()
        return TrendsRun(ctx, query, calendar, periods, breakdown.fields(), breakdown.cohorts())

    @property
    def breakdown(self) -> BreakdownFilter | None:
        return self.query.breakdown_filter

    def shape(self) -> RowShape:
        return RowShape(comparing=len(self.periods) > 1, broken_down=bool(self.fields or self.cohorts))

    def period_rows(self, period: Period) -> PeriodRows:
        cohorts: Sequence[Cohort | None] = self.cohorts or [None]
        return PeriodRows(
            [
                [self.series_rows(period, cohort, index) for index in range(len(self.query.series))]
                for cohort in cohorts
            ],
            ranked=len(self.cohorts) > 1 and "all" not in self.cohorts,
        )

    def series_rows(self, period: Period, cohort: Cohort | None, index: int) -> list[Row]:
        """The rows of one series: one, or one per breakdown value."""
        node = self.query.series[index]
        math = read_math(node, index)
        lines = self.lines(self.selection(period, cohort, index))
        if self.query.cumulative:
            lines = in_order([Line(line.value, running(line.points)) for line in lines])
        if cohort is not None:
            lines = [Line(cohort, line.points) for line in lines if any(line.points)]
        label = "previous" if period is not self.periods[0] else "current"
        cohort_name = None if cohort is None else self.cohort_name(cohort)
        return [
            row_of(self.query, node, math.math, index, period, line, self.shape(), label, cohort_name) for line in lines
        ]

    def boxes(self) -> list[Row]:
        """The rows of a box plot, series by series: of the current period, and not broken down."""
        plain = replace(self, fields=[], cohorts=[])
        return [
            row
            for index, node in enumerate(self.query.series)
            for row in boxes(self.ctx, plain.selection(self.periods[0], None, index), node, index)
        ]

    def selection(self, period: Period, cohort: Cohort | None, index: int) -> Selection:
        """What one series counts in one period."""
        node = self.query.series[index]
        selection = Selection.of(self.ctx, self.query, node, read_math(node, index), period, self.query.total_value)
        selection.cohort = cohort if isinstance(cohort, int) else None
        if self.fields:
            several = bool(self.breakdown and self.breakdown.several)
            selection.breakdown = breakdown_sql(self.ctx, selection, self.fields, several=several)
            if not several and not self.fields[0].bins:
                selection.field = self.fields[0]
        return selection

    def lines(self, selection: Selection) -> list[Line]:
        """The lines of a series, before smoothing and scaling."""
        length = 1 if self.query.total_value else len(selection.period.starts)
        if not self.query.total_value and not length:
            return [] if self.fields else [Line(None, [])]
        points = points_of(selection, cumulative=self.query.cumulative)
        if self.fields and self.breakdown:
            limit = self.breakdown.limit(self.query.display)
            cumulative = self.query.cumulative
            text = ranked(selection, points, self.breakdown, self.fields, limit, cumulative=cumulative)
            rows = self.ctx.execute(selection.bind.sql(text)).rows
            return lines_of(rows, length, changes=points.changes, several=self.breakdown.several)
        found = self.ctx.execute(selection.bind.sql(points.select)).rows
        rows = [(None, 0, row[0]) for row in found] if self.query.total_value else [(None, *row) for row in found]
        lines = lines_of(rows, length, changes=points.changes, several=False)
        return lines or [Line(None, [0] * length)]

    def cohort_name(self, cohort: Cohort) -> str:
        if cohort == "all":
            return "all users"
        found = self.ctx.cohorts.find(cohort)
        return found[1] if found else f"cohort {cohort}"
