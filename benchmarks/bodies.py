"""Requests of the benchmark: server events of about 0.7 kB, browser events of about 1.8 kB."""

import gzip
import json
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.load import http_request

DISTINCT_BODIES = 64  # bodies are sent in turn, so that nothing is answered from a warm branch of one body
USER_AGENT = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
)
PAGES = tuple(f"/page/{n}" for n in range(200))


def server_event(chance: random.Random, now: datetime, persons: int = 50_000) -> dict[str, Any]:
    """An event as posthog-python sends it, about 0.7 kB."""
    return {
        "event": chance.choice(("order placed", "report made", "user invited", "job finished")),
        "distinct_id": f"user-{chance.randrange(persons)}",
        "uuid": str(uuid.UUID(int=chance.getrandbits(128))),
        "timestamp": (now - timedelta(seconds=chance.randrange(86_400))).isoformat(),
        "properties": {
            "$lib": "posthog-python",
            "$lib_version": "7.91.1",
            "$geoip_disable": True,
            "$is_server": True,
            "$python_runtime": "CPython",
            "$python_version": "3.12.4",
            "$os": "Linux",
            "$os_version": "6.8",
            "amount": round(chance.random() * 500, 2),
            "currency": "EUR",
            "items": chance.randrange(1, 9),
            "warehouse": f"w{chance.randrange(20)}",
            "reference": f"{chance.getrandbits(96):x}",
            "note": "a line of text that a backend adds to explain what was done and why " * 3,
        },
    }


def browser_event(chance: random.Random, now: datetime, persons: int = 50_000) -> dict[str, Any]:
    """A pageview as posthog-js sends it, about 1.8 kB and 45 properties; personless."""
    page = chance.choice(PAGES)
    visitor = f"{chance.randrange(persons):032x}"
    empty = (
        "utm_content",
        "utm_term",
        "gclid",
        "gad_source",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "fbclid",
        "msclkid",
    )
    return {
        "event": "$pageview",
        "uuid": str(uuid.UUID(int=chance.getrandbits(128))),
        "timestamp": (now - timedelta(seconds=chance.randrange(86_400))).isoformat(),
        "properties": {
            "token": "t",
            "distinct_id": visitor,
            "$device_id": visitor,
            "$process_person_profile": False,
            "$session_id": str(uuid.UUID(int=chance.getrandbits(128))),
            "$window_id": str(uuid.UUID(int=chance.getrandbits(128))),
            "$os": "Mac OS X",
            "$os_version": "10.15.7",
            "$browser": "Chrome",
            "$browser_version": 140,
            "$device_type": "Desktop",
            "$current_url": f"https://shop.example{page}?ref=home",
            "$host": "shop.example",
            "$pathname": page,
            "$lib": "web",
            "$lib_version": "1.449.2",
            "$screen_height": 1117,
            "$screen_width": 1728,
            "$viewport_height": 958,
            "$viewport_width": 1728,
            "$raw_user_agent": USER_AGENT,
            "$referrer": "https://www.google.com/",
            "$referring_domain": "www.google.com",
            "$timezone": "Europe/Berlin",
            "$browser_language": "de-DE",
            "$browser_language_prefix": "de",
            "$pageview_id": str(uuid.UUID(int=chance.getrandbits(128))),
            "$session_entry_url": "https://shop.example/",
            "$session_entry_pathname": "/",
            "$session_entry_referrer": "$direct",
            "title": "A page of the shop",
            "utm_source": "newsletter",
            "utm_medium": "email",
            "utm_campaign": "november",
            **dict.fromkeys(empty),
        },
    }


def requests(
    token: str, kind: Any, events: int, *, gzipped: bool, seed: int = 1, count: int = DISTINCT_BODIES
) -> list[bytes]:
    """Ready HTTP requests of ``events`` events each; ``kind`` is one of the event makers above."""
    chance = random.Random(seed)
    now = datetime.now(UTC)
    made: list[bytes] = []
    for _ in range(count):
        batch = {"api_key": token, "batch": [kind(chance, now) for _ in range(events)], "sent_at": now.isoformat()}
        body = json.dumps(batch, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if gzipped:
            body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        made.append(http_request("/batch/", body, headers))
    return made
