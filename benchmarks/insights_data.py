"""Events for the benchmarks of insights, made inside the engine: deterministic, straight into the product's tables.

Sixty days of a shop: most events come from browsers (about 1 kB of properties), some from servers (0.3 kB). A person
has 50 events on average and a few have thousands; 1 in 20 persons was merged into another, 1 in 10 is personless.
"""

from datetime import UTC, datetime
from pathlib import Path

from leanbase.store.client import Store
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql

PROJECT = 1
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
DAYS = 60
EVENTS_PER_PERSON = 50
STAGES = 20  # events "stage 1" … "stage 20", for funnels of many steps
_CHUNK = 1_000_000
_MEMORY = 6 << 30  # the making; queries have the product's own limits
_SPAN = DAYS * 86_400_000_000  # microseconds

_BROWSERS = "['Chrome', 'Chrome', 'Chrome', 'Mobile Safari', 'Mobile Safari', 'Safari', 'Firefox', 'Microsoft Edge']"
_SYSTEMS = "['Windows', 'Mac OS X', 'Android', 'iOS', 'iOS', 'Mac OS X', 'Linux', 'Windows']"
_COUNTRIES = "['DE', 'US', 'FR', 'GB', 'NL', 'AT', 'CH', 'PL', 'ES', 'IT', 'BR', 'IN']"
_REFERRERS = "['www.google.com', '$direct', '$direct', 'www.bing.com', 'news.ycombinator.com', 'github.com']"
_AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"

# The pieces of a JSON text: literals are quoted, everything else is an expression.
_BROWSER_JSON = f"""concat(
  '{{"$os":"', system, '","$os_version":"10.15.7","$browser":"', browser, '","$device_type":"', device,
  '","$timezone":"Europe/Berlin","$current_url":"https://shop.example', path, '","$host":"shop.example","$pathname":"',
  path, '","$raw_user_agent":"{_AGENT}","$browser_version":140,"$browser_language":"de-DE","$screen_height":1117,',
  '"$screen_width":1728,"$viewport_height":', toString(700 + r3 % 400), ',"$viewport_width":1728,"$lib":"web",',
  '"$lib_version":"1.449.2","$insert_id":"', substring(session, 5, 16), '","$time":', toString(at / 1000000),
  ',"distinct_id":"', distinct_id, '","$device_id":"', distinct_id, '","$referrer":"https://', referrer,
  '/","$referring_domain":"', referrer, '","$session_id":"', session, '","$window_id":"', session,
  '","$session_entry_url":"https://shop.example/","title":"A page of the shop","plan":"', plan,
  '","$geoip_country_code":"', country, '","$geoip_city_name":"Somewhere"',
  if(r3 % 5 = 0, ',"utm_source":"newsletter","utm_medium":"email","utm_campaign":"autumn"', ''),
  if(r3 % 200 = 7, concat(',"coupon":"C', toString(r3 % 31), '"'), ''),
  ',"$is_identified":true,"$process_person_profile":true}}')"""
_SERVER_JSON = """concat(
  '{"$lib":"posthog-python","$lib_version":"7.91.1","$geoip_disable":true,"$is_server":true,"$os":"Linux",',
  '"$python_version":"3.12.4","amount":', toString(r3 % 50000 / 100),
  ',"currency":"EUR","items":', toString(1 + r3 % 8),
  ',"plan":"', plan, '","reference":"', hex(r3), '","warehouse":"w', toString(r3 % 20), '"}')"""

