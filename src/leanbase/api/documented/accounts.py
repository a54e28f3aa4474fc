"""Answers about users, organizations, projects and keys, as the OpenAPI document promises them."""

from typing import Any, Literal

from leanbase.api.documented.answer import Answer


class UserInShort(Answer):
    """A user as ``created_by`` and the like show them."""

    id: int
    uuid: str
    first_name: str
    last_name: str
    email: str


class OrganizationInShort(Answer):
    id: str
    name: str
    membership_level: int


class ProjectInShort(Answer):
    """A project as lists show it."""

    id: int
    name: str
    api_token: str
    organization: str
    timezone: str


class Project(ProjectInShort):
    """A project with its settings; there are more settings than are named here."""

    created_at: str
    week_start_day: int | None
    test_account_filters: list[dict[str, Any]]
    anonymize_ips: bool
    person_processing_opt_out: bool | None
    event_buffer_seconds: int
    event_retention_days: int | None
    event_retention_bytes: int | None
    app_urls: list[str]
    data_attributes: list[str]
    person_display_name_properties: list[str] | None
    path_cleaning_filters: list[dict[str, Any]] | None
    autocapture_opt_out: bool | None
    heatmaps_opt_in: bool | None
    session_recording_opt_in: bool
    session_recording_sample_rate: str | float | None
    autocapture_web_vitals_opt_in: bool | None
    autocapture_exceptions_opt_in: bool | None
    capture_performance_opt_in: bool | None
    capture_dead_clicks: bool | None


class Organization(Answer):
    id: str
    name: str
    membership_level: int
    member_count: int
    projects: list[ProjectInShort]


class User(UserInShort):
    """The asking user, with the organization and project they work in."""

    date_joined: str
    has_password: bool
    team: Project | None
    organization: Organization | None
    organizations: list[OrganizationInShort]


class Member(Answer):
    """``level`` is 1 for a member, 8 for an admin, 15 for an owner; ``id`` is the user's uuid."""

    id: str
    user: UserInShort
    level: int
    joined_at: str


class Invite(Answer):
    """``link`` is there only in the answer that made the invitation."""

    id: str
    target_email: str
    level: int
    created_by: UserInShort | None
    created_at: str
    expires_at: str
    link: str | None = None


class Invitation(Answer):
    """What a link invites to."""

    target_email: str
    organization_name: str
    level: int
    has_account: bool


class Session(Answer):
    id: str
    user_agent: str
    created_at: str
    last_seen_at: str
    current: bool


class PersonalKey(Answer):
    """``value`` is there only in the answer that made or rolled the key."""

    id: str
    label: str
    value: str | None
    mask_value: str
    created_at: str | None
    last_used_at: str | None
    last_rolled_at: str | None
    scopes: list[str]
    scoped_teams: list[int]
    scoped_organizations: list[str]


class Done(Answer):
    success: bool


class Demo(Answer):
    """How far the demo project is; without one only ``status`` and ``project_id`` are there."""

    status: Literal["none", "sending", "storing", "done", "failed"]
    project_id: int | None
    days: int | None = None
    days_sent: int | None = None
    events_sent: int | None = None
    events_stored: int | None = None
    problem: str | None = None
