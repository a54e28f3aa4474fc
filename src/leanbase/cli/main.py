"""The ``leanbase`` command."""

import dataclasses
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from leanbase.cli.doctor import examine
from leanbase.cli.serve import serve_forever
from leanbase.config import Settings, SettingsError, load_settings


def _with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each row of the settings table."""
    for row in reversed(dataclasses.fields(Settings)):
        flag = f"--{row.name.replace('_', '-')}"
        shown = f"[LEANBASE_{row.name.upper()}; default: {row.default or 'empty'}]"
        kind: Any = Path if isinstance(row.default, Path) else type(row.default)
        declaration = f"{flag}/--no-{row.name.replace('_', '-')}" if kind is bool else flag
        option = click.option(declaration, row.name, type=kind, default=None, help=f"{row.metadata['help']} {shown}")
        command = option(command)
    return command


def _settings(options: dict[str, Any]) -> Settings:
    try:
        return load_settings(os.environ, options)
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None


@click.group()
@click.version_option(version("leanbase"), prog_name="leanbase")
def main() -> None:
    """Product analytics in one process, on PostHog's wire protocol."""


@main.command()
@click.option("--demo", is_flag=True, help="Fill a demo project with 60 days of a made-up product's history.")
@_with_settings
def serve(demo: bool, **options: Any) -> None:
    """Serve until Ctrl-C. The first start makes a project, a user and keys, and prints them once."""
    serve_forever(_settings(options), demo=demo)


@main.command()
@_with_settings
def doctor(**options: Any) -> None:
    """Check port, disk, permissions and the data folder; says what to do about what it finds."""
    findings = examine(_settings(options))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)
