"""Answers about what people have saved: insights, dashboards, annotations, actions, cohorts, definitions."""

from typing import Any

from leanbase.api.documented.accounts import UserInShort
from leanbase.api.documented.answer import Answer


class Insight(Answer):
    """A saved insight; ``query`` is the question as it was saved."""

    id: int
    short_id: str
    name: str | None
    derived_name: str | None
    description: str
    query: dict[str, Any] | None
    dashboards: list[int]
    tags: list[str]
    favorited: bool
    saved: bool
    deleted: bool
    created_at: str
    created_by: UserInShort | None
    last_modified_at: str
    last_modified_by: UserInShort | None


class Text(Answer):
    body: str


class Tile(Answer):
    """Either an insight or a text, and where it is by screen size."""

    id: int
    layouts: dict[str, Any]
    color: str | None
    insight: Insight | None
    text: Text | None


class DashboardInShort(Answer):
    id: int
    name: str | None
    description: str
    pinned: bool
    deleted: bool
    tags: list[str]
    filters: dict[str, Any]
    is_shared: bool
    created_at: str
    created_by: UserInShort | None
    last_accessed_at: str | None


class Dashboard(DashboardInShort):
    tiles: list[Tile] | None


class Annotation(Answer):
    """A note at a moment; ``dashboard_item`` is the id of an insight."""

    id: int
    content: str | None
    date_marker: str | None
    scope: str
    dashboard_item: int | None
    dashboard_id: int | None
    created_by: UserInShort | None
    created_at: str
    updated_at: str
    deleted: bool


class ActionStep(Answer):
    event: str | None = None
    selector: str | None = None
    tag_name: str | None = None
    text: str | None = None
    text_matching: str | None = None
    href: str | None = None
    href_matching: str | None = None
    url: str | None = None
    url_matching: str | None = None
    properties: list[dict[str, Any]] | None = None


class ToolbarAddress(Answer):
    """The address that opens a page with the toolbar, once, until ``expires_at``."""

    url: str
    expires_at: str


class Action(Answer):
    id: int
    name: str | None
    description: str
    steps: list[ActionStep]
    tags: list[str]
    deleted: bool
    created_at: str
    created_by: UserInShort | None


class Cohort(Answer):
    """``count`` is null until the cohort has been calculated."""

    id: int
    name: str | None
    description: str
    filters: dict[str, Any] | None
    is_static: bool
    is_calculating: bool
    errors_calculating: int
    last_error_message: str | None
    last_calculation: str | None
    count: int | None
    deleted: bool
    created_at: str
    created_by: UserInShort | None


class EventDefinition(Answer):
    """``volume`` is the number of events under this name."""

    id: str
    name: str
    description: str
    tags: list[str]
    created_at: str
    last_seen_at: str
    volume: int | None
    verified: bool
    hidden: bool


class PropertyDefinition(Answer):
    id: str
    name: str
    description: str
    tags: list[str]
    type: str
    group_type_index: int | None
    property_type: str | None
    last_seen_at: str
    verified: bool
    hidden: bool


class Value(Answer):
    """A value of a property that was seen."""

    name: Any
