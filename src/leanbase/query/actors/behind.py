"""The people (or groups) behind a point of a chart, before their profiles are looked up."""

from dataclasses import dataclass, field
from typing import Any, Literal

ActorKind = Literal["person", "group", "text"]


@dataclass(slots=True)
class Behind:
    """Keys in the order of the list, with what the chart knows of them: ``event_count``, ``appearances``…

    A person's key is the 64-bit one, a group's its text; ``text`` are values of an expression, which have no profile.
    """

    kind: ActorKind
    keys: list[Any]
    extras: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    group_type_index: int | None = None

    @staticmethod
    def of(group_type_index: int | None, keys: list[Any], **extras: list[Any]) -> "Behind":
        return Behind("person" if group_type_index is None else "group", keys, extras, group_type_index)
