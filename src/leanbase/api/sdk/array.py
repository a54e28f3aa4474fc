"""``/array/<token>/…``: remote config as JSON, as a script, and with the SDK itself."""

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import not_found
from leanbase.api.sdk.remote_config import remote_config
from leanbase.api.sdk.scripts import JAVASCRIPT, script_file

router = APIRouter(prefix="/array", tags=["SDK"])

CACHE = {"Cache-Control": "public, max-age=300"}  # a page asks once per load; a changed setting arrives in minutes


@router.get("/{token}/config")
def show_config(token: str, context: Context) -> Response:
    """Remote config as JSON."""
    return Response(_config(token, context), media_type="application/json", headers=CACHE)


@router.get("/{token}/config.js")
def show_config_script(token: str, context: Context) -> Response:
    """Remote config as a script, which posthog-js asks for first."""
    return Response(_script(token, context), media_type=JAVASCRIPT, headers=CACHE)


@router.get("/{token}/array.js")
def show_sdk_with_config(token: str, context: Context) -> Response:
    """posthog-js with its remote config before it, for one request instead of two."""
    config = _script(token, context)
    sdk = script_file(context.sdk_dir, "array.js")
    if sdk is None:
        raise not_found("The files of posthog-js are not built. Run `make web`.")
    return Response(config + b"\n" + sdk.read_bytes(), media_type=JAVASCRIPT, headers=CACHE)


def _config(token: str, context: ApiContext) -> bytes:
    project = context.projects.by_token(token)
    if project is None:
        raise not_found("No project has this token.")
    return msgspec.json.encode(remote_config(project))


def _script(token: str, context: ApiContext) -> bytes:
    """An idempotent statement. ``<`` and the line separators are escaped, for they can end a script or a line."""
    config = _config(token, context).decode()
    for hostile in ("<", "\u2028", "\u2029"):
        config = config.replace(hostile, f"\\u{ord(hostile):04x}")
    name = "window._POSTHOG_REMOTE_CONFIG"
    key = msgspec.json.encode(token).decode()
    return f"({name}={name}||{{}})[{key}]={{config:{config},siteApps:[]}};".encode()
