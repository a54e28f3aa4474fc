"""A project's own channels, which come before PostHog's: ``customChannelTypeRules`` among the modifiers.

A rule is ``{channel_type, combiner: AND | OR, items: [{key, op, value}]}``; the first that fits names the channel. The
conditions look at the entry of the session and do not care for case. Missing values fit the negative operators.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.patterns import is_valid_pattern

Key = Literal["utm_source", "utm_medium", "utm_campaign", "referring_domain", "url", "pathname", "hostname"]
Operator = Literal["exact", "is_not", "is_set", "is_not_set", "icontains", "not_icontains", "regex", "not_regex"]

_PROPERTIES: Mapping[str, str] = {
    "referring_domain": "$referring_domain",
    "url": "$current_url",
    "pathname": "$pathname",
    "hostname": "$host",
}
_NEGATIVE: Mapping[str, str] = {"is_not": "exact", "not_icontains": "icontains", "not_regex": "regex"}
_ATTR = "modifiers.customChannelTypeRules"


class Condition(msgspec.Struct):
    key: Key
    op: Operator
    value: str | list[str] | None = None

    @property
    def values(self) -> list[str]:
        found = self.value if isinstance(self.value, list) else [self.value]
        return [value.lower() for value in found if value]


class Rule(msgspec.Struct):
    channel_type: str
    combiner: Literal["AND", "OR"] = "AND"
    items: list[Condition] = msgspec.field(default_factory=list[Condition])

    @property
    def properties(self) -> list[str]:
        """What of events the rule looks at."""
        return [_PROPERTIES.get(item.key, item.key) for item in self.items]


def channel_rules(ctx: QueryContext) -> list[Rule]:
    """The rules of the query, else of the project, in order. A project's wrong ones count as none.

    Raises :class:`QueryError` for wrong ones of a query.
    """
    asked = ctx.modifiers.get("customChannelTypeRules")
    if asked is not None:
        return _read(ctx, asked)
    project = ctx.project.settings.get("modifiers")
    known: Any = project.get("customChannelTypeRules") if isinstance(project, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    try:
        return _read(ctx, known or [])
    except QueryError:
        return []


def _read(ctx: QueryContext, value: Any) -> list[Rule]:
    try:
        found = msgspec.convert(value, list[Rule])
    except msgspec.ValidationError as problem:
        raise QueryError(f"{_ATTR}: {problem}", attr=_ATTR) from None
    for rule in found:
        for item in rule.items:
            if item.op in ("regex", "not_regex"):
                for pattern in item.values:
                    if not is_valid_pattern(pattern, ctx):
                        raise QueryError(f"{pattern!r} is not a regular expression of RE2", attr=_ATTR)
    return [rule for rule in found if rule.channel_type]


def chosen_channel(rules: list[Rule], inputs: Mapping[str, str], otherwise: str, binder: Binder) -> str:
    """SQL of the channel (String): that of the first rule that fits, else ``otherwise``.

    ``inputs`` is SQL, Nullable(String), of every property that the rules look at.
    """
    parts = [
        f"{_condition(rule, inputs, binder)}, {binder(rule.channel_type, 'String')}" for rule in rules if rule.items
    ]
    return f"multiIf({', '.join(parts)}, {otherwise})" if parts else otherwise


def _condition(rule: Rule, inputs: Mapping[str, str], binder: Binder) -> str:
    tests = [_test(item, inputs[name], binder) for item, name in zip(rule.items, rule.properties, strict=True)]
    return f"({f' {rule.combiner} '.join(tests)})"


def _test(item: Condition, value: str, binder: Binder) -> str:
    text = f"lower(ifNull({value}, ''))"
    if item.op in ("is_set", "is_not_set"):
        return f"{text} {'!=' if item.op == 'is_set' else '='} ''"
    if not item.values:
        return "1"
    match _NEGATIVE.get(item.op, item.op):
        case "exact":
            test = f"{text} IN {binder(item.values, 'Array(String)')}"
        case "icontains":
            test = " OR ".join(f"position({text}, {binder(part, 'String')}) > 0" for part in item.values)
        case _:
            test = " OR ".join(f"match({text}, {binder(part, 'String')})" for part in item.values)
    return f"(NOT ({test}))" if item.op in _NEGATIVE else f"({test})"
