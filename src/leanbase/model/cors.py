"""Cross-origin rules: any page may send and read, with credentials, as posthog-js needs it. On errors too."""

from collections.abc import Iterable

_VARY = (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")


def cors_headers(
    origin: bytes | None, requested: bytes | None, methods: bytes = b"GET,POST,OPTIONS"
) -> list[tuple[bytes, bytes]]:
    """Response headers for a request with this ``Origin`` and ``Access-Control-Request-Headers``, both echoed (old
    SDKs and proxies send odd ones). ``methods`` are those that the path takes.
    """
    if origin is None:
        return [_VARY]
    headers = [
        (b"access-control-allow-origin", origin),
        _CREDENTIALS,
        (b"access-control-allow-methods", methods),
        _VARY,
    ]
    if requested is not None:
        headers.append((b"access-control-allow-headers", requested))
    return headers


def cors_headers_of(
    headers: Iterable[tuple[bytes, bytes]], methods: bytes = b"GET,POST,OPTIONS"
) -> list[tuple[bytes, bytes]]:
    """The same from the raw headers of a request (lower-case names, as ASGI gives them)."""
    origin = requested = None
    for name, value in headers:
        if name == b"origin":
            origin = value
        elif name == b"access-control-request-headers":
            requested = value
    return cors_headers(origin, requested, methods)
