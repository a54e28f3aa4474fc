"""What posthog-js asks for beside flags when a page loads: surveys, early access features, tours, experiments."""

from typing import Any

from fastapi import APIRouter

from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError

router = APIRouter(prefix="/api", tags=["SDK"])


@router.get("/surveys/")
def list_surveys(context: Context, token: str = "") -> dict[str, Any]:
    """The running surveys of the project with this token."""
    _check_token(token, context)
    return {"surveys": []}


@router.get("/early_access_features/")
def list_early_access_features(context: Context, token: str = "") -> dict[str, Any]:
    """The early access features that people of the project may join."""
    _check_token(token, context)
    return {"earlyAccessFeatures": []}


@router.get("/product_tours/")
def list_product_tours(context: Context, token: str = "") -> dict[str, Any]:
    """The running product tours of the project."""
    _check_token(token, context)
    return {"product_tours": []}


@router.get("/web_experiments/")
def list_web_experiments(context: Context, token: str = "") -> dict[str, Any]:
    """The running no-code experiments of the project."""
    _check_token(token, context)
    return {"experiments": []}


def _check_token(token: str, context: ApiContext) -> None:
    if context.projects.by_token(token.strip()) is None:
        raise ApiError(401, "The parameter token is missing, or no project has it.", code="invalid_api_key")
