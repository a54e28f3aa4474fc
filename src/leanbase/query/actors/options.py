"""InsightActorsQueryOptions: which points of a chart somebody can ask for the people of."""

from collections.abc import Iterable, Mapping
from typing import Any

from leanbase.query import fields
from leanbase.query.breakdowns import NULL_TOKEN, OTHER_TOKEN
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.intervals import label_text
from leanbase.query.lifecycle import STATUSES
from leanbase.query.periods import interval_of, period
from leanbase.query.series import series_label
from leanbase.query.trends.rows import breakdown_label
from leanbase.query.trends.runner import TrendsRun

Options = dict[str, list[dict[str, Any]] | None]

_KEYS = ("day", "status", "interval", "breakdown", "breakdowns", "series", "compare")
_NAMES = {OTHER_TOKEN: "Other (i.e. all remaining values)", NULL_TOKEN: "None (i.e. no value)"}


def run_actors_options(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of an InsightActorsQuery may hold for its insight: ``{label, value}`` by field, null for none.

    Trends have days (unless they are one number), series, periods and breakdown values (of several breakdowns, those
    of each in ``breakdowns``), lifecycles have days and statuses; other insights tell nothing here, as in PostHog.
    Raises :class:`QueryError`.
    """
    asked = fields.part(query, "source")
    insight = fields.part(asked, "source", "source.")
    if not insight:
        raise QueryError("the source is an InsightActorsQuery with the insight as its source", "required", "source")
    options: Options = dict.fromkeys(_KEYS)
    match insight.get("kind"):
        case "TrendsQuery":
            options |= _of_trends(TrendsRun.of(ctx, insight))
        case "LifecycleQuery":
            statuses = [{"label": status.capitalize(), "value": status} for status in sorted(STATUSES)]
            over = period(ctx, insight, interval_of(insight), fields.objects(insight, "series", "source.source."))
            options |= {"day": _days(over), "status": statuses}
        case _:
            pass
    return options


def _of_trends(run: TrendsRun) -> Options:
    found: Options = {
        "series": [{"label": series_label(node), "value": index} for index, node in enumerate(run.query.series)]
    }
    if not run.query.total_value:
        found["day"] = _days(run.periods[0])
    if len(run.periods) > 1:
        found["compare"] = [{"label": name.capitalize(), "value": name} for name in ("current", "previous")]
    if run.cohorts:
        found["breakdown"] = [{"label": run.cohort_name(cohort), "value": cohort} for cohort in run.cohorts]
    elif run.fields:
        values = [row["breakdown_value"] for row in run.period_rows(run.periods[0]).in_order()]
        if run.breakdown and run.breakdown.several:
            found["breakdowns"] = [
                {"values": _named(value[place] for value in values)} for place in range(len(run.fields))
            ]
        else:
            found["breakdown"] = _named(values)
    return found


def _named(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Each value once, in order."""
    return [{"label": _NAMES.get(value) or breakdown_label(value), "value": value} for value in dict.fromkeys(values)]


def _days(over: Period) -> list[dict[str, Any]]:
    return [{"label": label_text(start, over.interval), "value": start.isoformat()} for start in over.starts]
