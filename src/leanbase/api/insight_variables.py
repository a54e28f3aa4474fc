"""Variables of SQL insights in PostHog's shapes; SQL writes ``{variables.code_name}``."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.query import refused
from leanbase.model.instants import iso
from leanbase.query.errors import QueryError
from leanbase.query.hogql.literals import is_value
from leanbase.query.stored_variables import StoredVariables, Variable

router = APIRouter(tags=["insights"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("insight"))]
Kind = Literal["String", "Number", "Boolean", "List", "Date"]
_NAMES = {"values": "choices"}  # of a field here and in the table


class VariableBody(BaseModel):
    """What a client may set. ``values`` are what a List offers."""

    name: str | None = Field(None, max_length=400)
    type: Kind | None = None
    default_value: Any = None
    values: list[Any] | None = None


@router.get("/insight_variables/")
def list_variables(
    request: Request, access: Access, context: Context, limit: Limit = 500, offset: Offset = 0
) -> dict[str, Any]:
    """The project's variables, the oldest first."""
    found, total = StoredVariables(context.appdb).page(access.project.id, limit, offset)
    return page(request, [_shape(variable) for variable in found], total, limit, offset)


@router.post("/insight_variables/", status_code=201)
def create_variable(body: VariableBody, access: Access, context: Context) -> dict[str, Any]:
    """Make a variable; its ``code_name`` is made of its name and never changes."""
    values = _values(body)
    for needed in ("name", "type"):
        if not values.get(needed):
            raise invalid("This field is required.", needed, "required")
    try:
        return _shape(StoredVariables(context.appdb).add(access.project.id, access.user.id, values))
    except QueryError as problem:
        raise refused(problem) from None


@router.get("/insight_variables/{variable_id}/")
def show_variable(variable_id: str, access: Access, context: Context) -> dict[str, Any]:
    return _shape(_find(variable_id, access, context))


@router.patch("/insight_variables/{variable_id}/")
def change_variable(variable_id: str, body: VariableBody, access: Access, context: Context) -> dict[str, Any]:
    """Change a variable; SQL goes on to write it as before."""
    values = _values(body)
    for needed in ("name", "type"):
        if needed in values and not values[needed]:
            raise invalid("This field may not be empty.", needed, "blank")
    StoredVariables(context.appdb).change(_find(variable_id, access, context), values)
    return _shape(_find(variable_id, access, context))


@router.delete("/insight_variables/{variable_id}/", status_code=204, response_class=Response)
def delete_variable(variable_id: str, access: Access, context: Context) -> None:
    """Delete a variable; SQL that writes it needs a value from then on."""
    StoredVariables(context.appdb).remove(_find(variable_id, access, context))


def _find(variable_id: str, access: ProjectAccess, context: ApiContext) -> Variable:
    found = StoredVariables(context.appdb).find(access.project.id, variable_id)
    if found is None:
        raise not_found()
    return found


def _values(body: VariableBody) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    if not is_value(given.get("default_value")):
        raise invalid("A default value is a text, a number, true, false, null, or a list of these.", "default_value")
    if not is_value(given.get("values")):
        raise invalid("The values of a list are texts, numbers, true or false.", "values")
    return {_NAMES.get(name, name): value for name, value in given.items()}


def _shape(variable: Variable) -> dict[str, Any]:
    return {
        "id": variable.id,
        "name": variable.name,
        "type": variable.type,
        "default_value": variable.default_value,
        "values": variable.choices,
        "code_name": variable.code_name,
        "created_by": variable.created_by,
        "created_at": iso(variable.created_at),
    }
