"""Criteria about what persons did: an event, so often, regularly, for the first time, in sequence, or no more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leanbase.model.relative_date import parse_filter_date
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import DateRange, end_of, parse_date
from leanbase.query.errors import QueryError
from leanbase.query.intervals import Interval, index_sql
from leanbase.query.scope import EventScope
from leanbase.query.series import calendar_of

UNITS = {"hour": "h", "day": "d", "week": "w", "month": "m", "year": "y"}
# The intervals of a calendar behind each unit; a year is twelve months, as stickiness in PostHog knows no years.
_INTERVALS: dict[str, Interval] = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "month"}
COUNTS = {"exact": "=", "eq": "=", "gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}
MOST_PERIODS = 100


def behavior_members(ctx: QueryContext, binder: Binder, criterion: Mapping[str, Any], path: str) -> str:
    """A SELECT of the keys of the persons who did it. Raises :class:`QueryError`."""
    behavior = _Behavior(ctx, binder, criterion, path)
    forms = {
        "performed_event": behavior.performed,
        "performed_event_multiple": behavior.multiple,
        "performed_event_first_time": behavior.first_time,
        "performed_event_regularly": behavior.regularly,
        "performed_event_sequence": behavior.sequence,
        "stopped_performing_event": behavior.stopped,
        "restarted_performing_event": behavior.restarted,
    }
    form = forms.get(str(criterion.get("value")))
    if form is None:
        raise QueryError(f"behaviour is one of {', '.join(forms)}", "invalid_choice", f"{path}.value")
    return form()


class _Behavior:
    def __init__(self, ctx: QueryContext, binder: Binder, criterion: Mapping[str, Any], path: str) -> None:
        self.ctx = ctx
        self.criterion = criterion
        self.path = path
        self.scope = EventScope(ctx, binder)

    # -- forms

    def performed(self) -> str:
        return self._members(self._start(), self._event())

    def multiple(self) -> str:
        having = f"count() {self._comparison()} {self._count('operator_value')}"
        return self._members(self._start(), self._event(), having)

    def first_time(self) -> str:
        return self._members(None, self._event(), f"min(e.timestamp) >= {self._bound(self._start())}")

    def regularly(self) -> str:
        """In at least ``min_periods`` of the last ``total_periods``, so many times each.

        As in PostHog, which asks stickiness: intervals of the calendar up to the end of yesterday, ``time_value`` of
        them make a period, counted back from the last one.
        """
        total, least = self._count("total_periods"), self._count("min_periods")
        if not 1 <= total <= MOST_PERIODS:
            raise QueryError(f"total_periods is 1 to {MOST_PERIODS}", attr=f"{self.path}.total_periods")
        if least > total:
            raise QueryError(f"min_periods is at most total_periods, {total}", attr=f"{self.path}.min_periods")
        size, unit = max(1, self._count("time_value")), self._unit("time_interval")
        period = calendar_of(self.ctx).resolve(
            DateRange(f"-{min(size * total, 99_999)}{unit}", "-1d"), _INTERVALS[unit]
        )
        size, last = size * 12 if unit == "y" else size, len(period.starts) - 1
        bind = self.scope.binder
        index = index_sql(bind, "e.timestamp", period.starts) if period.starts else "0"
        where = f"{self.scope.between(period.read_from, period.end)} AND {self._event()}"
        wanted = f"count() {self._comparison()} {bind(self._count('operator_value'), 'Int64')}"
        periods = (
            f"SELECT {self.scope.actor()} AS pk, intDiv({bind(last, 'Int64')} - {index}, {bind(size, 'Int64')}) AS part"
            f" FROM {self.scope.source()} WHERE {where} GROUP BY pk, part HAVING {wanted}"
        )
        return f"SELECT pk FROM ({periods}) GROUP BY pk HAVING count() >= {bind(least, 'Int64')}"

    def sequence(self) -> str:
        """The event, and then the second one within ``seq_time_value``."""
        first, second = self._event(), self._event("seq_event", "seq_event_type")
        window = self.ctx.now - self._ago(self._count("seq_time_value"), self._unit("seq_time_interval"))
        micros = window // timedelta(microseconds=1)
        steps = f"windowFunnel({micros})(toUInt64(toUnixTimestamp64Micro(e.timestamp)), {first}, {second})"
        return self._members(self._start(), f"({first} OR {second})", f"{steps} = 2")

    def stopped(self) -> str:
        """Did it within the longer span, but not within the last ``seq_time_value``."""
        recent = self._ago(self._count("seq_time_value"), self._unit("seq_time_interval"))
        return self._members(self._start(), self._event(), f"max(e.timestamp) <= {self._bound(recent)}")

    def restarted(self) -> str:
        """Did it before the longer span, then not, and again within the last ``seq_time_value``."""
        start = self._start()
        recent = self._ago(self._count("seq_time_value"), self._unit("seq_time_interval"))
        between = f"countIf(e.timestamp > {self._bound(start)} AND e.timestamp <= {self._bound(recent)})"
        having = (
            f"min(e.timestamp) <= {self._bound(start)} AND {between} = 0 AND max(e.timestamp) > {self._bound(recent)}"
        )
        return self._members(None, self._event(), having)

    # -- parts

    def _members(self, start: datetime | None, condition: str, having: str = "") -> str:
        where = f"{self.scope.between(start, self._end())} AND {condition}"
        actor = self.scope.actor()
        tail = f" HAVING {having}" if having else ""
        return f"SELECT {actor} AS pk FROM {self.scope.source()} WHERE {where} GROUP BY pk{tail}"

    def _event(self, key: str = "key", kind: str = "event_type") -> str:
        name = self.criterion.get(key)
        if name in (None, ""):
            raise QueryError("which event or action?", "required", f"{self.path}.{key}")
        if self.criterion.get(kind) == "actions":
            condition = self.scope.action(name, self.path)
        else:
            condition = f"e.event = {self.scope.binder(str(name), 'String')}"
        if key == "key":
            filters = self.scope.filters(self.criterion.get("event_filters"), f"{self.path}.event_filters")
            return f"({condition} AND {filters})"
        return f"({condition})"

    def _start(self) -> datetime:
        explicit = self.criterion.get("explicit_datetime")
        zone = ZoneInfo(self.ctx.project.timezone)
        if explicit:
            return parse_date(str(explicit), zone, self.ctx.now).moment
        if self.criterion.get("time_value") is None:
            raise QueryError("how long ago?", "required", f"{self.path}.time_value")
        return self._ago(self._count("time_value"), self._unit("time_interval"))

    def _end(self) -> datetime:
        """Now, or the end that goes with an explicit start: a time, or a day, which is part of the span."""
        explicit = self.criterion.get("explicit_datetime") and self.criterion.get("explicit_datetime_to")
        if not explicit:
            return self.ctx.now
        moment = parse_date(str(explicit), ZoneInfo(self.ctx.project.timezone), self.ctx.now).moment
        return moment if ":" in str(explicit) else end_of(moment, "day")

    def _ago(self, count: int, unit: str) -> datetime:
        moment = parse_filter_date(f"{min(count, 99_999)}{unit}", self.ctx.now, ZoneInfo(self.ctx.project.timezone))
        if moment is None:
            raise QueryError("this is too long ago", attr=f"{self.path}.time_value")
        return moment

    def _unit(self, key: str) -> str:
        unit = UNITS.get(str(self.criterion.get(key) or "day"))
        if unit is None:
            raise QueryError(f"{key} is one of {', '.join(UNITS)}", "invalid_choice", f"{self.path}.{key}")
        return unit

    def _comparison(self) -> str:
        comparison = COUNTS.get(str(self.criterion.get("operator") or "gte"))
        if comparison is None:
            raise QueryError(f"operator is one of {', '.join(COUNTS)}", "invalid_choice", f"{self.path}.operator")
        return comparison

    def _count(self, key: str) -> int:
        value = self.criterion.get(key)
        text = str(1 if value is None else value)
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise QueryError(f"{key} is a whole number", attr=f"{self.path}.{key}")
        return int(text)

    def _bound(self, moment: datetime) -> str:
        text = moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S.%f")
        return self.scope.binder(text, "DateTime64(6, 'UTC')")
