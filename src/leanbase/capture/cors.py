"""Cross-origin rules: any page may send and read, with credentials, as posthog-js needs it. On errors too."""

from collections.abc import Iterable

_VARY = (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")
_METHODS = (b"access-control-allow-methods", b"GET,POST,OPTIONS")


def cors_headers(origin: bytes | None, requested: bytes | None) -> list[tuple[bytes, bytes]]:
    """Response headers for a request with this ``Origin`` and ``Access-Control-Request-Headers``, both echoed (old
    SDKs and proxies send odd ones).
    """
    if origin is None:
        return [_VARY]
    headers = [(b"access-control-allow-origin", origin), _CREDENTIALS, _METHODS, _VARY]
    if requested is not None:
        headers.append((b"access-control-allow-headers", requested))
    return headers


def cors_headers_of(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The same from the raw headers of a request (lower-case names, as ASGI gives them)."""
    origin = requested = None
    for name, value in headers:
        if name == b"origin":
            origin = value
        elif name == b"access-control-request-headers":
            requested = value
    return cors_headers(origin, requested)
