"""What a personal API key may do: ``object:read`` or ``object:write``, or ``*`` for everything its user may."""

from collections.abc import Collection, Iterable

OBJECTS = (
    "action",
    "activity_log",
    "annotation",
    "cohort",
    "dashboard",
    "early_access_feature",
    "error_tracking",
    "event_definition",
    "experiment",
    "export",
    "feature_flag",
    "group",
    "health",
    "ingestion_warning",
    "insight",
    "organization",
    "organization_member",
    "person",
    "project",
    "property_definition",
    "query",
    "session_recording",
    "session_recording_playlist",
    "sharing_configuration",
    "subscription",
    "survey",
    "usage",
    "user",
)
EVERYTHING = "*"


def allows(scopes: Collection[str], wanted: str) -> bool:
    """Whether scopes include ``object:read`` or ``object:write``; writing includes reading."""
    subject, _, mode = wanted.partition(":")
    return EVERYTHING in scopes or wanted in scopes or (mode == "read" and f"{subject}:write" in scopes)


def unknown(scopes: Iterable[str]) -> str | None:
    """The first scope that is none, or None."""
    for scope in scopes:
        subject, _, mode = scope.partition(":")
        if scope != EVERYTHING and not (subject in OBJECTS and mode in {"read", "write"}):
            return scope
    return None
