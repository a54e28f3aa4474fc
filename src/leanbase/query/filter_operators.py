"""The operators of property filters over one operand. Every condition is 0 or 1, never NULL."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from leanbase.model.property_filter import (
    NEGATIVE,
    ORDER,
    RANGE,
    SEMVER,
    PropertyFilter,
    as_number,
    as_text,
)
from leanbase.model.relative_date import parse_filter_date
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.patterns import is_valid_pattern
from leanbase.query.semver import semver_condition
from leanbase.query.typed import as_time, typed

COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "min": ">=", "max": "<="}


@dataclass(frozen=True)
class Operand:
    """What is compared: its text (Nullable(String)), its type by definition, the typed value where it is at hand."""

    text: str
    type: str | None
    value: str | None = None


def operator_condition(operand: Operand, wanted: PropertyFilter, ctx: QueryContext, binder: Binder) -> str:
    """The condition of ``wanted`` on ``operand``.

    A missing value (absent or null) fails every positive operator and holds for every negative one. Raises
    :class:`QueryError` for a value that the operator cannot use.
    """
    return _Operator(operand, wanted, ctx, binder).condition()


class _Operator:
    def __init__(self, operand: Operand, wanted: PropertyFilter, ctx: QueryContext, binder: Binder) -> None:
        self.operand = operand
        self.wanted = wanted
        self.ctx = ctx
        self.binder = binder

    def condition(self) -> str:
        operator = self.wanted.operator
        if operator == "is_set":
            return f"isNotNull({self.operand.value or self._typed()})"
        if operator == "is_not_set":
            return f"isNull({self.operand.value or self._typed()})"
        if operator in SEMVER:
            return semver_condition(self.operand.text, operator, as_text(self._single()), self.binder, self._at())
        if operator in RANGE:
            return self._range()
        if operator in ORDER:
            return f"ifNull({self._order(COMPARISONS[operator], self._single())}, 0)"
        if operator.startswith("is_date_"):
            return f"ifNull({self._date(operator, self._single())}, 0)"
        if operator == "flag_evaluates_to":
            return f"ifNull({self.operand.text} = {self._text(self._single())}, 0)"
        positive = self._any_of([self._matches(value) for value in self.wanted.values()])
        if operator in NEGATIVE:
            # An invalid pattern matches nothing, negated or not.
            return "0" if positive == "invalid" else f"NOT ifNull({positive}, 0)"
        return "0" if positive == "invalid" else f"ifNull({positive}, 0)"

    def _any_of(self, parts: list[str]) -> str:
        valid = [part for part in parts if part != "invalid"]
        if not valid:
            return "invalid"
        return valid[0] if len(valid) == 1 else "(" + " OR ".join(valid) + ")"

    def _matches(self, value: Any) -> str:
        match self.wanted.operator:
            case "exact" | "is_not" | "in" | "not_in":
                return self._equals(value)
            case "icontains" | "icontains_multi" | "not_icontains" | "not_icontains_multi":
                return f"positionCaseInsensitiveUTF8({self.operand.text}, {self._text(value)}) > 0"
            case "regex" | "not_regex":
                pattern = as_text(value)
                if not is_valid_pattern(pattern, self.ctx):
                    return "invalid"
                return f"match({self.operand.text}, {self.binder(pattern, 'String')})"
            case "is_cleaned_path_exact":
                return f"{cleaned_path(self.operand.text, self.ctx, self.binder)} = {self._text(value)}"
            case operator:
                raise QueryError(
                    f"operator {operator!r} cannot be used here", "invalid_choice", f"{self.wanted.path}.operator"
                )

    def _equals(self, value: Any) -> str:
        match self.operand.type:
            case "Numeric":
                number = as_number(value)
                return "0" if number is None else f"{self._typed()} = {self.binder(number, 'Float64')}"
            case "Boolean":
                wanted = {"true": "true", "false": "false", "1": "true", "0": "false"}.get(as_text(value).lower())
                return "0" if wanted is None else f"{self._typed()} = {wanted}"
            case "DateTime":
                moment = parse_filter_date(as_text(value), self.ctx.now, ZoneInfo(self.ctx.project.timezone))
                return "0" if moment is None else f"{self._typed()} = {self._moment(moment)}"
            case _:
                return f"{self.operand.text} = {self._text(value)}"

    def _order(self, comparison: str, value: Any) -> str:
        if self.operand.type == "Numeric":
            number = as_number(value)
            if number is None:
                return "0"
            return f"{self._typed()} {comparison} {self.binder(number, 'Float64')}"
        if self.operand.type == "DateTime":
            moment = self._date_value(value)
            return f"{self._typed()} {comparison} {self._moment(moment)}"
        return f"{self.operand.text} {comparison} {self._text(value)}"

    def _range(self) -> str:
        low, high = (as_number(item) for item in self.wanted.values())
        number = self.operand.value or f"toFloat64OrNull({self.operand.text})"
        inside = f"{number} BETWEEN {self.binder(low, 'Float64')} AND {self.binder(high, 'Float64')}"
        return f"NOT ifNull({inside}, 0)" if self.wanted.operator == "not_between" else f"ifNull({inside}, 0)"

    def _date(self, operator: str, value: Any) -> str:
        moment = self._date_value(value)
        time = self.operand.value or as_time(self.operand.text, self.ctx.project.timezone, self.binder)
        if operator == "is_date_exact":
            zone = self.binder(self.ctx.project.timezone, "String")
            return f"toDate({time}, {zone}) = toDate({self._moment(moment)}, {zone})"
        return f"{time} {'<' if operator == 'is_date_before' else '>'} {self._moment(moment)}"

    def _date_value(self, value: Any) -> datetime:
        moment = parse_filter_date(as_text(value), self.ctx.now, ZoneInfo(self.ctx.project.timezone))
        if moment is None:
            raise QueryError(
                f"{as_text(value)!r} is not a date: use 2026-01-31, an ISO time, or a span such as -7d", attr=self._at()
            )
        return moment

    def _moment(self, moment: datetime) -> str:
        return self.binder(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), "DateTime64(6, 'UTC')")

    def _typed(self) -> str:
        if self.operand.value is not None:
            return self.operand.value
        return typed(self.operand.text, self.operand.type, self.ctx.project.timezone, self.binder)

    def _single(self) -> Any:
        return self.wanted.values()[0]

    def _text(self, value: Any) -> str:
        return self.binder(as_text(value), "String")

    def _at(self) -> str:
        return f"{self.wanted.path}.value"


def cleaned_path(text: str, ctx: QueryContext, binder: Binder) -> str:
    """SQL of a URL or path after the project's path cleaning rules (``path_cleaning_filters``: {regex, alias})."""
    rules: Any = ctx.project.settings.get("path_cleaning_filters") or []
    for rule in rules:
        pattern = str(rule.get("regex") or "")
        if pattern and is_valid_pattern(pattern, ctx):
            alias = binder(str(rule.get("alias") or ""), "String")
            text = f"replaceRegexpAll({text}, {binder(pattern, 'String')}, {alias})"
    return text
