"""The API: a tuple of routers over one context."""

from typing import Any

from fastapi import APIRouter, FastAPI

from leanbase.api import (
    actions,
    activity_log,
    agent_tools,
    annotations,
    as_code,
    cohorts,
    dashboard_templates,
    dashboard_tiles,
    dashboards,
    definitions,
    demo,
    errors,
    events,
    group_metrics,
    group_usage,
    groups,
    health,
    ingestion_warnings,
    insight_variables,
    insights,
    members,
    metrics,
    organizations,
    person_deletion,
    person_history,
    personal_keys,
    persons,
    projects,
    query,
    retention,
    sharing,
    sign_in,
    sign_up,
    subscriptions,
    toolbar,
    usage,
    users,
    web_app,
)
from leanbase.api.answers import JsonAnswer
from leanbase.api.context import ApiContext
from leanbase.api.documented import table
from leanbase.api.json_bodies import JsonBodies
from leanbase.api.methods import KnownMethods
from leanbase.api.paths import CanonicalPaths
from leanbase.api.sdk import array, flags, local_evaluation, push_subscriptions, scripts, start_up
from leanbase.api.sdk.cors import SdkCors

# Routers whose paths begin after /api/projects/{project_id}; every route of theirs takes a ProjectScope.
PROJECT_ROUTERS: tuple[APIRouter, ...] = (
    definitions.router,
    events.router,
    health.router,
    activity_log.router,  # before insights: /insights/activity/ is no insight
    insights.router,
    insight_variables.router,
    dashboards.router,
    dashboard_tiles.router,
    dashboard_templates.router,
    annotations.router,
    subscriptions.router,
    as_code.router,
    sharing.router,
    query.router,
    agent_tools.router,
    actions.router,
    toolbar.router,
    cohorts.router,
    person_history.router,
    person_deletion.router,
    persons.router,
    group_metrics.router,
    group_usage.router,
    groups.router,
    ingestion_warnings.router,
    usage.router,
    retention.router,
)

# Routers with whole paths.
ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    sign_up.router,
    users.router,
    personal_keys.router,
    projects.router,
    organizations.router,
    members.router,
    demo.router,
    flags.router,
    local_evaluation.router,
    array.router,
    scripts.router,
    start_up.router,
    push_subscriptions.router,
    health.probes,
    metrics.router,
    sharing.public,
    toolbar.public,
    events.older,
)


def create_app(context: ApiContext) -> FastAPI:
    """The ASGI application of the engine process."""
    app = _assembled(context.version)
    app.state.context = context
    return app


def api_document() -> dict[str, Any]:
    """The OpenAPI document, for what is built upon it; it needs no databases."""
    return _assembled("0").openapi()


def _assembled(version: str) -> FastAPI:
    app = FastAPI(
        title="Leanbase",
        version=version,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the page of FastAPI loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=JsonAnswer,
    )
    for router in ROUTERS:
        app.include_router(router)
    for router in PROJECT_ROUTERS:
        app.include_router(router, prefix="/api/projects/{project_id}")
    app.router.default = web_app.answer_the_rest
    app.add_middleware(JsonBodies)
    app.add_middleware(KnownMethods, routes=app.routes)
    app.add_middleware(SdkCors)
    app.add_middleware(CanonicalPaths)  # the outermost: everything below sees canonical paths
    errors.install(app)
    table.install(app)
    return app
