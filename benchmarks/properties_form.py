"""In which form should the properties of an event rest? Prices of the candidates, on server and on browser events.

    python benchmarks/properties_form.py [rows] [folder]

Forms: ``text`` the JSON as sent; ``text+columns`` the same and 15 hot properties as columns, each with an expression of
its own; ``text+columns (one parse)`` the same columns out of one common expression, which the engine evaluates once;
``map+columns`` a Map of raw JSON values in 32 buckets and the columns; ``json`` the JSON type with hints.
CPU is that of the whole process: encoding, insert and the merges that followed. One thread per query.
"""

import json
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from leanbase.store.embedded import EmbeddedStore
from leanbase.store.sql import Sql

HOT = [
    "$browser",
    "$os",
    "$device_type",
    "$current_url",
    "$pathname",
    "$host",
    "$referrer",
    "$referring_domain",
    "$lib",
    "$lib_version",
    "$geoip_country_code",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "$screen_name",
]
HEADER = (
    "| events | form | insert us/row | settled B/row | files | hot count ms | hot breakdown | rare count "
    "| after promotion | promotion s | latest 100 |"
)
TURN = 10_000
USERS = 50_000


def common(rng: random.Random) -> dict[str, Any]:
    path = f"/p/{int(rng.paretovariate(1.1)) % 2000}"
    return {
        "$browser": rng.choice(["Chrome", "Firefox", "Safari", "Edge"]),
        "$os": rng.choice(["Mac OS X", "Windows", "Linux", "iOS", "Android"]),
        "$current_url": f"https://shop.example.com{path}",
        "$pathname": path,
        "$host": "shop.example.com",
        "$lib": "web",
        "$lib_version": "1.399.2",
        "$geoip_country_code": rng.choice(["DE", "FR", "US", "GB", "PL"]),
        "plan": rng.choice(["free", "pro", "team"]),
        "amount": rng.randrange(1, 100_000) / 100,
        f"rare_{rng.randrange(200)}": rng.randrange(20),
    }


def server(rng: random.Random) -> dict[str, Any]:
    """About 0.7 kB."""
    return common(rng) | {
        "$session_id": str(UUID(int=rng.getrandbits(128))),
        "order": {"id": rng.getrandbits(40), "items": [rng.randrange(999) for _ in range(4)], "coupon": None},
        "$ip": f"10.{rng.randrange(256)}.{rng.randrange(256)}.7",
        "note": " ".join(rng.choice(["alpha", "beta", "gamma", "delta"]) for _ in range(22)),
        "$is_server": True,
    }


def browser(rng: random.Random) -> dict[str, Any]:
    """About 1.8 kB and 45 keys, as posthog-js sends them."""
    nothing = [
        "gclid",
        "gad_source",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "fbclid",
        "msclkid",
        "twclid",
        "li_fat_id",
        "mc_cid",
        "igshid",
        "ttclid",
    ]
    agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    return (
        common(rng)
        | {
            "$device_type": "Desktop",
            "$browser_version": 131,
            "$browser_language": "de-DE",
            "$raw_user_agent": agent,
            "$referrer": "$direct",
            "$referring_domain": "$direct",
            "$screen_height": 1117,
            "$screen_width": 1728,
            "$viewport_height": 992,
            "$viewport_width": 1512,
            "$timezone": "Europe/Berlin",
            "$insert_id": f"{rng.getrandbits(60):015x}",
            "$time": 1_700_000_000 + rng.random(),
            "distinct_id": str(UUID(int=rng.getrandbits(128))),
            "$device_id": str(UUID(int=rng.getrandbits(128))),
            "$session_id": str(UUID(int=rng.getrandbits(128))),
            "$window_id": str(UUID(int=rng.getrandbits(128))),
            "$pageview_id": str(UUID(int=rng.getrandbits(128))),
            "$initial_person_info": {"r": "$direct", "u": "https://shop.example.com/"},
            "$web_vitals_enabled_server_side": False,
            "$process_person_profile": False,
            "utm_source": rng.choice([None, "news"]),
            "utm_medium": None,
            "utm_campaign": None,
            "title": "A page of the shop",
        }
        | dict.fromkeys(nothing)
    )


