"""What to call a person."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from leanbase.model.project import Project

DISPLAY_PROPERTIES = ("email", "name", "username")


def display_properties(project: Project) -> list[str]:
    """The properties that name a person, the best first: the project's own choice, else the usual ones."""
    wanted = project.settings.get("person_display_name_properties")
    chosen = [name for name in cast(list[Any], wanted) if isinstance(name, str)] if isinstance(wanted, list) else []
    return chosen or list(DISPLAY_PROPERTIES)


def display_name(properties: Mapping[str, Any], distinct_ids: Sequence[str], project: Project) -> str | None:
    """The first of the project's display properties that is there, else a distinct id."""
    for name in display_properties(project):
        value = properties.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return distinct_ids[0] if distinct_ids else None
