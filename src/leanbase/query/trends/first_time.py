"""Persons who do something for the first time, looking back over all time up to the end of the period."""

from leanbase.query.trends.selection import Selection, select


def first_time_actors(selection: Selection) -> str:
    """Persons in the bucket of their very first event of that name, if it satisfies the filters.

    When several share the first timestamp any of them may. A person whose first event lies before the period, or fails
    the filters, is never counted.
    """
    return _firsts(selection, selection.named(), selection.filters())


def first_matching_events(selection: Selection) -> str:
    """Persons in the bucket of their first event that satisfies name and filters."""
    return _firsts(selection, selection.matching(), "1")


def _firsts(selection: Selection, searched: str, required: str) -> str:
    timestamp, value = selection.timestamp, selection.breakdown
    columns = [
        (selection.actor(), "actor"),
        (f"min({timestamp})", "first"),
        (f"minOrNullIf({timestamp}, {required})", "hit"),
    ]
    if value:
        columns.append((f"argMinIf({value}, {timestamp}, {required})", "b"))
    conditions = [selection.scope.between(None, selection.period.end), searched, selection.has_actor() or "1"]
    where = " AND ".join(f"({condition})" for condition in conditions)
    inner = select(columns, selection.source(), where, len(columns) - 1)
    since = selection.moment(selection.period.read_from)
    keys = selection.keys("first", "b" if value else None)
    counted = f"({inner} HAVING hit = first AND first >= {since})"
    return select([*keys, ("count()", "value")], counted, None, 1)
