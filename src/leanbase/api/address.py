"""Where browsers reach us."""

from fastapi import Request

from leanbase.api.context import ApiContext


def own_address(request: Request, context: ApiContext) -> str:
    """Scheme, host and port without a slash: the setting, else those of the request."""
    if context.public_url:
        return context.public_url.rstrip("/")
    host = request.headers.get("x-forwarded-host") or request.headers.get("host") or request.url.netloc
    scheme = request.headers.get("x-forwarded-proto", "").split(",")[0].strip() or request.url.scheme
    return f"{scheme}://{host}"
