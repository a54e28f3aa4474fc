"""Sends the demo's history to the running server as an SDK would. ``server.demo_project`` starts this as a process of
its own, so that no answer waits for it.

Takes one line of JSON (:class:`Order`), answers a line for each request that was acknowledged (:class:`Sent`).
"""

import gzip
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime

import msgspec

from leanbase.demo.history import History

BATCH = 500  # events a request
PATIENCE = 300.0  # seconds for one request: the server may restart, or its backlog may be full
PAUSE = 1.0  # seconds between tries


class Order(msgspec.Struct, frozen=True):
    """What to send. The history depends on nothing else, so an order can be taken up where another sender ended."""

    url: str
    token: str
    last_moment: str  # ISO; the history ends here
    visitors: int
    requests_sent: int = 0  # were acknowledged already


class Sent(msgspec.Struct, frozen=True):
    """Acknowledged so far, with what an earlier sender had sent."""

    requests: int
    days: int
    events: int


def requests_of(history: History, token: str) -> Iterator[tuple[Sent, bytes]]:
    """Every request, with what is sent once it is acknowledged."""
    requests = events = 0
    for day in range(history.days):
        texts = history.events(day)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            requests, events = requests + 1, events + len(batch)
            done = day + 1 if start + BATCH >= len(texts) else day
            text = f'{{"api_key":"{token}","historical_migration":true,"batch":[{",".join(batch)}]}}'
            yield Sent(requests, done, events), text.encode()


def send(opener: urllib.request.OpenerDirector, url: str, body: bytes) -> None:
    """Post one batch, again and again while the server is away or full. Raises ``OSError`` when it stays so."""
    request = urllib.request.Request(f"{url}/batch/", data=gzip.compress(body, 1), method="POST")
    request.add_header("Content-Encoding", "gzip")
    request.add_header("Content-Type", "application/json")
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with opener.open(request, timeout=60) as answer:
                answer.read()
                return
        except urllib.error.HTTPError as problem:
            problem.close()
            if problem.code != 503 or time.monotonic() > deadline:
                raise
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)


def main() -> None:
    order = msgspec.json.decode(sys.stdin.readline(), type=Order)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    history = History(datetime.fromisoformat(order.last_moment), visitors=order.visitors)
    for sent, body in requests_of(history, order.token):
        if sent.requests > order.requests_sent:
            send(opener, order.url, body)
            sys.stdout.write(msgspec.json.encode(sent).decode() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
