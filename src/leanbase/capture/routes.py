"""Which paths are capture's, under any prefix: customers mount the server behind /ingest and the like."""

from enum import StrEnum


class Family(StrEnum):
    """How the requests of a path are read and answered."""

    __hash__ = str.__hash__  # Enum's own is a Python function, and every request asks for it several times

    EVENTS = "events"
    ENGAGE = "engage"
    AI_EVENTS = "ai_events"
    REPLAY = "replay"
    V1_EVENTS = "v1_events"
    V1_AI_EVENTS = "v1_ai_events"
    AI_MULTIPART = "ai_multipart"
    OTLP = "otlp"
    BLACK_HOLE = "black_hole"


V1_FAMILIES = frozenset((Family.V1_EVENTS, Family.V1_AI_EVENTS))
POST_ONLY = frozenset((*V1_FAMILIES, Family.AI_MULTIPART, Family.OTLP))

PATHS: dict[str, Family] = {
    "/batch": Family.EVENTS,
    "/e": Family.EVENTS,
    "/i/v0/e": Family.EVENTS,
    "/capture": Family.EVENTS,
    "/track": Family.EVENTS,
    "/engage": Family.ENGAGE,
    "/s": Family.REPLAY,
    "/i/v0/ai/batch": Family.AI_EVENTS,
    "/i/v0/ai": Family.AI_MULTIPART,
    "/i/v0/ai/otel": Family.OTLP,
    "/i/v1/analytics/events": Family.V1_EVENTS,
    "/i/v1/ai/events": Family.V1_AI_EVENTS,
    "/i/v1/logs": Family.OTLP,
    "/i/v1/traces": Family.OTLP,
    "/i/v1/metrics": Family.OTLP,
    "/test/black_hole": Family.BLACK_HOLE,
}
_EXACT = {form: family for path, family in PATHS.items() for form in (path, f"{path}/")}
# First parts of paths that belong to the API and to files; below them nothing is taken.
_NOT_OURS = frozenset(("api", "static", "array", "assets"))
# First parts of the web app's own addresses: a GET below them is a page, whatever word it ends in.
_PAGES = frozenset(("project", "login", "invite", "shared"))
_LONGEST_PATH = 4  # parts of the longest own path
_LONGEST_PREFIX = 4  # parts; a deeper path is no proxy prefix


def family_of(path: str, method: str, query: bytes) -> Family | None:
    """The family of a request, or None when it is not capture's.

    A GET below the web app's own addresses is only taken when it brings events: its pages may end in the same words.
    Methods that capture refuses are its own to refuse, under a prefix, too.
    """
    family = _EXACT.get(path)
    if family is not None:
        return family
    parts = path.strip("/").split("/")
    if len(parts) > _LONGEST_PATH + _LONGEST_PREFIX or not _NOT_OURS.isdisjoint(parts):
        return None
    if method in ("GET", "HEAD") and b"data=" not in query and parts[0] in _PAGES:
        return None
    for length in range(min(_LONGEST_PATH, len(parts) - 1), 0, -1):
        family = PATHS.get("/" + "/".join(parts[-length:]))
        if family is not None:
            return family
    return None
