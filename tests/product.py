"""The whole product as a process tree in a temporary folder, driven through HTTP. For tests and benchmarks."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

PATIENCE = 60.0  # seconds; generous, for a shared machine


@dataclass(frozen=True)
class Reply:
    """One HTTP answer; ``body`` is the decoded JSON, or None when it is none."""

    status: int
    text: str
    headers: Message  # names in any letter case

    @property
    def body(self) -> Any:
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Ask until the answer is true; fails with ``what`` when it never is."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)


class Product:
    """A server that a test starts, kills and asks."""

    def __init__(self, folder: Path, **settings: str | int) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = f"phc_{secrets.token_urlsafe(24)}"
        self.key = f"phx_{secrets.token_urlsafe(24)}"
        self.password = secrets.token_urlsafe(16)
        self.email = "admin@example.com"
        self._settings = {name.upper(): str(value) for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.output = folder.parent / f"{folder.name}.log"

    # -- the process tree --------------------------------------------------------

    def start(self) -> "Product":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LEANBASE_")}
        environment |= {
            "LEANBASE_PROJECT_API_KEY": self.token,
            "LEANBASE_PERSONAL_API_KEY": self.key,
            "LEANBASE_ADMIN_EMAIL": self.email,
            "LEANBASE_ADMIN_PASSWORD": self.password,
            "LEANBASE_TEST_CLOCK": "1",
            **{f"LEANBASE_{name}": value for name, value in self._settings.items()},
        }
        command = [sys.executable, "-m", "leanbase", "serve", "--data-dir", str(self.folder), "--port", str(self.port)]
        # After kill -9 of a supervisor its front and engine still answer a while: readiness must be the new ones'.
        for role in ("front", "engine"):
            (self.folder / "run" / f"{role}.pid").unlink(missing_ok=True)
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        def ready() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, f"the server ended:\n{self.output.read_text()[-3000:]}"
            if not all((self.folder / "run" / f"{role}.pid").exists() for role in ("front", "engine")):
                return False
            try:
                return self.get("/_readiness?engine=1").status == 200
            except OSError:
                return False

        wait_until(ready, f"readiness; output:\n{self.output.read_text()[-3000:]}")

    def pid(self, role: str) -> int:
        """The process of ``front``, ``engine`` or ``supervisor``."""
        if role == "supervisor":
            assert self._process is not None
            return self._process.pid
        return int((self.folder / "run" / f"{role}.pid").read_text())

    def kill(self, role: str) -> None:
        """kill -9."""
        os.kill(self.pid(role), signal.SIGKILL)

    def stop(self) -> None:
        """As Ctrl-C does; also cleans up after a killed supervisor."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)
        self._process = None

    def __enter__(self) -> "Product":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- HTTP ----------------------------------------------------------------------

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        """One request; raises ``OSError`` when there is no answer at all."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return Reply(answer.status, answer.read().decode("utf-8", "replace"), answer.headers)
        except urllib.error.HTTPError as answer:
            with answer:
                return Reply(answer.code, answer.read().decode("utf-8", "replace"), answer.headers)

    def get(self, path: str) -> Reply:
        return self.call("GET", path)

    def api(self, method: str, path: str, body: object = None, key: str | None = None) -> Reply:
        """A request with the personal key (or another one)."""
        headers = {"Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"}
        return self.call(method, path, None if body is None else json.dumps(body).encode(), headers)

    def capture(self, events: list[dict[str, Any]], token: str | None = None) -> Reply:
        body = json.dumps({"api_key": token or self.token, "batch": events}).encode()
        return self.call("POST", "/batch/", body, {"Content-Type": "application/json"})

    # -- questions -------------------------------------------------------------------

    def sql(self, query: str, project: int | str = "@current") -> list[list[Any]]:
        """The rows of an SQL query; fails on anything but 200."""
        body = {"query": {"kind": "HogQLQuery", "query": query}, "refresh": "force_blocking"}
        reply = self.api("POST", f"/api/projects/{project}/query/", body)
        assert reply.status == 200, reply.text
        return reply.body["results"]

    def wait_for(self, query: str, rows: list[list[Any]], seconds: float = PATIENCE) -> None:
        """Wait until a query gives these rows."""
        seen: list[list[Any]] = []

        def arrived() -> bool:
            seen[:] = self.sql(query)
            return seen == rows

        try:
            wait_until(arrived, query, seconds)
        except AssertionError:
            raise AssertionError(f"{query}: expected {rows}, still {seen} after {seconds:g} s") from None
