"""Stops of every kind, and a log that is damaged while the product is down: what was acknowledged is there after."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from leanbase.eventlog.segments.files import list_segments
from leanbase.eventlog.segments.frames import frames
from tests.product import Product, wait_until

COUNTS = "select count(), uniqExact(properties.n) from events where event = 'numbered'"


def numbered(start: int, count: int) -> list[dict[str, object]]:
    return [
        {"event": "numbered", "distinct_id": f"d{n % 5}", "properties": {"n": n}} for n in range(start, start + count)
    ]


def ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_sigterm_under_load_loses_nothing_and_drains(tmp_path: Path) -> None:
    product = Product(tmp_path / "data").start()
    acknowledged: list[int] = []

    def send(first: int) -> None:
        """Until the server is gone; an unanswered batch is not counted."""
        n = first
        try:
            while product.capture(numbered(n, 5)).status == 200:
                acknowledged.extend(range(n, n + 5))
                n += 5
        except (OSError, http.client.HTTPException):
            pass

    senders = [threading.Thread(target=send, args=(k * 1_000_000,)) for k in range(2)]
    for sender in senders:
        sender.start()
    wait_until(lambda: len(acknowledged) > 300, "some load")
    product.stop()
    for sender in senders:
        sender.join()
    with product:
        # What is stored may exceed what was acknowledged: an answer can be lost on its way, an event cannot.
        wait_until(lambda: product.sql(COUNTS)[0][0] >= len(acknowledged), "all that was acknowledged is stored")
        stored = [
            row[0] for row in product.sql("select toInt(properties.n) from events where event = 'numbered' limit 50000")
        ]
    assert len(stored) == len(set(stored)), "an event counts twice"
    assert set(acknowledged) <= set(stored)


def test_a_damaged_tail_costs_nothing_that_lies_before_it(tmp_path: Path) -> None:
    with Product(tmp_path / "data", segment_bytes=1 << 20) as product:
        product.capture(numbered(0, 50))
        product.wait_for(COUNTS, [[50, 50]])
        # Three records that the engine has not read when everything is killed; the last is then torn and overwritten.
        os.kill(product.pid("engine"), signal.SIGSTOP)
        for start in (50, 60, 70):
            assert product.capture(numbered(start, 10)).status == 200
        pids = [product.pid(role) for role in ("supervisor", "engine", "front")]
        for role in ("supervisor", "engine", "front"):
            product.kill(role)
        product.stop()
        wait_until(lambda: all(ended(pid) for pid in pids), "every process is gone")

        newest = list_segments(tmp_path / "data" / "log")[-1]
        content = newest.path.read_bytes()
        last = list(frames(content, newest.base))[-1]
        with newest.path.open("r+b") as file:
            file.seek(last.offset + last.length // 2)
            file.write(os.urandom(last.length // 2 + 5000))

        product.start()
        product.capture(numbered(80, 20))
        product.wait_for(COUNTS, [[90, 90]])
        assert product.sql("select count() from events where toInt(properties.n) between 70 and 79") == [[0]]


def test_a_torn_end_is_no_event_and_later_ones_are(tmp_path: Path) -> None:
    with Product(tmp_path / "data", segment_bytes=1 << 20) as product:
        product.capture(numbered(0, 30))
        product.wait_for(COUNTS, [[30, 30]])
        product.stop()
        newest = list_segments(tmp_path / "data" / "log")[-1]
        content = newest.path.read_bytes()
        last = list(frames(content, newest.base))[-1]
        end = last.end - newest.base
        with newest.path.open("r+b") as file:  # a write that was cut: the header of a record, and half of the record
            file.seek(end)
            file.write(content[last.start - newest.base : end][: last.length // 2])
        product.start()
        product.capture(numbered(30, 10))
        product.wait_for(COUNTS, [[40, 40]])


@pytest.mark.parametrize("taken", ["port", "folder"])
def test_what_is_in_use_is_said_in_one_line(tmp_path: Path, taken: str) -> None:
    with Product(tmp_path / "data") as product, socket.create_server(("127.0.0.1", 0)) as other:
        folder = product.folder if taken == "folder" else tmp_path / "second"
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "leanbase", "serve", "--data-dir", str(folder), "--port", str(port)]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert said.returncode == 1
        assert said.stdout == ""
        assert said.stderr.count("\n") == 1
        assert (
            f"Cannot listen on 127.0.0.1:{port}" if taken == "port" else "is in use by another server"
        ) in said.stderr
        assert product.capture(numbered(0, 1)).status == 200  # the server that runs is not disturbed


def test_clients_wait_while_a_front_restarts(tmp_path: Path) -> None:
    with Product(tmp_path / "data") as product:
        for n in range(3):
            pid = product.pid("front")
            product.kill("front")
            wait_until(partial(ended, pid), "the front is gone")
            # Nobody listens now, and yet this is answered: it waits in the queue of the supervisor's socket.
            assert product.capture(numbered(n, 1)).status == 200
        product.wait_for(COUNTS, [[3, 3]])
