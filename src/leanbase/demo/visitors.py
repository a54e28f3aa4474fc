"""Who visits the demo's product: a browser, a country, a source, a habit. Deterministic."""

import bisect
import itertools
import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from leanbase.demo.world import BROWSERS, COUNTRIES, LANDINGS, PLANS, SOURCES, SYSTEMS, WEEKDAYS


@dataclass(slots=True)
class Visitor:
    """One human with a browser; ``user`` is set once they have signed up."""

    number: int
    anonymous: str
    weight: float
    first_day: int
    device: str  # JSON members that every event of this browser carries, without braces
    server_ip: str
    source: tuple[str, str, str, str, int, float]
    landing: str
    signup_day: int | None
    user: str = ""
    plan: str = "free"
    company: str = ""
    step: int = 0  # how far the onboarding went
    last_path: str = "/"
    days: list[int] = field(default_factory=list)


class Pick:
    """A weighted choice that costs one random number."""

    def __init__(self, weights: tuple[int, ...] | list[float]) -> None:
        self._sums = list(itertools.accumulate(weights))

    def __call__(self, chance: random.Random) -> int:
        return bisect.bisect(self._sums, chance.random() * self._sums[-1])


def uuid7(chance: random.Random, milliseconds: int) -> str:
    """A UUIDv7 of that time whose random part comes from ``chance``."""
    return str(
        UUID(
            int=(milliseconds & (2**48 - 1)) << 80
            | 7 << 76
            | chance.getrandbits(12) << 64
            | 2 << 62
            | chance.getrandbits(62)
        )
    )


def make_visitors(chance: random.Random, start: datetime, days: int, count: int) -> Iterator[Visitor]:
    """``count`` visitors with the days (0 is the first) on which each comes back."""
    arrival = Pick(
        [(0.6 + 0.8 * day / days) * WEEKDAYS[(start + timedelta(days=day)).weekday()] for day in range(days)]
    )
    browser, system, country = (Pick([row[-1] for row in table]) for table in (BROWSERS, SYSTEMS, COUNTRIES))
    source, landing, plan = (
        Pick([row[4] for row in SOURCES]),
        Pick([row[-1] for row in LANDINGS]),
        Pick([row[-1] for row in PLANS]),
    )
    for number in range(count):
        name, version, _ = BROWSERS[browser(chance)]
        os_name, os_version, device, width, height, _ = SYSTEMS[system(chance)]
        code, ip, _ = COUNTRIES[country(chance)]
        came = SOURCES[source(chance)]
        first_day = arrival(chance)
        signs_up = chance.random() < came[5]
        # Zipf-like: the k-th most active has about 1/k of the activity of the first.
        weight = (
            min(1.0, 2.4 / (1 + chance.random() * count / 900) ** 0.75)
            if signs_up
            else 0.02 + 0.25 * chance.random() ** 6
        )
        members = {
            "$lib": "web",
            "$lib_version": "1.449.2",
            "$browser": name,
            "$browser_version": version,
            "$os": os_name,
            "$os_version": os_version,
            "$device_type": device,
            "$screen_width": width,
            "$screen_height": height,
            "$viewport_width": width,
            "$viewport_height": height - 120,
            "$host": "fernwood.example",
            "$timezone": "Europe/Berlin" if code == "DE" else "Etc/UTC",
            "$browser_language": "de-DE" if code == "DE" else "en-US",
            "$ip": ip,
            "$referrer": f"https://{came[0]}/" if came[0] not in {"", "$direct"} else "$direct",
            "$referring_domain": came[0] or "$direct",
        }
        visitor = Visitor(
            number=number,
            anonymous=uuid7(chance, int(start.timestamp() * 1000) + first_day * 86_400_000 + number),
            weight=weight,
            first_day=first_day,
            device=json.dumps(members)[1:-1],
            server_ip=ip,
            source=came,
            landing=LANDINGS[landing(chance)][0],
            signup_day=None,
            plan=PLANS[plan(chance)][0],
        )
        visitor.days = [first_day] + [
            day
            for day in range(first_day + 1, days)
            if chance.random()
            < weight
            * WEEKDAYS[(start + timedelta(days=day)).weekday()]
            * math.exp(-(day - first_day) / (110 if signs_up else 9))
        ]
        if signs_up:  # on one of the first visits
            visitor.signup_day = visitor.days[min(len(visitor.days) - 1, int(chance.expovariate(1.1)))]
        yield visitor
