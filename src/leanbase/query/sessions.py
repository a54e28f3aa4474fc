"""Sessions, made of the events that share a session id when somebody asks.

Entry values are the first non-null value in time, those of ``$pageview`` and ``$screen`` before all others; exit URLs
likewise the last. Only ids that are UUIDs of version 7 make a session, as in PostHog: events with other ids are kept,
count as they are, and have no session.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from leanbase.query.binder import Binder
from leanbase.query.channel_rules import channel_rules, chosen_channel
from leanbase.query.channels import CHANNEL_INPUTS, channel
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.person_mode import overridden_person_id
from leanbase.store.properties import property_text, together

BOUNCE_SECONDS = 10  # PostHog's default of bounce_rate_duration_seconds
LONGEST_SESSION = timedelta(days=1)  # SDKs begin a new session after 24 hours

_PAGES = "s.event IN ('$pageview', '$screen')"
# A UUID has its version in the 4 bits above the last 76; NULL, and so no session, for what is no UUID.
_IS_SESSION = "bitAnd(bitShiftRight(toUInt128(toUUIDOrNull(s.session_id)), 76), 15) = 7"
_BEGUN = "UUIDv7ToDateTime(toUUIDOrZero(any(s.session_id)), 'UTC')"  # when the SDK made the id
_PERSON = overridden_person_id("s")
_FIRST = f"(NOT ({_PAGES}), s.timestamp)"
_LAST = f"({_PAGES}, s.timestamp)"
_DURATION = "toInt64(dateDiff('second', min(s.timestamp), max(s.timestamp)))"
_LOOKS = "uniqExactIf(s.uuid, s.event IN ('$pageview', '$screen', '$autocapture'))"
_OF_URL = {"$pathname": "path", "$host": "domain"}


@dataclass(frozen=True)
class SessionField:
    """A field: the type of its values as properties have them, and its aggregate over ``events AS s``."""

    type: str
    sql: "Callable[[_Reader], str]"


@dataclass(frozen=True)
class _Reader:
    ctx: QueryContext
    binder: Binder
    told: dict[str, int] = field(default_factory=dict[str, int])  # properties without a column -> place in ``told_``

    def text(self, key: str) -> str:
        """A property; host and path of an event that does not say them are those of its URL."""
        if self.ctx.promoted and self.ctx.promoted.column("properties", key):
            text = property_text("properties", key, self.binder, "s", self.ctx.promoted)
        else:
            text = f"tupleElement(told_, {self.told.setdefault(key, len(self.told) + 1)})"
        of_url = _OF_URL.get(key)
        return f"coalesce({text}, nullIf({of_url}({self.text('$current_url')}), ''))" if of_url else text

    def first(self, value: str) -> str:
        return f"argMinIf({value}, {_FIRST}, isNotNull({value}))"

    def last(self, value: str) -> str:
        return f"argMaxIf({value}, {_LAST}, isNotNull({value}))"

    def channel(self) -> str:
        rules = channel_rules(self.ctx)
        further = {name for rule in rules for name in rule.properties} - set(CHANNEL_INPUTS)
        names = [*CHANNEL_INPUTS, *sorted(further)]
        entry = f"argMin(tuple({', '.join(self.text(name) for name in names)}), {_FIRST})"
        inputs = {name: f"tupleElement({entry}, {place})" for place, name in enumerate(names, 1)}
        return chosen_channel(rules, inputs, channel(entry, self.binder), self.binder)

    def bounce_seconds(self) -> str:
        asked = self.ctx.modifiers.get("bounceRateDurationSeconds")
        chosen = asked if asked is not None else self.ctx.project.settings.get("bounce_rate_duration_seconds")
        return self.binder(float(chosen) if isinstance(chosen, (int, float)) else float(BOUNCE_SECONDS), "Float64")


def _entry(key: str) -> SessionField:
    return SessionField("String", lambda read: read.first(read.text(key)))


def _count(event: str) -> SessionField:
    return SessionField("Numeric", lambda _: f"toNullable(uniqExactIf(s.uuid, s.event = '{event}'))")


def _has(key: str) -> SessionField:
    return SessionField("Boolean", lambda read: f"toNullable(countIf(isNotNull({read.text(key)})) > 0)")


def _bounce(read: _Reader) -> str:
    engaged = (
        f"{_LOOKS} > 1 OR dateDiff('millisecond', min(s.timestamp), max(s.timestamp)) / 1000 >= {read.bounce_seconds()}"
    )
    return f"if({_LOOKS} = 0, NULL, NOT ({engaged}))"


_AD_IDS = (
    "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "twclid", "li_fat_id", "mc_cid", "igshid",
    "ttclid", "epik", "qclid", "sccid", "_kx", "irclid",
)  # fmt: skip
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")

_URLS = f"groupUniqArrayIf(1000)(assumeNotNull({{url}}), {_PAGES} AND isNotNull({{url}}))"  # 1000: bounds one session


def _fields() -> dict[str, SessionField]:
    url, path, host = "$current_url", "$pathname", "$host"
    fields = {
        "session_id": SessionField("String", lambda _: "toNullable(any(s.session_id))"),
        "session_timestamp": SessionField("DateTime", lambda _: f"toNullable({_BEGUN})"),
        "distinct_id": SessionField("String", lambda _: "toNullable(argMax(s.distinct_id, s.timestamp))"),
        "person_id": SessionField("String", lambda _: f"toNullable(toString(argMax({_PERSON}, s.timestamp)))"),
        "$start_timestamp": SessionField("DateTime", lambda _: "toNullable(min(s.timestamp))"),
        "$end_timestamp": SessionField("DateTime", lambda _: "toNullable(max(s.timestamp))"),
        "$session_duration": SessionField("Numeric", lambda _: f"toNullable({_DURATION})"),
        "max_inserted_at": SessionField("DateTime", lambda _: "toNullable(max(s.inserted_at))"),
        "$pageview_count": _count("$pageview"),
        "$screen_count": _count("$screen"),
        "$autocapture_count": _count("$autocapture"),
        "$has_autocapture": SessionField("Boolean", lambda _: "toNullable(countIf(s.event = '$autocapture') > 0)"),
        "$event_count": SessionField("Numeric", lambda _: "toNullable(count())"),
        "$is_bounce": SessionField("Boolean", _bounce),
        "$page_screen_autocapture_count_up_to": SessionField("Numeric", lambda _: f"toNullable(least({_LOOKS}, 2))"),
        "$vitals_lcp": SessionField(
            "Numeric", lambda read: read.first(f"toFloat64OrNull({read.text('$web_vitals_LCP_value')})")
        ),
        "$channel_type": SessionField("String", lambda read: f"toNullable({read.channel()})"),
        "$urls": SessionField("String", lambda read: _URLS.format(url=read.text(url))),
        "$hosts": SessionField("String", lambda read: _URLS.format(url=read.text(host))),
        "$num_uniq_urls": SessionField("Numeric", lambda read: f"toNullable(uniqExactIf({read.text(url)}, {_PAGES}))"),
        "$entry_current_url": _entry(url),
        "$entry_pathname": _entry(path),
        "$entry_hostname": _entry(host),
        "$end_current_url": SessionField("String", lambda read: read.last(read.text(url))),
        "$end_pathname": SessionField("String", lambda read: read.last(read.text(path))),
        "$end_hostname": SessionField("String", lambda read: read.last(read.text(host))),
        "$last_external_click_url": SessionField("String", lambda read: read.last(read.text("$external_click_url"))),
        "$entry_referring_domain": _entry("$referring_domain"),
        "$entry_referrer": _entry("$referrer"),
        "$entry_gad_source": _entry("gad_source"),
    }
    for key in _UTM:
        fields[f"$entry_{key}"] = _entry(key)
    for key in _AD_IDS:
        fields[f"$entry_{key}"] = _entry(key)
        fields[f"$entry_has_{key}"] = _has(key)
    fields["id"] = fields["session_id_v7"] = fields["session_id"]
    fields["duration"] = fields["$session_duration"]
    fields["$exit_current_url"] = fields["$end_current_url"]
    fields["$exit_pathname"] = fields["$end_pathname"]
    fields["min_timestamp"], fields["max_timestamp"] = fields["$start_timestamp"], fields["$end_timestamp"]
    return fields


SESSION_FIELDS: Mapping[str, SessionField] = _fields()


def session_field_type(name: str) -> str:
    """String, Numeric, Boolean or DateTime. Raises :class:`QueryError` for a field that sessions do not have."""
    found = SESSION_FIELDS.get(name)
    if found is None:
        raise QueryError(f"sessions have no field {name!r}", "invalid_choice")
    return found.type


def sessions_query(
    ctx: QueryContext,
    binder: Binder,
    columns: Mapping[str, str],
    date_from: datetime | None = None,
    date_to: datetime | None = None,
) -> str:
    """A SELECT of one row per session of the project: ``session_id`` and, per column, one of :data:`SESSION_FIELDS`.

    Given a range, only sessions are made that can have an event in it, each from all of its events within a day.
    """
    read = _Reader(ctx, binder)
    chosen = [f"{SESSION_FIELDS[wanted].sql(read)} AS {name}" for name, wanted in columns.items()]
    conditions = [f"s.project_id = {binder(ctx.project.id, 'UInt32')}", "s.session_id != ''", _IS_SESSION]
    for bound, comparison, step in ((date_from, ">=", -LONGEST_SESSION), (date_to, "<=", LONGEST_SESSION)):
        if bound is not None:
            moment = bound.astimezone(UTC) + step
            time = binder(moment.strftime("%Y-%m-%d %H:%M:%S.%f"), "DateTime64(6, 'UTC')")
            conditions.append(f"s.timestamp {comparison} {time}")
            conditions.append(f"toDate(s.timestamp) {comparison} {binder(moment.strftime('%Y-%m-%d'), 'Date32')}")
    select = ", ".join(["s.session_id AS session_id", *chosen])
    told = f"WITH {together('s.properties', list(read.told), binder)} AS told_ " if read.told else ""
    return f"{told}SELECT {select} FROM events AS s WHERE {' AND '.join(conditions)} GROUP BY s.session_id"
