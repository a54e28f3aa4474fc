"""A Chromium of this machine, or one from npm."""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGE = "@sparticuz/chromium@153.0.0"

# Nothing but the page under test may use the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

ASK_PACKAGE = (
    "import('@sparticuz/chromium').then(async m => console.log(JSON.stringify(await m.default.executablePath())))"
)


@cache
def find_chromium() -> str | None:
    """The path of a Chromium; None when neither the machine nor npm has one."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _from_npm()


def _from_npm() -> str | None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    folder = Path(tempfile.gettempdir()) / "leanbase-chromium"
    folder.mkdir(exist_ok=True)
    try:
        if not (folder / "node_modules").exists():
            command = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
            subprocess.run(command, check=True, capture_output=True, timeout=300)
        asked = subprocess.run(
            [node, "--input-type=module", "-e", ASK_PACKAGE],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return str(json.loads(asked.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
