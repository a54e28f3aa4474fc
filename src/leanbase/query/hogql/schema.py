"""DatabaseSchemaQuery: what can be written in SQL, for people and for completion."""

from collections.abc import Mapping, Sequence
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql.functions import known_names
from leanbase.query.sessions import SESSION_FIELDS

MOST_NAMES = 2_000  # event and property names that are offered
_SESSION_TYPES = {"String": "string", "Numeric": "float", "Boolean": "boolean", "DateTime": "datetime"}

TABLES: dict[str, dict[str, str]] = {
    "events": {
        "uuid": "string", "event": "string", "timestamp": "datetime", "distinct_id": "string", "person_id": "string",
        "event_person_id": "string", "person_mode": "string", "properties": "json", "person": "lazy_table",
        "poe": "virtual_table", "session": "lazy_table", "$session_id": "string", "$window_id": "string",
        "elements_chain": "string", "elements_chain_href": "string", "elements_chain_texts": "array",
        "elements_chain_ids": "array", "elements_chain_elements": "array", "created_at": "datetime",
        **{f"$group_{index}": "string" for index in range(5)}, **{f"group_{index}": "lazy_table" for index in range(5)},
    },
    "persons": {
        "id": "string", "created_at": "datetime", "properties": "json", "is_identified": "boolean",
        "distinct_ids": "array",
    },
    "person_distinct_ids": {"distinct_id": "string", "person_id": "string"},
    "groups": {"index": "integer", "key": "string", "created_at": "datetime", "properties": "json"},
    "cohort_people": {"person_id": "string", "cohort_id": "integer"},
    "cohorts": {
        "id": "integer", "name": "string", "description": "string", "count": "integer", "is_static": "boolean",
        "created_at": "datetime",
    },
    "actions": {"id": "integer", "name": "string", "description": "string", "created_at": "datetime"},
    "sessions": {name: _SESSION_TYPES[field.type] for name, field in SESSION_FIELDS.items()},
}  # fmt: skip


def run_schema(ctx: QueryContext, _query: Mapping[str, Any]) -> dict[str, Any]:
    """``tables`` by name with their ``fields``, and for completion ``events``, ``properties`` and ``functions``."""
    tables = {
        name: {
            "id": name,
            "name": name,
            "type": "posthog",
            "fields": {
                column: {"name": column, "hogql_value": _written(column), "type": kind, "schema_valid": True}
                for column, kind in fields.items()
            },
        }
        for name, fields in TABLES.items()
    }
    return {
        "tables": tables,
        "joins": [],
        "events": _event_names(ctx),
        "properties": {"event": keys_of(ctx, "events"), "person": keys_of(ctx, "persons")},
        "functions": known_names(),
        "results": [],
    }


def _written(name: str) -> str:
    return name if name.replace("$", "").replace("_", "").isalnum() else f"`{name}`"


def _event_names(ctx: QueryContext) -> list[str]:
    binder = Binder()
    project = binder(ctx.project.id, "UInt32")
    text = (
        f"SELECT event FROM events WHERE project_id = {project} GROUP BY event ORDER BY count() DESC LIMIT {MOST_NAMES}"
    )
    return [str(row[0]) for row in ctx.execute(binder.sql(text)).rows]


def keys_of(ctx: QueryContext, table: str) -> Sequence[str]:
    """The keys of properties in the newest rows. The definitions API knows all; these are for where there is none."""
    binder = Binder()
    newest = "ORDER BY timestamp DESC" if table == "events" else "ORDER BY created_at DESC"
    text = (
        "SELECT arrayJoin(JSONExtractKeys(properties)) AS key, count() AS n FROM (SELECT properties FROM"
        f" {table} WHERE project_id = {binder(ctx.project.id, 'UInt32')} {newest} LIMIT 2000)"
        f" GROUP BY key ORDER BY n DESC, key LIMIT {MOST_NAMES}"
    )
    return [str(row[0]) for row in ctx.execute(binder.sql(text)).rows]
