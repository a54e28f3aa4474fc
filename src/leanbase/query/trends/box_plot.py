"""Box plots: how the numbers of a property are spread in every interval."""

from collections.abc import Mapping
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.intervals import day_text, label_text
from leanbase.query.series import series_label
from leanbase.query.trends.math import of_numbers
from leanbase.query.trends.rows import Row
from leanbase.query.trends.selection import Selection

_PARTS = ("min", "p25", "median", "p75", "max", "mean")


def boxes(ctx: QueryContext, selection: Selection, node: Mapping[str, Any], order: int) -> list[Row]:
    """One row per interval, zeros where there are no numbers. Raises :class:`QueryError` without a property."""
    statement = of_numbers(selection, _spread)
    found = {int(bucket): parts for bucket, parts in ctx.execute(selection.bind.sql(statement)).rows}
    interval = selection.period.interval
    label = f"{node.get('custom_name') or series_label(node)} - {selection.math.math_property}"
    return [
        {
            "day": day_text(start, interval),
            "label": label_text(start, interval),
            **{name: float(part or 0) for name, part in zip(_PARTS, found.get(bucket) or [0] * 6, strict=True)},
            "series_index": order,
            "series_label": label,
        }
        for bucket, start in enumerate(selection.period.starts)
    ]


def _spread(number: str) -> str:
    quantiles = ", ".join(f"quantileExactInclusive({level})({number})" for level in (0.25, 0.5, 0.75))
    return f"[min({number}), {quantiles}, max({number}), avg({number})]"
