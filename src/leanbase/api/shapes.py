"""The shapes that many answers share: users in short and in full, projects, organizations."""

from typing import Any

from leanbase.api.access import Identity, current_project
from leanbase.api.context import ApiContext
from leanbase.auth.users import Membership, User
from leanbase.model.instants import iso
from leanbase.projects.directory import ProjectRecord


def person_in_charge(user: User | None) -> dict[str, Any] | None:
    """A user as ``created_by`` and the like show them."""
    if user is None:
        return None
    return {
        "id": user.id,
        "uuid": user.uuid,
        "distinct_id": user.distinct_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_email_verified": True,
        "hedgehog_config": None,
        "role_at_organization": None,
    }


def project_shape(record: ProjectRecord, *, with_secret: bool = False) -> dict[str, Any]:
    """A project in full, settings at top level."""
    shape: dict[str, Any] = {
        "id": record.project.id,
        "uuid": record.uuid,
        "organization": record.organization_id,
        "project_id": record.project.id,
        "api_token": record.project.api_token,
        "name": record.project.name,
        "created_at": iso(record.created_at),
        "updated_at": iso(record.updated_at),
        "is_demo": False,
        "access_control": False,
        "effective_membership_level": None,
        "has_group_types": False,
        "group_types": [],
        **record.settings,
    }
    if with_secret:
        shape["secret_api_token"] = record.secret_token
    return shape


def project_in_short(record: ProjectRecord) -> dict[str, Any]:
    return {
        "id": record.project.id,
        "uuid": record.uuid,
        "organization": record.organization_id,
        "project_id": record.project.id,
        "api_token": record.project.api_token,
        "name": record.project.name,
        "timezone": record.project.timezone,
        "is_demo": False,
        "access_control": False,
    }


def organization_shape(membership: Membership, identity: Identity, context: ApiContext) -> dict[str, Any]:
    """An organization with the projects that the asking user sees."""
    records = [item for item in context.projects.list(membership.organization_id) if identity.sees(item)]
    short = [project_in_short(record) for record in records]
    return {
        "id": membership.organization_id,
        "name": membership.organization_name,
        "slug": membership.organization_id,
        "logo_media_id": None,
        "membership_level": membership.level,
        "teams": short,
        "projects": short,
        "available_product_features": [],
        "is_member_join_email_enabled": False,
        "metadata": {},
        "customer_id": None,
        "member_count": len(context.auth.users.of_organization(membership.organization_id)),
    }


def user_shape(identity: Identity, context: ApiContext) -> dict[str, Any]:
    """The asking user in full, with the organization and project they work in."""
    user = identity.user
    record = current_project(identity, context)
    here = next(
        (item for item in user.memberships if record is not None and item.organization_id == record.organization_id),
        user.memberships[0] if user.memberships else None,
    )
    return {
        **(person_in_charge(user) or {}),
        "date_joined": iso(user.created_at),
        "is_staff": False,
        "is_impersonated": False,
        "has_password": user.has_password,
        "has_social_auth": False,
        "pending_email": None,
        "is_2fa_enabled": False,
        "theme_mode": None,
        "team": project_shape(record) if record else None,
        "organization": organization_shape(here, identity, context) if here else None,
        "organizations": [
            {
                "id": item.organization_id,
                "name": item.organization_name,
                "slug": item.organization_id,
                "membership_level": item.level,
            }
            for item in user.memberships
        ],
        "scoped_organizations": list(identity.key.scoped_organizations) if identity.key else None,
    }
