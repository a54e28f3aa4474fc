"""The tables of the control plane. Times are microseconds since 1970 in UTC; ids are never used twice.

The schema itself is made by ``migrations``; a test keeps the two equal.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _project() -> Column[int]:
    return Column("project_id", Integer, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False, index=True)


def _author(name: str = "created_by") -> Column[int]:
    return Column(name, Integer, ForeignKey("users.id", ondelete="SET NULL"), nullable=True)


def _time(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


organizations = Table(
    "organizations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    _time("created_at"),
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("distinct_id", String(64), nullable=False),
    Column("email", String(254), nullable=False, unique=True),  # in lower case
    Column("first_name", Text, nullable=False, default=""),
    Column("last_name", Text, nullable=False, default=""),
    Column("password_hash", Text, nullable=True),  # argon2; none: signs in by other means
    Column("is_active", Boolean, nullable=False, default=True),
    Column("current_project_id", Integer, nullable=True),
    _time("created_at"),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    metadata,
    Column("organization_id", String(36), ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("level", Integer, nullable=False),  # 1 member, 8 admin, 15 owner (PostHog's numbers)
    _time("joined_at"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organization_id", String(36), ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("level", Integer, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    _author(),
    _time("created_at"),
    _time("expires_at"),
)

projects = Table(
    "projects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column(
        "organization_id", String(36), ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("name", Text, nullable=False),
    Column("api_token", String(64), nullable=False, unique=True),
    Column("secret_token", String(64), nullable=True, unique=True),  # phs_…, for local evaluation of flags
    Column("settings", JSON, nullable=False),  # only what differs from the defaults in projects.settings
    Column("revision", BigInteger, nullable=False, index=True),  # grows over all projects: tells caches what changed
    _time("created_at"),
    _time("updated_at"),
    _time("deleted_at", nullable=True),
    sqlite_autoincrement=True,
)

personal_api_keys = Table(
    "personal_api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("label", Text, nullable=False),
    Column("value_hash", String(64), nullable=False, unique=True),  # SHA-256: the value is long and random
    Column("mask", String(32), nullable=False),  # "phx_...abcd", to recognise it by
    Column("scopes", JSON, nullable=False),  # ["*"] or ["insight:read", …]
    Column("scoped_projects", JSON, nullable=False),  # project ids; empty: all
    Column("scoped_organizations", JSON, nullable=False),
    _time("created_at"),
    _time("last_used_at", nullable=True),
    _time("last_rolled_at", nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("user_agent", Text, nullable=False, default=""),
    _time("created_at"),
    _time("last_seen_at"),
    _time("expires_at"),
)

toolbar_grants = Table(
    "toolbar_grants",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("is_code", Boolean, nullable=False),  # in an address, good for one exchange; else the token itself
    _project(),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("origin", String(300), nullable=False),  # of the only pages that may use it
    _time("expires_at"),
)

insights = Table(
    "insights",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("short_id", String(12), nullable=False),
    Column("name", Text, nullable=True),
    Column("derived_name", Text, nullable=True),
    Column("description", Text, nullable=False, default=""),
    Column("query", JSON, nullable=True),
    Column("tags", JSON, nullable=False),
    Column("favorited", Boolean, nullable=False, default=False),
    Column("saved", Boolean, nullable=False, default=True),
    Column("deleted", Boolean, nullable=False, default=False),
    _author(),
    _author("last_modified_by"),
    _time("created_at"),
    _time("updated_at"),
    _time("last_modified_at"),
    _time("last_viewed_at", nullable=True),
    UniqueConstraint("project_id", "short_id"),
    sqlite_autoincrement=True,
)

dashboards = Table(
    "dashboards",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("name", Text, nullable=True),
    Column("description", Text, nullable=False, default=""),
    Column("pinned", Boolean, nullable=False, default=False),
    Column("deleted", Boolean, nullable=False, default=False),
    Column("creation_mode", String(20), nullable=False, default="default"),
    Column("filters", JSON, nullable=False),
    Column("variables", JSON, nullable=False),
    Column("breakdown_colors", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    _author(),
    _time("created_at"),
    _time("updated_at"),
    _time("last_viewed_at", nullable=True),
    sqlite_autoincrement=True,
)

dashboard_tiles = Table(
    "dashboard_tiles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dashboard_id", Integer, ForeignKey("dashboards.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("insight_id", Integer, ForeignKey("insights.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("text_body", Text, nullable=True),  # of a text tile; such a tile has no insight
    Column("layouts", JSON, nullable=False),  # {"sm": {x, y, w, h}, "xs": …}
    Column("color", String(40), nullable=True),
    Column("filters_overrides", JSON, nullable=False),
    Column("show_description", Boolean, nullable=True),
    Column("position", Float, nullable=False),
    Column("deleted", Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,
)

shared_links = Table(
    "shared_links",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("dashboard_id", Integer, ForeignKey("dashboards.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("insight_id", Integer, ForeignKey("insights.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("access_token", String(64), nullable=False, unique=True),
    Column("enabled", Boolean, nullable=False),
    Column("settings", JSON, nullable=False),
    _time("created_at"),
    sqlite_autoincrement=True,
)

annotations = Table(
    "annotations",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("content", Text, nullable=True),
    _time("date_marker", nullable=True),
    Column("creation_type", String(3), nullable=False, default="USR"),  # USR or GIT
    Column("scope", String(24), nullable=False),
    Column("insight_id", Integer, ForeignKey("insights.id", ondelete="SET NULL"), nullable=True),
    Column("dashboard_id", Integer, ForeignKey("dashboards.id", ondelete="SET NULL"), nullable=True),
    Column("deleted", Boolean, nullable=False, default=False),
    _author(),
    _time("created_at"),
    _time("updated_at"),
    sqlite_autoincrement=True,
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("name", Text, nullable=True),
    Column("description", Text, nullable=False, default=""),
    Column("steps", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("deleted", Boolean, nullable=False, default=False),
    _time("pinned_at", nullable=True),
    _author(),
    _time("created_at"),
    _time("updated_at"),
    sqlite_autoincrement=True,
)

insight_variables = Table(
    "insight_variables",
    metadata,
    Column("id", String(36), primary_key=True),
    _project(),
    Column("name", Text, nullable=False),
    Column("code_name", String(400), nullable=False),  # as SQL writes it: {variables.code_name}
    Column("type", String(16), nullable=False),  # String, Number, Boolean, List, Date
    Column("default_value", JSON, nullable=True),
    Column("choices", JSON, nullable=True),  # of a List
    _author(),
    _time("created_at"),
    UniqueConstraint("project_id", "code_name"),
)

cohorts = Table(
    "cohorts",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("name", Text, nullable=True),
    Column("description", Text, nullable=False, default=""),
    Column("filters", JSON, nullable=True),
    Column("query", JSON, nullable=True),
    Column("is_static", Boolean, nullable=False, default=False),
    Column("deleted", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=True),  # of the members that queries read; none: never calculated
    Column("count", BigInteger, nullable=True),
    Column("is_calculating", Boolean, nullable=False, default=False),
    Column("errors_calculating", Integer, nullable=False, default=0),
    Column("last_error_message", Text, nullable=True),
    _time("last_calculation", nullable=True),
    _author(),
    _time("created_at"),
    _time("updated_at"),
    sqlite_autoincrement=True,
)

activity_log = Table(
    "activity_log",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    _author("user_id"),
    Column("scope", String(40), nullable=False),  # PostHog's word for what was changed: Insight, Dashboard, …
    Column("item_id", String(72), nullable=False),
    Column("activity", String(24), nullable=False),  # created, updated, deleted, restored
    Column("detail", JSON, nullable=False),  # {name, short_id, changes: [{field, before, after}]}
    _time("created_at"),
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    _project(),
    Column("insight_id", Integer, ForeignKey("insights.id", ondelete="CASCADE"), nullable=True),
    Column("dashboard_id", Integer, ForeignKey("dashboards.id", ondelete="CASCADE"), nullable=True),
    Column("export_insights", JSON, nullable=False),  # ids of those of a dashboard that are sent
    Column("title", String(100), nullable=True),
    Column("target_type", String(10), nullable=False),  # email, slack, webhook
    Column("target_value", Text, nullable=False),
    Column("frequency", String(10), nullable=False),  # daily, weekly, monthly, yearly
    Column("interval", Integer, nullable=False),
    Column("byweekday", JSON, nullable=True),
    Column("bysetpos", Integer, nullable=True),
    Column("count", Integer, nullable=True),
    _time("start_date"),
    _time("until_date", nullable=True),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("deleted", Boolean, nullable=False, default=False),
    _author(),
    _time("created_at"),
    _time("updated_at"),
    sqlite_autoincrement=True,
)

Index("ix_invitations_organization_id", invitations.c.organization_id)
