"""PostHog's command line for agents, unmodified: the tools that ask questions and save things, over the whole product.

It runs without its native binary. It comes from npm when the test runs, packed, so that nothing of it is executed
while it is fetched; where npm cannot have it, there is nothing to test.
"""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.product import Product, wait_until
from tests.sdk.test_node import node

pytestmark = pytest.mark.sdk
PACKAGE = "@posthog/cli@0.18.3"
Call = Callable[..., Any]
BUY = [{"kind": "EventsNode", "event": "buy"}]


@pytest.fixture(scope="module")
def command_line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that Node runs."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is not here to fetch {PACKAGE}")
    folder = tmp_path_factory.mktemp("cli")
    packed = subprocess.run(
        [npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    if packed.returncode != 0:
        pytest.skip(f"npm could not fetch {PACKAGE}: {packed.stderr.strip()[:200]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "lib" / "posthog-api-cli.mjs"


@pytest.fixture
def call(command_line: Path, product: Product, tmp_path: Path) -> Call:
    """``call(tool, **arguments)``: what a tool printed, as JSON."""
    project = product.api("POST", "/api/projects/", {"name": "command line"}).body
    for event in ("buy", "view"):
        sent = {"api_key": project["api_token"], "event": event, "distinct_id": "ann"}
        assert product.api("POST", "/i/v0/e/", sent).status == 200
    wait_until(lambda: product.sql("select count() from events", project["id"]) == [[2]], "two events")
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "NO_PROXY": "*",
        "POSTHOG_CLI_HOST": product.url,
        "POSTHOG_CLI_API_KEY": product.key,
        "POSTHOG_CLI_PROJECT_ID": str(project["id"]),
        "POSTHOG_CLI_ORGANIZATION_ID": project["organization"],  # without it the project is the key's default one
    }

    def run(tool: str, **arguments: Any) -> Any:
        command = [node(), str(command_line), "call", "--json", tool, json.dumps(arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
        assert done.returncode == 0, (tool, done.stderr[-500:], done.stdout[-500:])
        return json.loads(done.stdout)

    return run


def test_questions_are_answered(call: Call) -> None:
    assert call("execute-sql", query="select event from events order by event") == "event\nbuy\nview"
    trend = call("query-trends", kind="TrendsQuery", series=BUY, dateRange={"date_from": "-1d"})
    assert sum(trend["results"][0]["data"]) == 1
    steps = [*BUY, {"kind": "EventsNode", "event": "view"}]
    funnel = call("query-funnel", kind="FunnelsQuery", series=steps)
    assert [step["count"] for step in funnel["results"]] == [1, 1]


def test_things_are_saved(call: Call) -> None:
    variable = call("sql-variables-create", name="Which", type="String", default_value="buy")
    assert variable["code_name"] == "which"
    asked = call("execute-sql", query="select count() from events where event = {variables.which}")
    assert asked == "count()\n1"
    query = {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery", "series": BUY}}
    made = call("insight-create", name="Buyers", query=query)
    assert call("insights-list")["results"][0]["short_id"] == made["short_id"]
