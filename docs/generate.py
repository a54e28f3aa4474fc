"""Writes docs/reference/*.md from the tables of the code. ``make docs`` runs it; a test fails when a page is old."""

import dataclasses
from pathlib import Path

from leanbase.config import Settings
from leanbase.model.drop_reasons import DROP_REASONS

REFERENCE = Path(__file__).parent / "reference"


def _default(value: object) -> str:
    if value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`"


def settings_page() -> str:
    """Every row of the settings table."""
    lines = [
        "# Settings",
        "",
        "Each is an environment variable `LEANBASE_…` and an option of `leanbase serve`; the option wins.",
        "",
        "| setting | default | what it does |",
        "|---|---|---|",
    ]
    for row in dataclasses.fields(Settings):
        option = f"`--{row.name.replace('_', '-')}`"
        lines.append(f"| {option} `LEANBASE_{row.name.upper()}` | {_default(row.default)} | {row.metadata['help']} |")
    return "\n".join(lines) + "\n"


def drops_page() -> str:
    """Every reason for which the pipeline drops an event."""
    lines = [
        "# Why events are dropped",
        "",
        "An accepted event that becomes no row is counted by day and reason (Health page, `/metrics`), with samples.",
        "What is refused at once, with a 4xx, is counted in the same place under capture's own reasons.",
        "",
        "| reason | what it means |",
        "|---|---|",
        *(f"| `{reason}` | {meaning} |" for reason, meaning in DROP_REASONS.items()),
    ]
    return "\n".join(lines) + "\n"


PAGES = {"settings.md": settings_page, "drops.md": drops_page}


def main() -> None:
    REFERENCE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page())


if __name__ == "__main__":
    main()
