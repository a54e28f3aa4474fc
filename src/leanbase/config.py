"""All settings: one table, one reader of the environment.

Each row gives the name, the default and a sentence of help; the command line, the documentation
(``docs/reference/settings.md``) and this module come from the same row. A setting NAME is read from
``LEANBASE_NAME``; an option of the command line wins over it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


def _row(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can choose."""

    data_dir: Path = _row(
        Path("data"), "Folder of everything Leanbase keeps. Copy it while stopped and you have a backup."
    )
    host: str = _row("127.0.0.1", "Address to listen on. The default is reachable from this machine only.")
    port: int = _row(8000, "Port to listen on.")
    public_url: str = _row(
        "", "Address under which browsers reach this server; empty means the address of each request."
    )

    project_api_key: str = _row("", "Token (phc_…) of the first project; made up at first start when empty.")
    personal_api_key: str = _row("", "Personal API key (phx_…) of the first user; made up at first start when empty.")
    admin_email: str = _row("admin@localhost", "E-mail address of the first user.")
    admin_password: str = _row("", "Password of the first user; made up at first start when empty.")

    store_url: str = _row(
        "",
        "Event store: empty for the embedded engine in the data folder, or clickhouse://user:password@host:port/database.",
    )
    log_url: str = _row("", "Event log: empty for segments in the data folder, or kafka://host:port/topic.")
    appdb_url: str = _row("", "Application database: empty for SQLite in the data folder, or postgresql://…")
    blobs_url: str = _row("", "Blobs: empty for files in the data folder, or s3://bucket/prefix.")

    backlog_max_bytes: int = _row(4 << 30, "Largest log that waits for processing; beyond it capture answers 503.")
    segment_bytes: int = _row(64 << 20, "Size of one segment of the log.")
    turn_max_events: int = _row(20_000, "Most events that the pipeline processes in one turn.")
    dedup_hours: int = _row(24, "How long repeated event uuids are recognised.")
    dedup_max_events: int = _row(8_000_000, "Most uuids remembered for that; 16 bytes of memory each.")
    trust_forwarded: bool = _row(
        True, "Take the client's address from X-Forwarded-For when the peer is a loopback or private address."
    )

    warn_distinct_ids: int = _row(
        100, "Distinct ids of one person that raise an ingestion warning, and again at each doubling."
    )
    max_distinct_ids: int = _row(
        0, "Most distinct ids of one person; merges beyond it are refused with a warning. 0 for no limit."
    )

    query_max_memory: int = _row(
        1 << 30, "Memory of one query in bytes; it spills to disk or fails with a clear error beyond."
    )
    query_max_seconds: int = _row(60, "Longest a query may run.")
    query_slots: int = _row(3, "Queries that run at once; others wait.")
    store_max_memory: int = _row(2 << 30, "Memory of the embedded engine in bytes.")

    demo_visitors: int = _row(52_000, "Visitors of the demo's product; the default brings about a million events.")

    test_clock: bool = _row(False, "Honour X-Leanbase-Now on queries and flags (tests only).")
    log_level: str = _row("info", "Least severe level that is logged: debug, info, warning, error.")


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names it."""


def _parse(name: str, kind: Any, text: str) -> Any:
    try:
        if kind is bool:
            lowered = text.strip().lower()
            if lowered in {"1", "true", "yes", "on"}:
                return True
            if lowered in {"0", "false", "no", "off", ""}:
                return False
            raise ValueError("not a yes or no")
        return kind(text)
    except ValueError as problem:
        raise SettingsError(f"LEANBASE_{name.upper()}={text!r}: {problem}") from None


def load_settings(environ: Mapping[str, str], overrides: Mapping[str, Any]) -> Settings:
    """Settings from the environment, with the options that were given on the command line on top.

    Raises :class:`SettingsError` for a value of the wrong form.
    """
    chosen: dict[str, Any] = {}
    for row in fields(Settings):
        text = environ.get(f"LEANBASE_{row.name.upper()}")
        if text is not None:
            chosen[row.name] = _parse(row.name, type(row.default) if not isinstance(row.default, Path) else Path, text)
    chosen.update({name: value for name, value in overrides.items() if value is not None})
    return Settings(**chosen)
