"""The people (or groups) behind a point of a chart, before their profiles are looked up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

_LENGTH = re.compile(r"length\((\w+)\)")

ActorKind = Literal["person", "group", "text"]


@dataclass(slots=True)
class Behind:
    """Keys in the order of the list, with what the chart knows of them: ``event_count``, ``appearances``…

    A person's key is the 64-bit one, a group's its text; ``text`` are values of an expression, which have no profile.
    ``interval`` is what ``appearances`` are numbers of: with ``day`` there are the columns ``day_0``, ``day_1``…
    """

    kind: ActorKind
    keys: list[Any]
    extras: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    group_type_index: int | None = None
    interval: str | None = None

    def columns(self, names: Iterable[str]) -> dict[str, list[Any]]:
        """Those of the names that the chart knows something under, with it."""
        found = {name: self.column(name) for name in names}
        return {name: values for name, values in found.items() if values is not None}

    def column(self, name: str) -> list[Any] | None:
        """What the chart knows under ``name``, in the order of the keys; None when it knows nothing of that name."""
        if name == "value_at_data_point":
            name = "event_count"
        if name in self.extras:
            return self.extras[name]
        if (sized := _LENGTH.fullmatch(name)) and sized[1] in self.extras:
            return [len(value) for value in self.extras[sized[1]]]
        interval, _, number = name.partition("_")
        if interval == self.interval and number.isdecimal():
            return [int(int(number) in found) for found in self.extras["appearances"]]
        return None

    @staticmethod
    def of(group_type_index: int | None, keys: list[Any], **extras: list[Any]) -> "Behind":
        return Behind("person" if group_type_index is None else "group", keys, extras, group_type_index)
