"""``serve --demo``: asks the server for its demo project, and shows how far it is."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from leanbase.config import Settings
from leanbase.projects.demo import PROJECT
from leanbase.server.folders import Folders
from leanbase.server.own_url import own_url

PATH = "/api/organizations/@current/demo/"
ASK_SECONDS = 0.5


class _Server:
    """The running server, seen with the first user's personal key."""

    def __init__(self, settings: Settings, personal_key: str) -> None:
        self._base = own_url(settings)
        self._key = personal_key
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str) -> dict[str, Any]:
        request = urllib.request.Request(self._base + PATH, method=method)
        request.add_header("Authorization", f"Bearer {self._key}")
        with self._opener.open(request, timeout=120) as answer:
            return json.loads(answer.read())

    def start(self) -> None:
        """Begin. One that is there or under way is as good."""
        try:
            self.call("POST")
        except urllib.error.HTTPError as problem:
            with problem:
                if problem.code != 409:
                    raise


def fill_demo_project(settings: Settings, folders: Folders, console: Console) -> None:
    """Load the demo project and wait until it can be looked at; does nothing when it is there."""
    server = _Server(settings, json.loads(folders.credentials.read_text())["personal_api_key"])
    server.start()
    demo = server.call("GET")
    if demo["status"] == "done":
        console.print("The demo project is there already.")
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        sending = progress.add_task("Living 60 days of Fernwood", total=demo["days"])
        storing = progress.add_task("Storing", total=None)
        while demo["status"] in {"sending", "storing"}:
            progress.update(sending, completed=demo["days_sent"])
            total = demo["events_sent"] if demo["status"] == "storing" else None
            progress.update(storing, completed=demo["events_stored"], total=total)
            time.sleep(ASK_SECONDS)
            demo = server.call("GET")
    if demo["status"] != "done":
        console.print(f"The demo was not loaded: {demo.get('problem') or 'the project was deleted'}.", markup=False)
        return
    console.print(
        f"The demo project holds {demo['events_stored']:,} events: choose “{PROJECT}” at the top of the page.",
        highlight=False,
    )
