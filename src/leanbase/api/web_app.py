"""The web app's files, and its start page for every address that is a page of it."""

from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from leanbase.api.errors import error_answer

# Styles and scripts come from our files only; what charts and the editor set goes through the style sheets' own API.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
FOREVER = "public, max-age=31536000, immutable"  # the build puts a hash into the names below assets/
NOT_BUILT = "<!doctype html><title>Leanbase</title><p>The web app is not built. Run <code>make web</code>.</p>"


async def answer_the_rest(scope: Scope, receive: Receive, send: Send) -> None:
    """What no route answers: the web app for a browser's GET, 404 otherwise."""
    if scope["type"] != "http":
        raise ConnectionError(f"nothing here answers {scope['type']}")
    request = Request(scope, receive)
    path: str = scope["path"]
    if path.startswith("/api/"):
        answer: Response = error_answer(404, f"There is no {path} on this server.")
    elif scope["method"] in {"GET", "HEAD"}:
        answer = await run_in_threadpool(page_or_file, path.lstrip("/"), request.app.state.context.web_dir)
    else:
        answer = error_answer(404, f"There is no {path} on this server.")
    await answer(scope, receive, send)


def page_or_file(path: str, folder: Path) -> Response:
    """A file of the web app, else its start page, which knows its pages by itself."""
    found = file_below(folder, path)
    if found is not None and found.suffix != ".html":
        cache = FOREVER if path.startswith("assets/") else "no-cache"
        return FileResponse(found, headers={"Cache-Control": cache, "X-Content-Type-Options": "nosniff"})
    if path.startswith(("assets/", "static/")) or path.endswith((".js", ".css", ".map")):
        return error_answer(404, "There is no such file.")
    start = folder / "index.html"
    text = start.read_text(encoding="utf-8") if start.is_file() else NOT_BUILT
    return HTMLResponse(text, headers=PAGE_HEADERS)


def file_below(folder: Path, path: str) -> Path | None:
    """A regular file inside a folder, or None; a path cannot lead out of it."""
    if not path or "\0" in path:
        return None
    root = folder.resolve()
    candidate = (root / path).resolve()
    return candidate if candidate.is_relative_to(root) and candidate.is_file() else None
