"""A disk that is full under the running product: capture says so, everything goes on by itself once there is space."""

import os
import re
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, Reply, wait_until

DISK = "160m"
SEGMENT = 4 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(file: Path) -> None:
    """Take every byte that is left."""
    with file.open("ab", buffering=0) as ballast:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                continue


class Numbered:
    """Sends numbered events, each batch under new uuids unless it is repeated, and remembers what was acknowledged."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self.sent = 0
        self.acknowledged: set[int] = set()

    def send(self, padding: int = 0) -> Reply:
        """One batch. A refused one is not lost: the next call sends the same numbers, as an SDK does."""
        numbers = range(self.sent, self.sent + 10)
        reply = self._product.capture(
            [
                {
                    "event": "numbered",
                    "distinct_id": f"d{n % 7}",
                    "uuid": str(uuid.UUID(int=n + (7 << 76))),
                    "properties": {"n": n, "pad": os.urandom(padding // 2).hex()},
                }
                for n in numbers
            ]
        )
        if reply.status == 200:
            self.acknowledged.update(numbers)
            self.sent += 10
        return reply


def failed_turns(product: Product) -> float:
    found = re.search(r"^leanbase_pipeline_failed_turns_total (\S+)$", product.get("/metrics").text, re.MULTILINE)
    assert found, "the metric is gone"
    return float(found[1])


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("restarted", [False, True], ids=["running on", "engine killed while full"])
def test_a_full_disk_refuses_and_recovers(small_disk: Path, restarted: bool) -> None:
    with Product(small_disk / "data", segment_bytes=SEGMENT) as product:
        numbered = Numbered(product)
        for _ in range(5):
            assert numbered.send().status == 200
        product.wait_for("select count() from events", [[50]])

        fill(small_disk / "ballast")
        # The open segment lies on the disk already: capture goes on in it, while the store can take no rows.
        assert numbered.send().status == 200
        while (reply := numbered.send(padding=10_000)).status == 200:
            assert numbered.sent < 20_000, "more than the disk can hold was acknowledged"
            fill(small_disk / "ballast")  # also what was given back meanwhile
        assert reply.status == 503
        assert int(reply.headers["retry-after"]) >= 1
        assert product.get("/_liveness").status == 200
        if restarted:
            product.kill("engine")
            wait_until(lambda: product.get("/_readiness?engine=1").status == 503, "the engine is seen to be gone")
            time.sleep(3)  # so that the next engine starts, or tries to, without space
            assert numbered.send().status == 503
        else:
            wait_until(lambda: failed_turns(product) > 0, "the engine finds no space either")

        (small_disk / "ballast").unlink()
        wait_until(lambda: numbered.send().status == 200, "capture accepts again")
        product.wait_ready()
        count = len(numbered.acknowledged)
        product.wait_for(
            "select count(), uniqExact(properties.n) from events where event = 'numbered'", [[count, count]]
        )
        front = product.pid("front")
        assert numbered.send().status == 200
        assert product.pid("front") == front
