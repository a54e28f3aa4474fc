"""Stop, copy the data folder elsewhere, start there: everything is there."""

import shutil
from pathlib import Path

import pytest

from tests.product import Product


@pytest.mark.parametrize("keeps_links", [True, False], ids=["links kept", "links followed"])
def test_a_copied_folder_is_the_whole_product(tmp_path: Path, keeps_links: bool) -> None:
    with Product(tmp_path / "first") as product:
        product.capture([{"event": "$identify", "distinct_id": "ada", "properties": {"$set": {"plan": "pro"}}}])
        product.wait_for("select person.properties.plan from events", [["pro"]])
        product.capture([{"event": "at the last moment", "distinct_id": "ada"}])
    shutil.copytree(tmp_path / "first", tmp_path / "second", symlinks=keeps_links)
    shutil.rmtree(tmp_path / "first")

    moved = Product(tmp_path / "second")
    moved.key, moved.token = product.key, product.token
    with moved:
        moved.wait_for(
            "select event, person.properties.plan from events order by event",
            [["$identify", "pro"], ["at the last moment", "pro"]],
        )
        assert moved.capture([{"event": "after the move", "distinct_id": "ada"}]).status == 200
        moved.wait_for("select count(), uniqExact(person_id) from events", [[3, 1]])
