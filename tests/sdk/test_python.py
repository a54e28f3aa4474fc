"""The official Python SDK, unmodified, in both of its protocols; what it sent is read back by SQL."""

from typing import Any

import posthog
import pytest

from tests.product import Product, wait_until

pytestmark = pytest.mark.sdk


def new_project(product: Product, name: str) -> dict[str, Any]:
    reply = product.api("POST", "/api/projects/", {"name": name})
    assert reply.status in {200, 201}, reply.text
    return reply.body


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_what_the_sdk_sends_arrives(product: Product, mode: str) -> None:
    project = new_project(product, f"python {mode}")
    errors: list[object] = []
    client = posthog.Posthog(
        project["api_token"],
        host=product.url,
        on_error=lambda error, _batch: errors.append(error),
        gzip=mode == "v1",
        **({"capture_mode": "v1"} if mode == "v1" else {}),
    )
    client.capture("order placed", distinct_id="u1", properties={"amount": 12.5, "lines": [{"sku": "a"}]})
    client.set(distinct_id="u1", properties={"plan": "pro"})
    client.set_once(distinct_id="u1", properties={"first_plan": "free"})
    client.alias("anonymous-1x", "u1")
    client.group_identify("company", "acme", {"name": "Acme"})
    client.capture("visit", distinct_id="v1", properties={"$process_person_profile": False})
    client.capture_exception(ValueError("boom"), distinct_id="u1")
    client.shutdown()
    assert not errors

    def rows(query: str) -> list[list[Any]]:
        return product.sql(query, project["id"])

    def arrived() -> bool:
        return rows("select count() from events") == [[7]]

    wait_until(arrived, "seven events")
    assert rows(
        "select toFloat(properties.amount), properties.lines, properties.$lib from events where event = 'order placed'"
    ) == [[12.5, '[{"sku":"a"}]', "posthog-python"]]
    assert rows(
        "select person.properties.plan, person.properties.first_plan from events where event = 'order placed'"
    ) == [["pro", "free"]]
    assert rows("select count() from persons where properties.plan = 'pro'") == [[1]]
    assert rows("select person_mode from events where event = 'visit'") == [["propertyless"]]
    assert rows("select count() from events where event = '$exception'") == [[1]]
