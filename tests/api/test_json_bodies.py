"""Bodies that do not say that they are JSON."""

from typing import Any

import pytest

from tests.api.asking import Asker
from tests.api.conftest import PASSWORD, World

BODY = b'{"name": "by curl"}'


@pytest.mark.parametrize("content_type", [None, "application/x-www-form-urlencoded", "text/plain; charset=utf-8"])
def test_by_key_the_content_type_does_not_matter(client: Asker, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = client.post("/api/projects/@current/dashboards/", content=BODY, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["name"] == "by curl"


def test_what_is_no_json_is_called_so(client: Asker) -> None:
    answer = client.post(
        "/api/projects/@current/dashboards/",
        content=b"name=form",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"


def test_by_session_json_must_be_called_json(world: World) -> None:
    browser = world.client()
    signed: dict[str, Any] = browser.post(
        "/api/login/", json={"email": world.credentials.email, "password": PASSWORD}
    ).json()
    assert "detail" not in signed
    token = browser.cookies["leanbase_csrf"]
    sent = {"X-CSRFToken": token, "Content-Type": "text/plain"}
    answer = browser.post("/api/projects/@current/dashboards/", content=BODY, headers=sent)
    assert answer.status_code == 415
    assert "Content-Type: application/json" in answer.json()["detail"]
