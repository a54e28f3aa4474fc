"""Finding the persons that requests name."""

from uuid import UUID

from leanbase.api.access import ProjectAccess
from leanbase.api.context import ApiContext
from leanbase.api.errors import invalid, not_found
from leanbase.persons import listing
from leanbase.persons.listing import PersonView


def person_of(name: str, access: ProjectAccess, context: ApiContext) -> PersonView:
    """The person of a path. Raises 400 for what is neither uuid nor number, 404 when there is none."""
    if uuid_of(name) is None and not _is_number(name):
        raise invalid(
            f"{name!r} is neither a person's uuid nor a number. To find one by distinct id use ?distinct_id=.", "id"
        )
    found = find_person(context, access.project.id, name)
    if found is None:
        raise not_found("There is no such person in this project.")
    return found


def find_person(context: ApiContext, project_id: int, name: str) -> PersonView | None:
    """The person of a uuid or number, if there is one."""
    uuid = uuid_of(name)
    if uuid is not None:
        return listing.find(context.state, project_id, uuid)
    return listing.find(context.state, project_id, int(name)) if _is_number(name) else None


def uuid_of(text: str) -> UUID | None:
    """The uuid that a text is, if it is one."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
