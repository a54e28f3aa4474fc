"""Where this machine reaches its own server."""

from leanbase.config import Settings


def own_url(settings: Settings) -> str:
    """The public port, on the loopback address when the server listens everywhere."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"
