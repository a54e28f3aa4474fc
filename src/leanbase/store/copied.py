"""Makes a copied store whole again when the copy turned links into folders.

The engine reaches each database and table through a relative link (``metadata/default``, ``data/default/<table>``) to a
folder below ``store/`` that is named by a UUID. ``cp -r`` keeps links; other tools copy what they point to, and the
engine then refuses the folder. The copies behind the links are redundant: the linked folders came along too.
"""

import logging
import re
import shutil
from pathlib import Path

_log = logging.getLogger(__name__)
_TABLE_UUID = re.compile(r"UUID '([0-9a-f]{3})([0-9a-f-]{33})'")


def restore_links(path: Path) -> None:
    """Turn folders that should be links back into links; does nothing to a store that was not copied so.

    Raises ``OSError`` when a link cannot be made.
    """
    metadata = path / "metadata" / "default"
    if metadata.is_symlink() or not metadata.is_dir():
        return
    linked = _same_tables(path / "store", metadata)
    if linked is None:
        return  # not a copy that is understood: the engine says what it does not like
    _log.warning("the store was copied with its links followed; the links are restored")
    for statement in metadata.glob("*.sql"):
        found = _TABLE_UUID.search(statement.read_text(errors="replace"))
        data = path / "data" / "default" / statement.stem
        if (
            found
            and data.is_dir()
            and not data.is_symlink()
            and (path / "store" / found[1] / (found[1] + found[2])).is_dir()
        ):
            shutil.rmtree(data)
            data.symlink_to(Path("../../store") / found[1] / (found[1] + found[2]))
    shutil.rmtree(metadata)
    metadata.symlink_to(Path("../store") / linked.parent.name / linked.name)


def _same_tables(store: Path, metadata: Path) -> Path | None:
    """The one folder below ``store`` that describes the same tables."""
    wanted = {file.name: file.read_bytes() for file in metadata.glob("*.sql")}
    if not wanted:
        return None
    same = [
        folder
        for folder in store.glob("*/*")
        if {file.name: file.read_bytes() for file in folder.glob("*.sql")} == wanted
    ]
    return same[0] if len(same) == 1 else None
