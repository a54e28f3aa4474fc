"""The demo project of a running server: filled in the background, taken up again after a restart."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from leanbase.demo.history import DAYS
from leanbase.projects.demo import PROJECT, DemoProgress, DemoRefused
from leanbase.projects.directory import ProjectRecord, Projects
from leanbase.server.demo_sender import Order, Sent
from leanbase.store.client import Store, StoreError
from leanbase.store.sql import Sql

_log = logging.getLogger(__name__)

_END_SECONDS = 5.0  # a sender waits for one answer at most when it is told to end
_STORED = "SELECT count() FROM events WHERE project_id = {project_id:UInt32}"


class _State(msgspec.Struct, kw_only=True):
    """What is kept in the file, so that the next engine can go on."""

    organization_id: str
    project_id: int
    last_moment: str
    visitors: int
    requests: int = 0
    days: int = 0
    events: int = 0
    status: Literal["sending", "sent", "failed"] = "sending"
    problem: str = ""


class DemoProject:
    """At most one sender at a time. Safe to use from any thread."""

    def __init__(
        self, file: Path, url: str, projects: Projects, store: Store, backlog_bytes: Callable[[], int], visitors: int
    ) -> None:
        self._file, self._url, self._visitors = file, url, visitors
        self._projects, self._store, self._backlog_bytes = projects, store, backlog_bytes
        self._lock = threading.Lock()
        self._state = self._read()
        self._sender: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    def start(self, organization_id: str) -> DemoProgress:
        """Make the project and begin to fill it; one that could not be filled is gone on with.

        Raises :class:`DemoRefused`.
        """
        with self._lock:
            state = self._state
            if self._thread is not None and self._thread.is_alive():
                if state is not None and state.status == "sending":
                    raise DemoRefused("running")
                self._thread.join()  # it has said how it ended, and is writing that down
            record = self._find(organization_id)
            unfinished = state is not None and record is not None and state.project_id == record.project.id
            if record is not None and not (unfinished and state is not None and state.status == "failed"):
                raise DemoRefused("exists")
            if record is None or state is None:
                settings = {"person_display_name_properties": ["email"]}
                record = self._projects.create(organization_id, PROJECT, settings)
                state = self._state = _State(
                    organization_id=organization_id,
                    project_id=record.project.id,
                    last_moment=datetime.now(UTC).isoformat(),
                    visitors=self._visitors,
                )
            state.status, state.problem = "sending", ""
            self._begin(state, record)
        progress = self.progress(organization_id)
        assert progress is not None  # it was just made
        return progress

    def go_on(self) -> None:
        """Take up what a restart interrupted."""
        with self._lock:
            state = self._state
            record = self._projects.record(state.project_id) if state is not None else None
            if state is not None and record is not None and state.status == "sending":
                self._begin(state, record)

    def progress(self, organization_id: str) -> DemoProgress | None:
        """How far the organization's demo project is; None when it has none."""
        record = self._find(organization_id)
        if record is None:
            return None
        state, stored = self._state, self._stored(record.project.id)
        if state is None or state.project_id != record.project.id:
            return DemoProgress(project_id=record.project.id, status="done", events_stored=stored)
        settled = stored >= state.events or self._backlog_bytes() == 0
        return DemoProgress(
            project_id=record.project.id,
            status=state.status if state.status != "sent" else "done" if settled else "storing",
            days=DAYS,
            days_sent=state.days,
            events_sent=state.events,
            events_stored=stored,
            problem=state.problem,
        )

    def close(self) -> None:
        """End the sender; the next engine goes on where it was."""
        with self._lock:
            self._closing = True
            if self._sender is not None:
                self._sender.terminate()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def _begin(self, state: _State, record: ProjectRecord) -> None:
        self._write(state)
        self._thread = threading.Thread(target=self._run, args=(state, record.project.api_token), name="demo")
        self._thread.start()

    def _run(self, state: _State, token: str) -> None:
        order = Order(self._url, token, state.last_moment, state.visitors, state.requests)
        try:
            problem = self._follow(state, order)
        except (OSError, msgspec.MsgspecError) as failure:
            problem = str(failure)
        if self._closing:
            return
        if problem:
            state.status, state.problem = "failed", problem
            _log.warning("the demo project is not complete: %s", problem)
        else:
            state.status, state.problem = "sent", ""
            state.days = DAYS  # also when the last one, which may have just begun, brought no events
        self._write(state)

    def _follow(self, state: _State, order: Order) -> str:
        """Start a sender and note what it says; answers why it ended early, or nothing. Raises ``OSError``."""
        command = [sys.executable, "-m", "leanbase.server.demo_sender"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as sender:
            with self._lock:
                self._sender = sender
                if self._closing:
                    sender.terminate()
            assert sender.stdin is not None and sender.stdout is not None and sender.stderr is not None
            sender.stdin.write(msgspec.json.encode(order).decode() + "\n")
            sender.stdin.close()
            for line in sender.stdout:
                sent = msgspec.json.decode(line, type=Sent)
                state.requests, state.days, state.events = sent.requests, sent.days, sent.events
                self._write(state)
            said = sender.stderr.read().strip()
        return "" if sender.returncode == 0 else said.rpartition("\n")[2] or f"the sender ended ({sender.returncode})"

    def _find(self, organization_id: str) -> ProjectRecord | None:
        found = (record for record in self._projects.list(organization_id) if record.project.name == PROJECT)
        return next(found, None)

    def _stored(self, project_id: int) -> int:
        try:
            return int(self._store.query(Sql(_STORED, {"project_id": project_id})).rows[0][0])
        except StoreError:
            return 0

    def _read(self) -> _State | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_State)
        except (OSError, msgspec.MsgspecError):
            return None

    def _write(self, state: _State) -> None:
        """Replace the file whole. A full disk only costs the place to go on from."""
        new = self._file.with_suffix(".new")
        try:
            new.write_bytes(msgspec.json.encode(state))
            new.replace(self._file)
        except OSError as problem:
            _log.warning("the demo's progress cannot be kept: %s", problem)
