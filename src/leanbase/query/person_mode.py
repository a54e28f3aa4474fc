"""Which person an event counts for, and which of the person's properties a query sees."""

from typing import Literal, cast, get_args

from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError

PersonMode = Literal[
    "disabled",
    "person_id_no_override_properties_on_events",
    "person_id_override_properties_on_events",
    "person_id_override_properties_joined",
]
DEFAULT_MODE: PersonMode = "person_id_override_properties_joined"
ON_EVENTS: frozenset[PersonMode] = frozenset(
    {"person_id_no_override_properties_on_events", "person_id_override_properties_on_events"}
)


def person_mode(ctx: QueryContext) -> PersonMode:
    """The mode of a query: its own modifier, else the project's, else today's properties of today's person."""
    project = ctx.project.settings.get("modifiers")
    chosen = ctx.modifiers.get("personsOnEventsMode")
    if chosen is None and isinstance(project, dict):
        chosen = cast(dict[str, object], project).get("personsOnEventsMode")
    if chosen is None:
        return DEFAULT_MODE
    if chosen not in get_args(PersonMode):
        raise QueryError(
            f"personsOnEventsMode is one of {', '.join(get_args(PersonMode))}",
            "invalid_choice",
            "modifiers.personsOnEventsMode",
        )
    return cast(PersonMode, chosen)


def overridden_pk(alias: str, mode: PersonMode = DEFAULT_MODE) -> str:
    """SQL of the key (UInt64) of today's person of an event or a membership row."""
    if mode == "person_id_no_override_properties_on_events":
        return f"{alias}.pk"
    return f"dictGetOrDefault('person_override', 'new_pk', {alias}.pk, {alias}.pk)"


def overridden_person_id(alias: str, mode: PersonMode = DEFAULT_MODE) -> str:
    """SQL of the uuid of today's person of an event."""
    if mode == "person_id_no_override_properties_on_events":
        return f"{alias}.person_id"
    return f"dictGetOrDefault('person_override', 'new_person_id', {alias}.pk, {alias}.person_id)"
