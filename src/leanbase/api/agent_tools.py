"""What PostHog's command line for agents asks of a server beside the API: SQL as a text, and which names there are.

Answers are ``{success, content}``; a question that cannot be answered has the reason as its content.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import JsonAnswer
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, not_found
from leanbase.api.events import list_values
from leanbase.api.query import queries_of
from leanbase.persons import listing
from leanbase.projects.definitions import Definitions, PropertyWishes
from leanbase.query.errors import QueryError

router = APIRouter(prefix="/mcp_tools", tags=["agents"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("query", "read"))]

MOST_NAMES = 500
_CELL = 400  # characters of a cell, unless the whole is asked for


class ToolCall(BaseModel):
    args: dict[str, Any] = {}


@router.post("/execute_sql/")
def execute_sql(body: ToolCall, access: Access, context: Context) -> dict[str, Any]:
    """Answer SQL (``args.query``) as lines of cells, separated by ``|``; the first line names the columns."""
    asked = {"kind": "HogQLQuery", "query": body.args.get("query")}
    try:
        answer = queries_of(context).run(access.project, asked)
    except QueryError as problem:
        return _failed(problem.detail)
    longest = _CELL if body.args.get("truncate", True) else None
    rows = [answer.get("columns") or [], *answer["results"]]
    return _told("\n".join("|".join(_cell(value, longest) for value in row) for row in rows))


@router.post("/read_taxonomy/")
def read_taxonomy(body: ToolCall, access: Access, context: Context) -> dict[str, Any]:
    """Names of events, of properties, or values of a property, as ``args.query.kind`` asks; one per line."""
    query = body.args.get("query")
    asked: dict[str, Any] = query if isinstance(query, dict) else {}
    try:
        match asked.get("kind"):
            case "events":
                lines = _events(asked, access, context)
            case "event_properties":
                lines = _properties(PropertyWishes(seen_with=[str(asked.get("event_name"))]), access, context)
            case "entity_properties" if _is_person(asked) or asked.get("entity") in ("session", "sessions"):
                kind = "person" if _is_person(asked) else "session"
                lines = _properties(PropertyWishes(kind=kind), access, context)
            case "event_property_values":
                event, key = str(asked.get("event_name")), str(asked.get("property_name"))
                lines = [str(item["name"]) for item in list_values(access, context, key, "", [event])]
            case "entity_property_values" if _is_person(asked):
                key = str(asked.get("property_name"))
                found = listing.property_values(context.store, access.project.id, key, "")
                lines = [name for name, _ in found]
            case _:
                return _failed(
                    "query.kind is one of events, event_properties, event_property_values, and for the entity person"
                    " entity_properties (also session) and entity_property_values."
                )
    except (QueryError, ApiError) as problem:
        return _failed(problem.detail)
    return _told("\n".join(lines) or "Nothing found.")


@router.post("/{tool}/")
def other_tool(tool: str, _access: Access) -> dict[str, Any]:
    """Tools that this server does not have."""
    raise not_found(f"There is no tool {tool!r}; there are execute_sql and read_taxonomy.")


def _events(asked: dict[str, Any], access: ProjectAccess, context: ApiContext) -> list[str]:
    limit, offset = asked.get("limit"), asked.get("offset")
    rows, _ = Definitions(context.state).events(
        access.project.id,
        limit=min(limit, MOST_NAMES) if isinstance(limit, int) and limit > 0 else MOST_NAMES,
        offset=offset if isinstance(offset, int) and 0 <= offset < 1 << 31 else 0,
        exclude_hidden=True,
    )
    return [f"{row.name} - {row.description}" if row.description else row.name for row in rows]


def _properties(wishes: PropertyWishes, access: ProjectAccess, context: ApiContext) -> list[str]:
    rows, _ = Definitions(context.state).properties(access.project.id, wishes, limit=MOST_NAMES, offset=0)
    return [f"{row.name} ({row.property_type or 'unknown type'})" for row in rows]


def _is_person(asked: dict[str, Any]) -> bool:
    return asked.get("entity") in ("person", "persons")


def _cell(value: Any, longest: int | None) -> str:
    text = value if isinstance(value, str) else bytes(JsonAnswer(value).body).decode()
    return text if longest is None or len(text) <= longest else f"{text[:longest]}…"


def _told(content: str) -> dict[str, Any]:
    return {"success": True, "content": content}


def _failed(reason: str) -> dict[str, Any]:
    return {"success": False, "content": reason}
