"""Which store an address means."""

from pathlib import Path
from urllib.parse import urlsplit

from leanbase.store.client import Store
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.server import ServerStore


def open_store(address: str | Path, max_memory_bytes: int = 2 << 30) -> Store:
    """The store at a folder (embedded engine) or at a ``clickhouse://`` or ``clickhouses://`` URL.

    ``max_memory_bytes`` bounds the embedded engine; a server has its own limits. The schema is not touched:
    see ``migrate.migrate``. Raises ``StoreError`` when it cannot be opened, ``ValueError`` for an unknown scheme.
    """
    if isinstance(address, Path) or "://" not in address:
        return EmbeddedStore(Path(address), max_memory_bytes)
    url = urlsplit(address)
    if url.scheme not in {"clickhouse", "clickhouses"}:
        raise ValueError(f"store address {url.scheme}://… is not known; use a folder, clickhouse:// or clickhouses://")
    return ServerStore(url)
