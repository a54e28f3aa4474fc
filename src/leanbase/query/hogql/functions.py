"""Which functions SQL may call, and how the engine calls them."""

from leanbase.query.hogql.function_names import AGGREGATES, COMBINATORS, RENAMED, SCALARS, WINDOW_ONLY

_canonical = {name.lower(): name for name in (*SCALARS, *WINDOW_ONLY)}
# Theta sketches are no part of the engine; the other approximate count stands in for them.
_aggregates = {name.lower(): name for name in AGGREGATES} | {"uniqtheta": "uniq"}
_combinators = {name.lower(): name for name in sorted(COMBINATORS, key=len, reverse=True)}


def aggregate_name(name: str) -> str | None:
    """ClickHouse's name of an aggregate function, with its combinators; None when it is none."""
    base, ends = name.lower(), ""
    while base not in _aggregates:  # the longest base wins: the Array of groupArrayIf is no combinator
        end = next((end for end in _combinators if base.endswith(end)), None)
        if end is None:
            return None
        base, ends = base.removesuffix(end), _combinators[end] + ends
    return _aggregates[base] + ends


def scalar_name(name: str) -> str | None:
    """ClickHouse's name of a function that may be called, in whatever case it was written; None when it may not."""
    return _canonical.get(RENAMED.get(name.lower(), name).lower())


# What HogQL has beside the functions of ClickHouse that it allows.
_OWN = (
    "concat", "countDistinct", "date_part", "dateAdd", "dateSub", "every", "generateSeries", "inCohort", "json_agg",
    "make_date", "make_interval", "make_timestamp", "matchesAction", "now", "now64", "recordingButton",
    "sortableSemVer", "sparkline", "split_part", "to_char", "to_timestamp", "toFloat", "toInt", "today", "yesterday",
)  # fmt: skip


def known_names() -> list[str]:
    """Every function by its name, for completion."""
    return sorted({*AGGREGATES, *SCALARS, *WINDOW_ONLY, *_OWN})