_FILL = f"""
INSERT INTO events (project_id, event, timestamp, distinct_id, person_id, uuid, properties, person_properties,
  person_created_at, person_mode, session_id, window_id, elements_chain, inserted_at)
SELECT {PROJECT}, event, fromUnixTimestamp64Micro(at, 'UTC'), distinct_id, person, uuid,
  if(server, {_SERVER_JSON}, {_BROWSER_JSON}),
  concat('{{"plan":"', plan, '","country":"', country, '"}}'),
  fromUnixTimestamp64Micro(created, 'UTC'), mode, if(server, '', session), if(server, '', session),
  if(event = '$autocapture', concat('button.buy:attr__class="buy"nth-child="', toString(1 + r3 % 9),
    '"nth-of-type="1"text="Buy";div.page:nth-child="1"nth-of-type="1";body:nth-child="2"nth-of-type="1"'), ''),
  fromUnixTimestamp64Micro(at + 1000000, 'UTC')
FROM (
  WITH
    cityHash64(number, 1) AS r1, cityHash64(number, 2) AS r2, cityHash64(number, 3) AS r3,
    least(toUInt64({{persons:UInt64}} * pow(r1 / 18446744073709551616., 2)), {{persons:UInt64}} - 1) AS nr
  SELECT nr, r3,
    {{begin:Int64}} + toInt64(number) * {{step:Int64}} + toInt64(r2 % {{step:UInt64}}) AS at,
    multiIf(r2 % 100 < 40, '$pageview', r2 % 100 < 60, '$autocapture',
      r2 % 100 < 80, concat('stage ', toString(1 + (intDiv(at, 21600000000) + nr + r3 % 3) % {STAGES})),
      r2 % 100 < 88, 'product viewed', r2 % 100 < 93, 'cart added', r2 % 100 < 96, 'checkout started',
      r2 % 100 < 98, 'purchase', r2 % 100 < 99, 'signed up', 'report made') AS event,
    r2 % 100 IN (96, 97, 99) AS server,
    lower(hex(sipHash128(nr))) AS distinct_id,
    {{person_of}} AS person,
    if(server, reinterpretAsUUID(sipHash128(number)),
      reinterpretAsUUID(bitShiftLeft(toUInt128(r3), 64)
        + toUInt128(intDiv(at, 1000)) * 65536 + toUInt128(28672 + r1 % 4096))) AS uuid,
    intDiv(at, 3600000000) AS hour,
    toString(reinterpretAsUUID(bitShiftLeft(toUInt128(sipHash64(nr, hour)), 64)
      + toUInt128(hour * 3600000) * 65536 + toUInt128(28672 + nr % 4096))) AS session,
    {{created_of}} AS created,
    if(nr % 10 = 9, 'propertyless', 'full') AS mode,
    {_BROWSERS}[1 + nr % 8] AS browser, {_SYSTEMS}[1 + nr % 8] AS system,
    if(nr % 8 IN (3, 4), 'Mobile', 'Desktop') AS device,
    {_COUNTRIES}[1 + intDiv(nr, 8) % 12] AS country, {_REFERRERS}[1 + r1 % 6] AS referrer,
    ['free', 'free', 'free', 'pro', 'team'][1 + intDiv(nr, 3) % 5] AS plan,
    concat('/', ['', 'shop', 'blog', 'docs'][1 + r3 % 4], '/', toString(intDiv(r3, 4) % 50)) AS path
  FROM numbers({{first:UInt64}}, {{rows:UInt64}}))
SETTINGS max_threads = 2, max_insert_threads = 2
"""
_PERSON = "reinterpretAsUUID(sipHash128(nr, 'person'))"
_CREATED = "{begin:Int64} + toInt64(cityHash64(nr, 'created') % 7776000000000) - 2592000000000"
_PERSONS = f"""
INSERT INTO persons (project_id, person_id, created_at, properties, is_identified, version, is_deleted)
SELECT {PROJECT}, {_PERSON}, fromUnixTimestamp64Micro({_CREATED}, 'UTC'), '{{"country":"DE"}}', 1, 1, 0
FROM (SELECT number AS nr FROM numbers({{persons:UInt64}}) WHERE number % 10 != 9)
"""
_MERGES = f"""
INSERT INTO person_overrides (project_id, old_person_id, new_person_id, version)
SELECT {PROJECT}, {_PERSON}, {_PERSON.replace("nr", "nr + 1")}, 1
FROM (SELECT number AS nr FROM numbers({{persons:UInt64}}) WHERE number % 20 = 0 AND number + 1 < {{persons:UInt64}})
"""


def fill(store: Store, events: int) -> None:
    """Put ``events`` events with their persons and merges into empty tables, as they settle after a while."""
    persons = max(100, events // EVENTS_PER_PERSON)
    begin = int(BEGIN.timestamp()) * 1_000_000
    text = _FILL.replace("{person_of}", _PERSON).replace("{created_of}", _CREATED)
    common = {"begin": begin, "step": _SPAN // events, "persons": persons}
    for first in range(0, events, _CHUNK):
        rows = min(_CHUNK, events - first)
        store.command(Sql(text, {**common, "first": first, "rows": rows}))
    store.command(Sql(_PERSONS, {"persons": persons, "begin": begin}))
    store.command(Sql(_MERGES, {"persons": persons}))
    reload_overrides(store)
    settle(store, "events")
    settle(store, "persons")


def settle(store: Store, table: str) -> None:
    """Merge a table to one part a month, which is what its parts become by themselves."""
    store.command(Sql(f"OPTIMIZE TABLE {table} FINAL"))


def make(folder: Path, events: int) -> EmbeddedStore:
    """A store under ``folder`` with the events; opened with the memory that queries get in the product."""
    path = folder / "store"
    making = EmbeddedStore(path, _MEMORY)
    try:
        migrate(making)
        fill(making, events)
    finally:
        making.close()
    return EmbeddedStore(path)
