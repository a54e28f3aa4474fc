"""Which sites of others may work with a project: the project setting ``app_urls`` (PostHog's name and form)."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_ORIGIN = 300  # characters; host names end at 253
# Browsers read a backslash as a slash, and cut control characters out: such a host is another one to them.
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def origin_of(url: str) -> str | None:
    """Scheme, host and port as a browser's ``Origin`` header says them; None for what is no web address.

    An address with a user name in it is none: ``https://shop.example@evil.example`` looks like another site.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname
    if parts.scheme not in DEFAULT_PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    try:
        host = f"[{host}]" if ":" in host else _ascii(host)
    except UnicodeError:
        return None
    if _HOST.fullmatch(host) is None:
        return None
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, DEFAULT_PORTS[parts.scheme]} else "")
    return origin if len(origin) <= MAX_ORIGIN else None


def is_authorised(origin: str, app_urls: Iterable[str]) -> bool:
    """Whether an origin is that of an authorised URL. ``https://*.example.com`` stands for every subdomain."""
    return any(_covers(entry, origin) for entry in app_urls)


def _covers(entry: str, origin: str) -> bool:
    known = origin_of(entry)
    if known is None or "://*." not in known:
        return known == origin
    scheme, _, ending = known.partition("://*")
    return origin.startswith(f"{scheme}://") and origin.endswith(ending)


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")
