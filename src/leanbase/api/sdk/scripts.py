"""``/static/…``: posthog-js itself and the scripts that it loads when it needs them."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from leanbase.api.context import Context
from leanbase.api.errors import not_found

router = APIRouter(prefix="/static", tags=["SDK"])

JAVASCRIPT = "application/javascript"
FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=3600"
TOOLBAR = "toolbar.js"  # our own; posthog-js asks for it by this name, and its package has none


@router.get("/{name}")
def show_script(name: str, context: Context, v: str = "") -> Response:
    """A script of the version that we ship, whatever ``v`` asks for: it is the fallback of the path with a version."""
    if name == TOOLBAR:
        return _answer(context.toolbar_dir, name, "no-cache")
    ours = shipped_version(context.sdk_dir)
    return _answer(context.sdk_dir, name, FOREVER if v and v == ours else A_WHILE)


@router.get("/{version}/{name}")
def show_versioned_script(version: str, name: str, context: Context) -> Response:
    """A script of exactly this version; 404 for others, so that posthog-js falls back to ``/static/<name>``."""
    if version != shipped_version(context.sdk_dir):
        raise not_found("This server ships another version.")
    if name == TOOLBAR:
        return _answer(context.toolbar_dir, name, "no-cache")
    return _answer(context.sdk_dir, name, FOREVER)


def script_file(folder: Path, name: str) -> Path | None:
    """A script or JSON file directly inside the folder, or None."""
    file = folder / name
    plain = "/" not in name and "\0" not in name and not name.startswith(".") and file.suffix in {".js", ".json"}
    return file if plain and file.is_file() else None


@cache
def shipped_version(folder: Path) -> str:
    """The version of posthog-js in a folder; empty when there is none."""
    file = folder / "VERSION"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""


def _answer(folder: Path, name: str, cache_control: str) -> Response:
    file = script_file(folder, name)
    if file is None:
        raise not_found("There is no such script.")
    kind = JAVASCRIPT if file.suffix == ".js" else "application/json"
    return FileResponse(
        file, media_type=kind, headers={"Cache-Control": cache_control, "X-Content-Type-Options": "nosniff"}
    )
