"""The web app's own checks, so that one command runs all tests: lint, types, component tests."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
CHECKS = {
    "lint": ("@biomejs/biome/bin/biome", "check", "."),
    "types": ("typescript/bin/tsc", "--noEmit"),
    "components": ("vitest/vitest.mjs", "run"),
}


@pytest.mark.timeout(300)  # compilers and component tests, beside whatever else the machine does
@pytest.mark.parametrize("check", CHECKS)
def test_web(check: str) -> None:
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules").exists():
        pytest.skip("no Node on PATH or the web app's packages are not installed: run `make web`")
    if check == "types":
        subprocess.run([sys.executable, str(WEB / "build.py"), "--types"], check=True, timeout=290)
    script, *arguments = CHECKS[check]
    done = subprocess.run(
        [node, str(WEB / "node_modules" / script), *arguments], cwd=WEB, capture_output=True, text=True, timeout=290
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
