"""The values that a property of events has had lately, for choosing one in a filter."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

DAYS = 7
MOST_VALUES = 50
LONGEST_VALUE = 400  # characters; longer ones are no choices but contents
_LIKE_SIGNS = str.maketrans({"%": "\\%", "_": "\\_", "\\": "\\\\"})

# The raw JSON of a value keeps numbers, texts and booleans apart.
_TEXT = """
SELECT JSONExtractRaw(properties, {key}) AS value, count() AS times
FROM events
WHERE timestamp >= now() - toIntervalDay({days}) AND value != '' AND value != 'null'
  AND length(value) < {longest} AND value ILIKE {like} AND (empty({events}) OR has({events}, event))
GROUP BY value ORDER BY times DESC, value LIMIT {most}
"""


def values_query(key: str, search: str = "", events: Sequence[str] = ()) -> dict[str, Any]:
    """The query for :func:`values_found`: values of the last ``DAYS`` that contain ``search``, frequent ones first."""
    values = {
        "key": key,
        "days": DAYS,
        "longest": LONGEST_VALUE,
        "like": f"%{search.translate(_LIKE_SIGNS)}%",
        "events": list(events),
        "most": MOST_VALUES,
    }
    return {"kind": "HogQLQuery", "query": _TEXT, "values": values}


def values_found(answer: Mapping[str, Any]) -> list[Any]:
    """The values in the answer; those inside lists one by one, none twice."""
    found: dict[str, Any] = {}
    for text, _ in answer["results"]:
        try:
            value = msgspec.json.decode(text)
        except msgspec.DecodeError:
            continue
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict | list):
                found.setdefault(msgspec.json.encode(item).decode(), item)
    return list(found.values())
