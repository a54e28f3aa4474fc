"""What an insert acknowledged is there, also when the disk fills up under it. On a small file system of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# In a process of its own: chdb serves one folder at a time in a process.
SCRIPT = """
import random, sys
from pathlib import Path
from leanbase.store.client import StoreError
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate
from leanbase.store.sql import Sql

folder = Path(sys.argv[1])
store = EmbeddedStore(folder / "store")
migrate(store)
ballast = folder / "ballast"
ballast.write_bytes(b"x" * (12 << 20))

def batch(number):
    noise = random.Random(number)
    texts = ['{"noise": "%x"}' % noise.getrandbits(8000) for _ in range(400)]
    columns = {"project_id": [number] * 400, "event": ["e"] * 400, "timestamp": [1_700_000_000_000_000] * 400}
    store.insert("events", columns | {"properties": texts}, f"batch:{number}")

acknowledged, refused = [], []
for number in range(1, 120):
    try:
        batch(number)
        acknowledged.append(number)
    except StoreError as problem:
        refused.append((number, problem.code))
assert acknowledged and refused, (len(acknowledged), refused[:3])
assert {code for _, code in refused} <= {243, 241, 75, 76}, refused

def stored():
    return {r[0]: r[1] for r in store.query(Sql("SELECT project_id, count() FROM events GROUP BY 1")).rows}

assert stored() == {number: 400 for number in acknowledged}
ballast.unlink()
numbers = [number for number, _ in refused][:5]
for number in numbers:
    batch(number)
    batch(number)
assert stored() == {number: 400 for number in acknowledged + numbers}
store.close()
print("acknowledged", len(acknowledged), "refused", len(refused))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 50 MB."""
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("needs the right to mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=50m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("cannot mount a small file system here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_loses_nothing_that_was_acknowledged(small_disk: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, small_disk], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
