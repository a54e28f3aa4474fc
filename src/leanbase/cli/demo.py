"""Fills a demo project through the server's own front door, as an SDK would, behind a progress bar."""

import gzip
import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from leanbase.cli.demo_history import History
from leanbase.config import Settings
from leanbase.server.folders import Folders

PROJECT = "Fernwood (demo)"
BATCH = 500  # events a request
PATIENCE = 300.0  # seconds until all that was sent must be visible


class _Server:
    """The running server, seen with the first user's personal key."""

    def __init__(self, settings: Settings, personal_key: str) -> None:
        host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
        self._base = f"http://{host}:{settings.port}"
        self._key = personal_key
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        request = urllib.request.Request(self._base + path, data=body, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        with self._opener.open(request, timeout=120) as answer:
            return json.loads(answer.read())

    def api(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        return self.call(method, path, data, Authorization=f"Bearer {self._key}", Content_Type="application/json")

    def count(self, project: int) -> int:
        query = {"query": {"kind": "HogQLQuery", "query": "select count() from events"}, "refresh": "force_blocking"}
        return int(self.api("POST", f"/api/projects/{project}/query/", query)["results"][0][0])


def _bodies(history: History, token: str) -> Iterator[tuple[int, int, bytes]]:
    """Requests to send: the day, how many events it holds, its gzipped body."""
    for day in range(history.days):
        events = history.events(day)
        for start in range(0, len(events), BATCH):
            batch = events[start : start + BATCH]
            text = f'{{"api_key":"{token}","historical_migration":true,"batch":[{",".join(batch)}]}}'
            yield day, len(batch), gzip.compress(text.encode(), 1)


def fill_demo_project(settings: Settings, folders: Folders, console: Console) -> None:
    """Make the demo project and send its history; does nothing when it exists already."""
    keys = json.loads(folders.credentials.read_text())
    server = _Server(settings, keys["personal_api_key"])
    projects = server.api("GET", "/api/projects/?limit=1000")["results"]
    if any(project["name"] == PROJECT for project in projects):
        console.print("The demo project is there already.")
        return
    project = server.api("POST", "/api/projects/", {"name": PROJECT, "person_display_name_properties": ["email"]})
    history = History(datetime.now(UTC))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        sending = progress.add_task("Living 60 days of Fernwood", total=history.days)
        sent = 0
        for day, events, body in _bodies(history, project["api_token"]):
            server.call("POST", "/batch/", body, Content_Encoding="gzip", Content_Type="application/json")
            sent += events
            progress.update(sending, completed=day + 1)
        storing = progress.add_task("Storing", total=sent)
        deadline = time.monotonic() + PATIENCE
        stored = 0
        while stored < sent and time.monotonic() < deadline:
            stored = server.count(project["id"])
            progress.update(storing, completed=stored)
            time.sleep(0.5)
    console.print(
        f"The demo project holds {stored:,} events: choose “{PROJECT}” at the top of the page.", highlight=False
    )
