"""An engine that hangs: capture goes on, the backlog is bounded, and everything drains afterwards."""

import os
import random
import signal
from pathlib import Path

from tests.product import Product, wait_until

LIMIT = 24 << 20  # three segments of 8 MiB; the log keeps large bodies compressed, hence random padding


def numbered(start: int, count: int, padding: int) -> list[dict[str, object]]:
    return [
        {"event": "numbered", "distinct_id": "d", "properties": {"n": n, "pad": random.randbytes(padding // 2).hex()}}
        for n in range(start, start + count)
    ]


def test_capture_goes_on_while_the_engine_hangs_and_the_backlog_drains(tmp_path: Path) -> None:
    with Product(tmp_path / "data") as product:
        os.kill(product.pid("engine"), signal.SIGSTOP)
        try:
            for start in range(0, 500, 50):
                assert product.capture(numbered(start, 50, 10)).status == 200
        finally:
            os.kill(product.pid("engine"), signal.SIGCONT)
        product.wait_for("select count(), uniqExact(properties.n) from events", [[500, 500]])


def test_beyond_the_limit_capture_asks_to_retry_and_recovers(tmp_path: Path) -> None:
    with Product(tmp_path / "data", backlog_max_bytes=LIMIT, segment_bytes=8 << 20) as product:
        os.kill(product.pid("engine"), signal.SIGSTOP)
        accepted = 0
        try:
            while True:
                reply = product.capture(numbered(accepted, 20, 20_000))
                if reply.status != 200:
                    break
                accepted += 20
                assert accepted * 20_000 < 2 * LIMIT, "the backlog is not bounded"
        finally:
            os.kill(product.pid("engine"), signal.SIGCONT)
        assert reply.status == 503
        assert int(reply.headers["retry-after"]) >= 1
        assert accepted * 20_000 > LIMIT / 8
        wait_until(lambda: product.capture(numbered(10**6, 1, 10)).status == 200, "capture accepts again")
        product.wait_for("select uniqExact(properties.n), count() from events", [[accepted + 1, accepted + 1]])
