"""Who is who: the decision table of identity. Pure; what is decided here is carried out by ``merging``.

========  ==========================================================  =============================================
row       situation                                                   decision
========  ==========================================================  =============================================
1         both ids are the same                                       no merge, no mark
2, 3      the target's or the source's id stands for nobody           no merge, no mark; a warning
4         neither id has a person                                     one new person with both ids
5         only the target has one                                     the source's id is attached to it
6         only the source has one                                     the target's id is attached to it
7         both have the same                                          nothing to move
8         both have one, the source's is identified, and the event    refused, with a warning; the target is still
          is not ``$merge_dangerously``                               marked identified
9         both have one, otherwise                                    the source's person becomes part of the target's
========  ==========================================================  =============================================

The *target* is the event's ``distinct_id``; the *source* is ``$anon_distinct_id`` of ``$identify`` or ``alias`` of the
other two. From row 4 on the person that has the target's id afterwards is identified. Row 6 asks nobody whether the
source is identified already; that is PostHog's behaviour too.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from leanbase.model.ids import OTHER_ID
from leanbase.persons.ids import as_text
from leanbase.persons.illegal import is_unmergeable

MERGE_EVENTS = frozenset(OTHER_ID)


class MergeRequest(NamedTuple):
    """An event that asks to join two ids. ``force`` merges identified persons too."""

    source: str
    target: str
    kind: str
    force: bool = False


class Refusal(NamedTuple):
    """Rows 2 and 3: which of the two ids stands for nobody."""

    illegal: str
    other: str


class Known(NamedTuple):
    """What the table must know of a person that exists."""

    id: int
    is_identified: bool
    distinct_ids: int


class Outcome(StrEnum):
    """Rows 4 to 9, and one that a project's own limit adds."""

    CREATED = "created"
    SOURCE_ATTACHED = "source_attached"
    TARGET_ATTACHED = "target_attached"
    SAME = "same"
    REFUSED = "refused"
    MERGED = "merged"
    LIMIT_EXCEEDED = (
        "limit_exceeded"  # the source has more ids than a merge may move: the event goes to the dead letters
    )
    PERSON_FULL = "person_full"  # the person would have more ids than the server allows: no merge, a warning


def merge_request(event: str, distinct_id: str, properties: Mapping[str, Any]) -> MergeRequest | None:
    """The merge an event asks for, if it does: ``$identify`` by having the key, the others by a truthy ``alias``."""
    if event == "$identify":
        if "$anon_distinct_id" not in properties:
            return None
        return MergeRequest(as_text(properties["$anon_distinct_id"]), distinct_id, event)
    alias = properties.get("alias")
    if is_falsy(alias):
        return None
    return MergeRequest(as_text(alias), distinct_id, event, force=event == "$merge_dangerously")


def is_falsy(value: Any) -> bool:
    """Falsy as in JavaScript: empty lists and objects are not."""
    return value is None or value is False or value == "" or (isinstance(value, int | float) and value == 0)


def check_ids(request: MergeRequest) -> Refusal | MergeRequest | None:
    """Rows 1 to 3: None for an id that meets itself, a refusal, or the request when both ids may be joined."""
    if request.source == request.target:
        return None
    if is_unmergeable(request.target):
        return Refusal(request.target, request.source)
    if is_unmergeable(request.source):
        return Refusal(request.source, request.target)
    return request


def decide(
    target: Known | None, source: Known | None, force: bool, move_limit: int = 0, person_limit: int = 0
) -> Outcome:
    """Rows 4 to 9. ``move_limit``: most ids a merge may move; ``person_limit``: most ids of a person; 0 is no limit."""
    if target is None and source is None:
        return Outcome.CREATED
    if target is None or source is None:
        known = target or source
        if known is not None and person_limit and known.distinct_ids + 1 > person_limit:
            return Outcome.PERSON_FULL
        return Outcome.SOURCE_ATTACHED if source is None else Outcome.TARGET_ATTACHED
    if target.id == source.id:
        return Outcome.SAME
    if source.is_identified and not force:
        return Outcome.REFUSED
    if move_limit and source.distinct_ids > move_limit:
        return Outcome.LIMIT_EXCEEDED
    if person_limit and target.distinct_ids + source.distinct_ids > person_limit:
        return Outcome.PERSON_FULL
    return Outcome.MERGED


def merged_properties(target: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """Row 9: the target's values win, the source fills the gaps."""
    return {**source, **target}