def tuple_expression() -> str:
    inner = ", ".join(f"`{key}` Nullable(String)" for key in HOT)
    return f"JSONExtract(properties, 'Tuple({inner})')"


@dataclass
class Form:
    name: str
    properties: str
    columns: list[str] = field(default_factory=list)
    settings: str = ""
    as_map: bool = False

    def read(self, key: str, hot: bool) -> str:
        if hot and self.columns:
            return f"h{HOT.index(key)}"
        if self.as_map:
            # The text of a raw value: of a string its content, of anything else the JSON.
            raw = f"properties['{key}']"
            return f"if(startsWith({raw}, '\"'), JSONExtractString({raw}), nullIf(nullIf({raw}, 'null'), ''))"
        if self.properties.startswith("JSON"):
            return f"properties.`{key}`" if hot else f"properties.`{key}`::Nullable(String)"
        return f"JSONExtract(properties, '{key}', 'Nullable(String)')"


def forms() -> list[Form]:
    kind = "LowCardinality(Nullable(String))"
    single = [f"h{n} {kind} MATERIALIZED JSONExtract(properties, '{k}', 'Nullable(String)')" for n, k in enumerate(HOT)]
    common_parse = [f"h{n} {kind} MATERIALIZED tupleElement({tuple_expression()}, {n + 1})" for n in range(len(HOT))]
    raw = "if(startsWith({0}, '\"'), JSONExtractString({0}), nullIf(nullIf({0}, 'null'), ''))"
    from_map = [f"h{n} {kind} MATERIALIZED " + raw.format(f"properties['{key}']") for n, key in enumerate(HOT)]
    hints = ", ".join(f"`{key}` {kind}" for key in HOT)
    buckets = "map_serialization_version = 'with_buckets', map_serialization_version_for_zero_level_parts = 'basic'"
    shared = (
        "object_shared_data_serialization_version = 'advanced', "
        "object_shared_data_serialization_version_for_zero_level_parts = 'map_with_buckets'"
    )
    text = "String CODEC(ZSTD(1))"
    return [
        Form("text", text),
        Form("text+columns", text, single),
        Form("text+columns (one parse)", text, common_parse),
        Form("map+columns", "Map(LowCardinality(String), String) CODEC(ZSTD(1))", from_map, buckets, as_map=True),
        Form("json", f"JSON(max_dynamic_paths=16, max_dynamic_types=8, {hints}) CODEC(ZSTD(1))", [], shared),
    ]


def batch(rng: random.Random, make: Any, n: int) -> dict[str, list[Any]]:
    start = 1_700_000_000_000_000 + n * 60_000_000
    users = [f"u{min(int(rng.paretovariate(0.8)), USERS)}" for _ in range(TURN)]
    return {
        "project_id": [1] * TURN,
        "event": rng.choices(
            ["$pageview", "$autocapture", "add_to_cart", "purchase", "signup"], [50, 30, 12, 6, 2], k=TURN
        ),
        "timestamp": [start + i * 6_000 for i in range(TURN)],
        "distinct_id": users,
        "person_id": [UUID(int=hash(u) & (1 << 127) - 1) for u in users],
        "uuid": [UUID(int=rng.getrandbits(128)) for _ in range(TURN)],
        "properties": [json.dumps(make(rng), separators=(",", ":")) for _ in range(TURN)],
    }


def timed(store: EmbeddedStore, text: str) -> tuple[float, Any]:
    """Milliseconds of CPU, the best of three with caches of answers off, and the answer."""
    best = float("inf")
    rows: Any = None
    for _ in range(3):
        started = time.process_time()
        rows = store.query(Sql(f"{text} SETTINGS max_threads = 1, use_query_condition_cache = 0")).rows
        best = min(best, (time.process_time() - started) * 1000)
    return best, rows


