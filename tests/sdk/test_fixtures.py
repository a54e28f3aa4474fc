"""Recorded requests of real SDKs, replayed byte for byte through the running product; what is stored is read by SQL.

The expectation is decoded here from the recorded bytes by the standard library alone.
"""

import base64
import gzip
import json
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.projects.directory import Projects
from tests.product import Product, wait_until

pytestmark = pytest.mark.sdk
WIRE = Path(__file__).parents[3] / "shared" / "fixtures" / "wire"
CAPTURE_PATHS = (
    "/e/",
    "/i/v0/e/",
    "/batch/",
    "/i/v0/ai/batch/",
    "/i/v1/analytics/events",
    "/s/",
    "/capture/",
    "/track/",
)
HOP_BY_HOP = {"host", "content-length", "connection", "accept-encoding", "transfer-encoding"}
STORED_ELSEWHERE = {"$snapshot", "$$heatmap", "$performance_event"}  # recordings and heatmaps are no rows of events


def recorded(file: Path) -> Iterator[dict[str, Any]]:
    """The capture requests of a fixture file that carry their exact bytes."""
    document = json.loads(file.read_text())
    groups = [document] if "requests" in document else document.get("generations") or document.get("versions") or []
    for group in groups:
        for request in group["requests"]:
            if "wire_body_b64" in request and request["path"] in CAPTURE_PATHS:
                yield request


def plain_json(body: bytes, encoding: str) -> Any:
    """The JSON inside recorded bytes."""
    if body[:3] == b"\x1f\x8b\x08":
        body = gzip.decompress(body)
    elif encoding == "deflate":
        body = zlib.decompress(body)
    elif encoding == "zstd":
        body = zstd.decompress(body)
    if body.startswith(b"data="):
        data = urllib.parse.parse_qs(body.decode())["data"][0]
        body = base64.b64decode(data.replace(" ", "+"))
    elif body[:1] not in b"[{":
        body = base64.b64decode(body)
    return json.loads(body)


def events_of(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, list):
        return document
    return document.get("batch", [document])


def token_of(request: dict[str, Any], document: Any) -> str:
    headers = {name.lower(): value for name, value in request["headers"].items()}
    if "authorization" in headers:
        return headers["authorization"].removeprefix("Bearer ")
    if isinstance(document, dict) and ("api_key" in document or "token" in document):
        return document.get("api_key") or document["token"]
    event = events_of(document)[0]
    return event.get("token") or event.get("api_key") or event["properties"]["token"]


def distinct_id_of(event: dict[str, Any]) -> str:
    found = event.get("distinct_id") or event.get("$distinct_id") or event["properties"]["distinct_id"]
    return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))


@pytest.mark.skipif(not WIRE.exists(), reason="the recorded requests are not beside this checkout")
@pytest.mark.parametrize("name", sorted(file.name for file in WIRE.glob("*.json")))
def test_recorded_requests_become_rows(product: Product, name: str) -> None:
    requests = [(request, base64.b64decode(request["wire_body_b64"])) for request in recorded(WIRE / name)]
    if not requests:
        pytest.skip("holds no capture requests")
    appdb = AppDb.open(sqlite_url(product.folder / "app.sqlite"))
    directory = Projects(appdb)
    organization = directory.list()[0].organization_id
    expected: dict[tuple[int, str], dict[str, Any]] = {}
    without_uuid: dict[int, list[str]] = {}
    try:
        for request, body in requests:
            headers = {key: value for key, value in request["headers"].items() if key.lower() not in HOP_BY_HOP}
            encoding = {key.lower(): value for key, value in headers.items()}.get("content-encoding", "")
            document = plain_json(body, encoding)
            token = f"{token_of(request, document)}"
            known = (
                directory.by_token(token)
                or directory.create(organization, f"recorded {token}", api_token=token).project
            )
            query = request.get("query") or ""
            query = urllib.parse.urlencode(query) if isinstance(query, dict) else query
            reply = product.call(request["method"], request["path"] + (f"?{query}" if query else ""), body, headers)
            beacon = "beacon=1" in query
            assert reply.status == (204 if beacon else 200), f"{request.get('note')}: {reply.text}"
            if request["path"].startswith("/i/v1/"):
                answers = {entry["result"] for entry in reply.body["results"].values()}
                assert answers <= {"ok", "warning"}, reply.text
            elif not beacon:
                assert reply.text == '{"status":"Ok"}'
            for event in events_of(document):
                if event["event"] in STORED_ELSEWHERE or "$posthog_cookieless" in (
                    event.get("distinct_id"),
                    event["properties"].get("distinct_id"),
                ):
                    continue
                if event.get("uuid"):
                    expected[(known.id, event["uuid"])] = event
                else:
                    without_uuid.setdefault(known.id, []).append(event["event"])
    finally:
        appdb.close()

    def is_known(project: int) -> bool:
        return product.api("GET", f"/api/projects/{project}/").status == 200

    for project in {project for project, _ in expected} | set(without_uuid):
        wait_until(lambda project=project: is_known(project), "the server sees a project that another process made")
        wanted = {uuid: event for (owner, uuid), event in expected.items() if owner == project}

        def stored(project: int = project) -> dict[str, list[Any]]:
            rows = product.sql("select uuid, event, distinct_id, properties from events limit 10000", project)
            return {str(row[0]): row for row in rows}

        wait_until(lambda wanted=wanted, stored=stored: wanted.keys() <= stored().keys(), f"events of {name}", 20)
        rows = stored()
        for uuid, event in wanted.items():
            _, kept_name, distinct_id, properties = rows[uuid]
            kept = json.loads(properties) if isinstance(properties, str) else properties
            assert kept_name == event["event"]
            assert distinct_id == distinct_id_of(event)
            for key, value in event["properties"].items():
                if key in {
                    "$elements",
                    "$elements_chain",
                    "$set",
                    "$set_once",
                    "$process_person_profile",
                    "$heatmap_data",
                }:
                    continue  # moved to columns, completed by lifting, or removed by the rules
                assert kept.get(key) == value, f"{event['event']} {key}"
        names = [row[1] for row in rows.values()]
        for event_name in without_uuid.get(project, []):
            assert event_name in names
