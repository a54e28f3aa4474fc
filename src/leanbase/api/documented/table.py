"""What each route answers, and the OpenAPI document that says so. The web app's types are made of it.

Routes answer plain dictionaries, which is fast and lets one shape serve several routes. Here stands what clients may
rely on; every test that asks the API in-process checks the answers it gets against this table.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from leanbase.api.documented import accounts, data, saved
from leanbase.api.documented.answer import Page, Part

P = "/api/projects/{project_id}"

ANSWERS: Mapping[tuple[str, str], Any] = {
    ("POST", "/api/login/"): accounts.Done,
    ("POST", "/api/logout/"): accounts.Done,
    ("GET", "/api/users/@me/"): accounts.User,
    ("PATCH", "/api/users/@me/"): accounts.User,
    ("GET", "/api/personal_api_keys/"): list[accounts.PersonalKey],
    ("POST", "/api/personal_api_keys/"): accounts.PersonalKey,
    ("PATCH", "/api/personal_api_keys/{key_id}/"): accounts.PersonalKey,
    ("POST", "/api/personal_api_keys/{key_id}/roll/"): accounts.PersonalKey,
    ("GET", "/api/organizations/"): Page[accounts.Organization],
    ("GET", "/api/organizations/{organization_id}/"): accounts.Organization,
    ("PATCH", "/api/organizations/{organization_id}/"): accounts.Organization,
    ("GET", "/api/organizations/{organization_id}/members/"): Page[accounts.Member],
    ("PATCH", "/api/organizations/{organization_id}/members/{user_uuid}/"): accounts.Member,
    ("GET", "/api/organizations/{organization_id}/invites/"): Page[accounts.Invite],
    ("POST", "/api/organizations/{organization_id}/invites/"): accounts.Invite,
    ("GET", "/api/organizations/{organization_id}/demo/"): accounts.Demo,
    ("POST", "/api/organizations/{organization_id}/demo/"): accounts.Demo,
    ("GET", "/api/signup/{secret}/"): accounts.Invitation,
    ("POST", "/api/signup/{secret}/"): accounts.Done,
    ("GET", "/api/users/@me/sessions/"): list[accounts.Session],
    ("GET", "/api/projects/"): Page[accounts.ProjectInShort],
    ("POST", "/api/projects/"): accounts.Project,
    ("GET", f"{P}/"): accounts.Project,
    ("PATCH", f"{P}/"): accounts.Project,
    ("PATCH", f"{P}/reset_token/"): accounts.Project,
    ("GET", f"{P}/insights/"): Page[saved.Insight],
    ("POST", f"{P}/insights/"): saved.Insight,
    ("GET", f"{P}/insights/{{insight_id}}/"): saved.Insight,
    ("PATCH", f"{P}/insights/{{insight_id}}/"): saved.Insight,
    ("GET", f"{P}/dashboards/"): Page[saved.DashboardInShort],
    ("POST", f"{P}/dashboards/"): saved.Dashboard,
    ("GET", f"{P}/dashboards/{{dashboard_id}}/"): saved.Dashboard,
    ("PATCH", f"{P}/dashboards/{{dashboard_id}}/"): saved.Dashboard,
    ("POST", f"{P}/dashboards/{{dashboard_id}}/create_text_tile/"): saved.Dashboard,
    ("GET", f"{P}/annotations/"): Page[saved.Annotation],
    ("POST", f"{P}/annotations/"): saved.Annotation,
    ("GET", f"{P}/annotations/{{annotation_id}}/"): saved.Annotation,
    ("PATCH", f"{P}/annotations/{{annotation_id}}/"): saved.Annotation,
    ("GET", f"{P}/actions/"): Page[saved.Action],
    ("POST", f"{P}/actions/"): saved.Action,
    ("GET", f"{P}/actions/{{action_id}}/"): saved.Action,
    ("PATCH", f"{P}/actions/{{action_id}}/"): saved.Action,
    ("POST", f"{P}/toolbar/"): saved.ToolbarAddress,
    ("GET", f"{P}/cohorts/"): Page[saved.Cohort],
    ("POST", f"{P}/cohorts/"): saved.Cohort,
    ("GET", f"{P}/cohorts/{{cohort_id}}/"): saved.Cohort,
    ("PATCH", f"{P}/cohorts/{{cohort_id}}/"): saved.Cohort,
    ("POST", f"{P}/cohorts/{{cohort_id}}/calculate/"): saved.Cohort,
    ("GET", f"{P}/event_definitions/"): Page[saved.EventDefinition],
    ("PATCH", f"{P}/event_definitions/{{definition_id}}/"): saved.EventDefinition,
    ("GET", f"{P}/property_definitions/"): Page[saved.PropertyDefinition],
    ("PATCH", f"{P}/property_definitions/{{definition_id}}/"): saved.PropertyDefinition,
    ("GET", f"{P}/persons/"): Part[data.Person],
    ("GET", f"{P}/persons/values/"): list[saved.Value],
    ("GET", f"{P}/persons/{{name}}/"): data.Person,
    ("GET", f"{P}/persons/{{name}}/merge_log/"): Part[data.Merge],
    ("GET", f"{P}/persons/{{name}}/property_history/"): data.PropertyHistory,
    ("GET", f"{P}/persons/{{name}}/properties_timeline/"): data.PropertiesTimeline,
    ("GET", f"{P}/persons/activity/"): Page[data.Activity],
    ("GET", f"{P}/persons/{{name}}/activity/"): Page[data.Activity],
    ("GET", f"{P}/groups/related/"): list[data.Related],
    ("GET", f"{P}/groups/"): Part[data.Group],
    ("GET", f"{P}/groups/find/"): data.Group,
    ("GET", f"{P}/groups_types/"): list[data.GroupType],
    ("GET", f"{P}/ingestion_warnings/"): Part[data.WarningKind],
    ("GET", f"{P}/usage/"): data.Usage,
    ("GET", f"{P}/health/"): data.Health,
    ("GET", f"{P}/health/dead_letters/"): Page[data.DeadLetter],
    ("GET", f"{P}/event_retention/"): data.EventRetention,
    ("POST", f"{P}/event_retention/apply/"): data.EventRetention,
    ("POST", f"{P}/query/"): data.QueryAnswer,
}


def install(app: FastAPI) -> None:
    """Make the application's OpenAPI document say what the routes of the table answer."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            plain()
            assert app.openapi_schema is not None  # it was just made
            describe(app.openapi_schema)
        return app.openapi_schema

    app.openapi = described


def describe(document: dict[str, Any]) -> None:
    """Put the schemas of the table into an OpenAPI document. Raises ``KeyError`` for a route that there is not."""
    routes = list(ANSWERS)
    asked: list[tuple[tuple[str, str], JsonSchemaMode, TypeAdapter[Any]]] = [
        (route, "serialization", TypeAdapter(ANSWERS[route])) for route in routes
    ]
    schemas, definitions = TypeAdapter.json_schemas(
        asked, ref_template=REF_TEMPLATE, schema_generator=GenerateJsonSchema
    )
    document.setdefault("components", {}).setdefault("schemas", {}).update(definitions.get("$defs", {}))
    for (method, path), schema in ((route, schemas[route, "serialization"]) for route in routes):
        answers = document["paths"][path][method.lower()]["responses"]
        success = next(status for status in answers if status.startswith("2"))
        answers[success]["content"] = {"application/json": {"schema": schema}}
