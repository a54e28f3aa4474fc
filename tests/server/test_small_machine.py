"""The small profile of docs/small-machine.md under the memory that it is made for."""

import re
from pathlib import Path

import pytest

from benchmarks.small_machine import SMALL, NotLimited, killed, limited
from tests.product import Product

MEGABYTES = 1024
DOCUMENT = Path(__file__).parents[2] / "docs" / "small-machine.md"


def test_the_document_names_these_settings() -> None:
    named = re.findall(r"^LEANBASE_(\w+)=(\d+)", DOCUMENT.read_text(), flags=re.MULTILINE)
    assert {name.lower(): int(value) for name, value in named} == SMALL


@pytest.mark.slow
def test_a_gigabyte_is_enough(tmp_path: Path) -> None:
    try:
        group = limited(MEGABYTES)
        with group as folder, Product(tmp_path / "data", **SMALL) as product:
            events = [
                {"event": "seen", "distinct_id": f"d{n}", "properties": {"n": n, "t": "x" * 400}} for n in range(500)
            ]
            for _ in range(20):
                assert product.capture(events).status == 200
            product.wait_for("select count() from events where event = 'seen'", [[10_000]])
            numbers = "select count() from (select n from (select number n from numbers(20000000)) group by n)"
            reply = product.api(
                "POST", "/api/projects/@current/query/", {"query": {"kind": "HogQLQuery", "query": numbers}}
            )
            assert reply.status in (200, 400), reply.text
            if reply.status == 400:
                assert reply.body["detail"], "a query that needs too much says so"
            assert product.sql("select count() from events where event = 'seen'") == [[10_000]]
            assert killed(folder) == 0
    except NotLimited as refused:
        pytest.skip(str(refused))