def settle(store: EmbeddedStore) -> None:
    while store.query(
        Sql("SELECT (SELECT count() FROM system.merges) + (SELECT count() FROM system.mutations WHERE NOT is_done)")
    ).rows[0][0]:
        time.sleep(0.05)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    folder = Path(tempfile.mkdtemp(dir=sys.argv[2] if len(sys.argv) > 2 else None))
    store = EmbeddedStore(folder / "store", 3 << 30)
    as_map = msgspec.json.Decoder(dict[str, msgspec.Raw])
    print(HEADER)
    print("|" + "---|" * 11)
    for make in (server, browser):
        rng = random.Random(7)
        batches = [batch(rng, make, n) for n in range(rows // TURN)]
        size = sum(map(len, batches[0]["properties"])) / TURN
        answers: dict[str, Any] = {}
        for form in forms():
            store.command(Sql("DROP TABLE IF EXISTS t SYNC"))
            columns = ", ".join(["", *form.columns])
            store.command(
                Sql(
                    "CREATE TABLE t (project_id UInt32, event LowCardinality(String), "
                    "timestamp DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)), distinct_id String CODEC(ZSTD(1)), "
                    "person_id UUID CODEC(ZSTD(1)), pk UInt64 MATERIALIZED cityHash64(person_id), uuid UUID, "
                    f"properties {form.properties}{columns}, "
                    "PROJECTION by_person (SELECT _part_offset ORDER BY project_id, pk)) "
                    "ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) "
                    "ORDER BY (project_id, event, toDate(timestamp), cityHash64(distinct_id)) "
                    f"SETTINGS non_replicated_deduplication_window = 1000{form.settings and ', ' + form.settings}"
                )
            )
            started = time.process_time()
            for number, columns_of in enumerate(batches):
                given = dict(columns_of)
                if form.as_map:
                    given["properties"] = [
                        {key: bytes(raw) for key, raw in as_map.decode(text).items()}
                        for text in columns_of["properties"]
                    ]
                if form.properties.startswith("JSON"):
                    store._types["t"] = store._insertable("t") | {"properties": "String"}
                store.insert("t", given, f"t:{number}")
            settle(store)
            store.command(Sql("OPTIMIZE TABLE t FINAL"))
            cpu = (time.process_time() - started) / rows * 1e6
            disk, parts = store.query(
                Sql("SELECT sum(bytes_on_disk), sum(files) FROM system.parts WHERE table = 't' AND active")
            ).rows[0]
            where = "project_id = 1 AND event = '$pageview'"
            hot, rare = form.read("$browser", True), form.read("rare_7", False)
            q1, a1 = timed(
                store,
                f"SELECT toDate(timestamp) d, count() FROM t WHERE {where} AND {hot} = 'Firefox' GROUP BY d ORDER BY d",
            )
            q2, a2 = timed(store, f"SELECT {hot} b, uniqExact(pk) FROM t WHERE {where} GROUP BY b ORDER BY b")
            q3, a3 = timed(store, f"SELECT count() FROM t WHERE {where} AND {rare} = '5'")
            q4, _ = timed(store, "SELECT * FROM t WHERE project_id = 1 ORDER BY timestamp DESC LIMIT 100")
            answers.setdefault("all", (a1, a2, a3))
            assert answers["all"] == (a1, a2, a3), f"{form.name} gives another answer"
            started = time.process_time()
            store.command(
                Sql(f"ALTER TABLE t ADD COLUMN promoted LowCardinality(Nullable(String)) MATERIALIZED {rare}")
            )
            store.command(Sql("ALTER TABLE t MATERIALIZE COLUMN promoted"))
            settle(store)
            promotion = time.process_time() - started
            q5, a5 = timed(store, f"SELECT count() FROM t WHERE {where} AND promoted = '5'")
            assert a5 == a3
            print(
                f"| {make.__name__} {size:.0f} B | {form.name} | {cpu:.1f} | {disk / rows:.0f} | {parts} | {q1:.1f} "
                f"| {q2:.1f} | {q3:.1f} | {q5:.1f} | {promotion:.1f} | {q4:.1f} |",
                flush=True,
            )
    store.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
