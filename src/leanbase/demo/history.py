"""A made-up product's 60 days: Fernwood, a shared notebook for teams. Pure and deterministic: the same seed and
the same last day give the same events, to the byte.

Visitors arrive in a rising curve with a weekly and a daily rhythm, most come once, a few come daily (activity follows
a Zipf-like law). Some sign up after days of looking around, climb an onboarding funnel, invite others, pay, and
meet errors.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from leanbase.demo.visitors import Pick, Visitor, make_visitors, uuid7
from leanbase.demo.world import (
    BROWSING,
    COMPANIES,
    DAYS,
    ERRORS,
    FIRST_NAMES,
    HOURS,
    PLANS,
    SITE,
    VISITORS,
)


class Emit(Protocol):
    """Makes the event that happens now."""

    def __call__(
        self, name: str, more: dict[str, object], path: str | None = None, members: str | None = None
    ) -> tuple[int, str]: ...


class Wait(Protocol):
    """Lets about so many seconds pass."""

    def __call__(self, seconds: float) -> None: ...


class History:
    """The whole history. ``events(day)`` gives the JSON texts of one day, in order of time."""

    def __init__(self, last_day: datetime, *, visitors: int = VISITORS, days: int = DAYS, seed: int = 20) -> None:
        self.days = days
        self._chance = random.Random(seed)
        self._start = last_day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
            days=days - 1
        )
        self._end = last_day.astimezone(UTC)
        self._hour = Pick(HOURS)
        self._active: list[list[Visitor]] = [[] for _ in range(days)]
        for visitor in make_visitors(self._chance, self._start, days, visitors):
            for day in visitor.days:
                self._active[day].append(visitor)

    # -- events ----------------------------------------------------------------

    def events(self, day: int) -> list[str]:
        """The events of one day (0 is the first), each a JSON object, in order of time; none is later than the end."""
        midnight = self._start + timedelta(days=day)
        limit = int(self._end.timestamp() * 1000)
        rows: list[tuple[int, int, str]] = []
        for visitor in self._active[day]:
            begin = (
                int(midnight.timestamp() * 1000)
                + self._hour(self._chance) * 3_600_000
                + self._chance.randrange(3_600_000)
            )
            for moment, text in self._session(visitor, day, begin):
                if moment <= limit:
                    rows.append((moment, len(rows), text))
        rows.sort()
        return [text for _, _, text in rows]

    def _session(self, visitor: Visitor, day: int, begin: int) -> Iterator[tuple[int, str]]:
        """One visit: the times (ms) and JSON texts of its events."""
        chance = self._chance
        session = uuid7(chance, begin)
        window = uuid7(chance, begin + 1)
        clock = begin
        first = day == visitor.first_day
        came = visitor.source

        def emit(
            name: str, more: dict[str, object], path: str | None = None, members: str | None = None
        ) -> tuple[int, str]:
            shown = path or visitor.last_path
            moment = datetime.fromtimestamp(clock / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{clock % 1000:03d}Z"
            device = visitor.device if members is None else members
            page = (
                ""
                if members is not None
                else (
                    f'"$current_url":"{SITE}{shown}","$pathname":"{shown}","$session_id":"{session}","$window_id":"{window}","$device_id":"{visitor.anonymous}",'
                )
            )
            extra = json.dumps(more)[1:-1]
            return clock, (
                f'{{"event":{json.dumps(name)},"uuid":"{uuid7(chance, clock)}",'
                f'"distinct_id":"{visitor.user or visitor.anonymous}",'
                f'"timestamp":"{moment}","properties":{{{page}{device}{"," + extra if extra else ""}}}}}'
            )

        def wait(seconds: float) -> None:
            nonlocal clock
            clock += 400 + int(chance.expovariate(1 / seconds) * 1000)

        campaign = (
            {
                f"utm_{key}": value
                for key, value in zip(("source", "medium", "campaign"), came[1:4], strict=True)
                if value
            }
            if first
            else {}
        )
        visitor.last_path = visitor.landing if first else ("/app" if visitor.user else chance.choice(BROWSING))
        yield emit("$pageview", {**campaign, "title": "Fernwood"})
        signing_up = visitor.signup_day == day and not visitor.user
        for _ in range(min(12, int(chance.expovariate(0.9 if not visitor.user else 0.45)) + (1 if signing_up else 0))):
            wait(25)
            visitor.last_path = (
                chance.choice(("/app", "/app/notes", "/app/search", "/app/settings"))
                if visitor.user
                else chance.choice(BROWSING)
            )
            yield emit("$pageview", {"title": "Fernwood"})
            if chance.random() < 0.4:
                wait(6)
                label = chance.choice(("Start free", "See plans", "Watch the tour", "New note", "Share"))
                button = f'button.button:attr__class="button"nth-child="2"nth-of-type="1"text="{label}"'
                chain = f'{button};body:nth-child="2"nth-of-type="1"'
                yield emit("$autocapture", {"$event_type": "click", "$elements_chain": chain})
        if signing_up:
            yield from self._sign_up(visitor, day, emit, wait)
        elif visitor.user:
            yield from self._work(visitor, emit, wait)
        wait(30)
        if chance.random() < 0.9:
            yield emit(
                "$pageleave",
                {
                    "$prev_pageview_pathname": visitor.last_path,
                    "$prev_pageview_duration": round(chance.expovariate(1 / 40), 3),
                },
            )

    def _sign_up(self, visitor: Visitor, day: int, emit: Emit, wait: Wait) -> Iterator[tuple[int, str]]:
        chance = self._chance
        visitor.last_path = "/signup"
        yield emit("$pageview", {"title": "Sign up: Fernwood"})
        wait(20)
        yield emit("signup started", {"method": chance.choice(("email", "email", "google"))})
        if chance.random() > 0.74:  # gave up; may try again on a later day
            later = [other for other in visitor.days if other > day]
            visitor.signup_day = later[0] if later else None
            return
        wait(35)
        visitor.user = f"user_{visitor.number:06d}"
        first = chance.choice(FIRST_NAMES)
        visitor.company = (
            COMPANIES[min(int(chance.paretovariate(0.7)) - 1, len(COMPANIES) - 1)] if chance.random() < 0.8 else ""
        )
        person = {
            "email": f"{first.lower()}.{visitor.number}@example.com",
            "name": first,
            "plan": visitor.plan,
            "company": visitor.company,
        }
        yield emit(
            "$identify",
            {
                "$anon_distinct_id": visitor.anonymous,
                "$set": person,
                "$set_once": {"signed_up_from": visitor.source[0] or "email"},
            },
        )
        yield emit("signed up", {"plan": visitor.plan, "source": visitor.source[1] or visitor.source[0]})
        if visitor.company:
            slug = visitor.company.lower().replace(" ", "-")
            yield emit(
                "$groupidentify",
                {
                    "$group_type": "company",
                    "$group_key": slug,
                    "$group_set": {"name": visitor.company, "plan": visitor.plan},
                },
            )
        yield from self._onboard(visitor, emit, wait)

    def _onboard(self, visitor: Visitor, emit: Emit, wait: Wait) -> Iterator[tuple[int, str]]:
        steps = (
            ("workspace created", 0.86),
            ("first note written", 0.78),
            ("teammate invited", 0.46),
            ("integration connected", 0.5),
        )
        while visitor.step < len(steps) and self._chance.random() < steps[visitor.step][1]:
            wait(45)
            yield emit(steps[visitor.step][0], self._groups(visitor))
            visitor.step += 1

    def _work(self, visitor: Visitor, emit: Emit, wait: Wait) -> Iterator[tuple[int, str]]:
        chance = self._chance
        groups = self._groups(visitor)
        if visitor.step < 4 and chance.random() < 0.3:
            yield from self._onboard(visitor, emit, wait)
        for _ in range(min(40, int(chance.expovariate(0.12)))):
            wait(50)
            kind = chance.random()
            if kind < 0.42:
                yield emit("note edited", {"blocks": int(chance.paretovariate(1.2)), **groups}, "/app/notes")
            elif kind < 0.58:
                yield emit(
                    "note created",
                    {"template": chance.choice(("blank", "meeting", "project", "journal")), **groups},
                    "/app/notes",
                )
            elif kind < 0.74:
                yield emit(
                    "search performed",
                    {"results": int(chance.expovariate(0.1)), "query_length": chance.randrange(2, 30), **groups},
                    "/app/search",
                )
            elif kind < 0.84:
                yield emit("comment added", {"mentions": chance.randrange(3), **groups}, "/app/notes")
            elif kind < 0.93:
                yield emit(
                    "note shared", {"audience": chance.choice(("team", "link", "guest")), **groups}, "/app/notes"
                )
            elif kind < 0.965:
                kind_of, message, file = ERRORS[min(int(chance.paretovariate(1.1)) - 1, 2)]
                frame = {
                    "filename": f"{SITE}/assets/{file}",
                    "function": "render",
                    "lineno": 120,
                    "colno": 7,
                    "in_app": True,
                    "platform": "web:javascript",
                }
                yield emit(
                    "$exception",
                    {
                        "$exception_level": "error",
                        "$exception_list": [
                            {
                                "type": kind_of,
                                "value": message,
                                "mechanism": {"handled": False, "type": "generic"},
                                "stacktrace": {"type": "raw", "frames": [frame]},
                            }
                        ],
                    },
                )
            else:
                yield emit(
                    "export finished",
                    {
                        "format": chance.choice(("pdf", "markdown", "html")),
                        "seconds": round(chance.expovariate(0.4), 2),
                        **groups,
                    },
                    "/app/notes",
                )
        if visitor.plan != "free" and chance.random() < 0.03:
            wait(60)
            price = next(price for name, price, _ in PLANS if name == visitor.plan)
            server = '"$lib":"posthog-python","$lib_version":"7.91.1","$geoip_disable":true,"$is_server":true'
            yield emit(
                "invoice paid",
                {"amount": price * (1 + int(chance.paretovariate(1))), "plan": visitor.plan, **groups},
                members=server,
            )
        elif visitor.plan == "free" and chance.random() < 0.006:
            wait(60)
            visitor.plan = "team"
            yield emit(
                "plan upgraded", {"from": "free", "to": "team", "$set": {"plan": "team"}, **groups}, "/app/settings"
            )

    def _groups(self, visitor: Visitor) -> dict[str, object]:
        return {"$groups": {"company": visitor.company.lower().replace(" ", "-")}} if visitor.company else {}
