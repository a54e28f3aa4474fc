"""A project as every stage needs to know it: its token and the settings that change what events and queries mean."""

from typing import Any

import msgspec


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """One project. ``id`` is the team id inside person uuids (PostHog's rule), ``project_id`` in every row."""

    id: int
    api_token: str
    name: str = ""
    timezone: str = "UTC"
    week_start_day: int = 0  # 0 Sunday, 1 Monday
    test_account_filters: tuple[dict[str, Any], ...] = ()
    anonymize_ips: bool = False
    person_processing_opt_out: bool = False
    flag_called_personless_default: bool = False
    merge_move_distinct_id_limit: int = 0  # 0: no limit
    person_properties_update_all: bool = False
    property_matching_version: int = 1
    event_buffer_seconds: int = 0
    settings: dict[str, Any] = msgspec.field(default_factory=dict)  # everything else the API echoes
