"""Push registrations: refused in words that say why."""

import gzip
import json
from typing import Any

import pytest

from tests.api.conftest import World

DEVICE = {"distinct_id": "u", "device_token": "t", "platform": "android", "app_id": "app"}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("path", ["/api/push_subscriptions/", "/ingest/api/push_subscriptions"])
def test_there_is_no_integration(world: World, method: str, path: str) -> None:
    body = {**DEVICE, "api_key": world.credentials.project_api_key}
    answer = world.client().request(method, path, json=body, headers={"Origin": "http://app.test"})
    assert (answer.status_code, answer.json()["code"]) == (400, "integration_not_found")
    assert answer.headers["access-control-allow-methods"] == "POST,DELETE,OPTIONS"


def test_gzip_bodies_are_read(world: World) -> None:
    body = gzip.compress(json.dumps({**DEVICE, "api_key": world.credentials.project_api_key}).encode())
    answer = world.client().post("/api/push_subscriptions/", content=body, headers={"Content-Encoding": "gzip"})
    assert answer.json()["code"] == "integration_not_found"


@pytest.mark.parametrize(
    ("change", "status", "attr"),
    [
        ({"api_key": None}, 401, "api_key"),
        ({"api_key": "phc_other"}, 401, "api_key"),
        ({"device_token": None}, 400, "device_token"),
        ({"platform": "windows_phone"}, 400, "platform"),
    ],
)
def test_what_is_wrong_is_named(world: World, change: dict[str, Any], status: int, attr: str) -> None:
    body = {**DEVICE, "api_key": world.credentials.project_api_key, **change}
    answer = world.client().post("/api/push_subscriptions/", json=body)
    assert (answer.status_code, answer.json()["attr"]) == (status, attr)


def test_only_post_and_delete(world: World) -> None:
    client = world.client()
    assert client.get("/api/push_subscriptions/").status_code == 405
    assert client.request("OPTIONS", "/api/push_subscriptions/").status_code == 200
    assert client.post("/api/push_subscriptions/", content=b"no json").status_code == 400
