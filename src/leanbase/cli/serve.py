"""``leanbase serve``: the supervisor with a human's words around it."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from leanbase.cli.demo import fill_demo_project
from leanbase.config import Settings
from leanbase.server.folders import FolderInUse, Folders
from leanbase.server.listening import CannotListen
from leanbase.server.supervisor import supervise

NEW_CREDENTIALS = "credentials.new"  # made by the engine at the first start, gone once they were shown


def _show_credentials(console: Console, folders: Folders) -> None:
    """Print what the first start made up; once, for the file stays readable to the owner."""
    marker = folders.run / NEW_CREDENTIALS
    if not marker.exists():
        return
    made = json.loads(folders.credentials.read_text())
    console.print("\n  First start. These are yours (also in " + str(folders.credentials) + ", shown here once):\n")
    for label, key in (
        ("E-mail", "email"),
        ("Password", "password"),
        ("Project API key", "project_api_key"),
        ("Personal API key", "personal_api_key"),
    ):
        console.print(f"    {label:<17}{made[key]}", highlight=False, markup=False)
    console.print()
    marker.unlink(missing_ok=True)


def serve_forever(settings: Settings, *, demo: bool) -> None:
    """Run until Ctrl-C or SIGTERM; the exit code is 1 when the data folder or the port is in use."""
    console = Console(stderr=False, soft_wrap=True)
    folders = Folders(settings.data_dir.absolute())

    def when_ready(settings: Settings) -> None:
        address = settings.public_url or f"http://{settings.host}:{settings.port}"
        console.print(f"Leanbase is ready: {address}", highlight=False)
        _show_credentials(console, folders)
        if demo:
            fill_demo_project(settings, folders, console)

    try:
        supervise(settings, lambda sentence: click.echo(sentence, err=True), when_ready)
    except (FolderInUse, CannotListen) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)


def credentials(folders: Folders) -> dict[str, str]:
    """What the first start made up. Raises ``FileNotFoundError`` before it."""
    return json.loads(Path(folders.credentials).read_text())
