"""The demo project of a running server: sent whole, once, through restarts; one at a time."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.auth.users import Users
from leanbase.demo.history import History
from leanbase.projects.demo import DemoRefused
from leanbase.projects.directory import Projects
from leanbase.server.demo_project import DemoProject
from leanbase.store.client import Result

VISITORS = 40


class Taking:
    """Stands for the server: takes batches, counts what it has, and can be told to hold or to refuse."""

    def __init__(self) -> None:
        self.uuids: list[str] = []
        self.batches = 0
        self.status = 200
        self.hold_after = -1  # batches; then nothing is answered until :attr:`go` is set
        self.go = threading.Event()

    def take(self, body: bytes) -> int:
        if 0 <= self.hold_after <= self.batches:
            self.go.wait(20)
        if self.status == 200:
            self.uuids += [event["uuid"] for event in json.loads(gzip.decompress(body))["batch"]]
            self.batches += 1
        return self.status

    def query(self, *_: Any) -> Result:
        return Result(("count()",), ("UInt64",), [(len(set(self.uuids)),)], 1, 0, 0.0)


@pytest.fixture
def server() -> Iterator[tuple[Taking, str]]:
    taking = Taking()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(taking.take(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield taking, f"http://127.0.0.1:{http.server_address[1]}"
        taking.go.set()
        http.shutdown()
        thread.join()


@pytest.fixture
def projects(tmp_path: Path) -> Iterator[Projects]:
    appdb = AppDb.open(sqlite_url(tmp_path / "app.sqlite"))
    yield Projects(appdb)
    appdb.close()


@pytest.fixture
def organization(projects: Projects) -> str:
    return Users(projects._appdb).create_organization("Org")


@pytest.fixture
def make(server: tuple[Taking, str], projects: Projects, tmp_path: Path) -> Iterator[Any]:
    """Makes the part as an engine does when it starts."""
    made: list[DemoProject] = []

    def one() -> DemoProject:
        taking, url = server
        store: Any = taking
        made.append(DemoProject(tmp_path / "demo.json", url, projects, store, lambda: 1, VISITORS))
        return made[-1]

    yield one
    for each in made:
        each.close()


def status_within(demo: DemoProject, organization: str, wanted: str) -> Any:
    for _ in range(600):
        progress = demo.progress(organization)
        if progress is not None and progress.status == wanted:
            return progress
        time.sleep(0.02)
    raise AssertionError(f"not {wanted}: {demo.progress(organization)}")


def history(tmp_path: Path) -> list[str]:
    kept = json.loads((tmp_path / "demo.json").read_text())
    whole = History(datetime.fromisoformat(kept["last_moment"]), visitors=VISITORS)
    return [json.loads(text)["uuid"] for day in range(whole.days) for text in whole.events(day)]


def test_the_whole_history_is_sent_in_order(make, server, organization, tmp_path) -> None:
    demo = make()
    assert demo.progress(organization) is None
    assert demo.start(organization).status == "sending"
    done = status_within(demo, organization, "done")
    assert server[0].uuids == history(tmp_path)
    assert (done.days_sent, done.events_sent, done.events_stored) == (60, len(server[0].uuids), len(server[0].uuids))
    with pytest.raises(DemoRefused, match="there already"):
        demo.start(organization)
    assert make().progress(organization).status == "done", "the next engine knows it too"


def test_one_at_a_time(make, server, organization) -> None:
    server[0].hold_after = 0
    demo = make()
    demo.start(organization)
    with pytest.raises(DemoRefused, match="filled already"):
        demo.start(organization)


def test_a_restart_goes_on_where_it_was(make, server, organization, tmp_path) -> None:
    taking = server[0]
    taking.hold_after = 7
    demo = make()
    demo.start(organization)
    for _ in range(600):
        if taking.batches == 7:
            break
        time.sleep(0.02)
    demo.close()
    assert json.loads((tmp_path / "demo.json").read_text())["status"] == "sending"
    taking.hold_after = -1
    taking.go.set()
    later = make()
    later.go_on()
    status_within(later, organization, "done")
    whole = history(tmp_path)
    assert set(taking.uuids) == set(whole)
    assert len(taking.uuids) - len(whole) <= 2 * 500, "only what was on its way may come twice; its uuids are known"


def test_what_fails_says_why_and_can_be_gone_on_with(make, server, organization, tmp_path) -> None:
    taking = server[0]
    taking.status = 401
    demo = make()
    demo.start(organization)
    assert "401" in status_within(demo, organization, "failed").problem
    taking.status = 200
    assert demo.start(organization).project_id == status_within(demo, organization, "done").project_id
    assert taking.uuids == history(tmp_path)


def test_a_deleted_demo_can_be_loaded_anew(make, server, organization, projects) -> None:
    demo = make()
    first = demo.start(organization).project_id
    status_within(demo, organization, "done")
    projects.delete(first)
    assert demo.progress(organization) is None
    assert demo.start(organization).project_id != first
    status_within(demo, organization, "done")
