"""What a project can be told: one table of names, defaults and rules, for creation, PATCH and echo alike.

Names are PostHog's. A value is stored only when somebody chose it; every reader sees the default otherwise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

import msgspec

from leanbase.model.project import Project


class SettingProblem(ValueError):
    """A value that a setting cannot take. ``name`` is the setting; the message says what it can take."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


Check = Callable[[Any], str | None]  # the complaint about a value, or None


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: the default, and what is wrong with a value."""

    default: Any
    check: Check


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "Must be true or false."


def _maybe(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _whole(lowest: int, highest: int) -> Check:
    def check(value: Any) -> str | None:
        good = isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
        return None if good else f"Must be a whole number from {lowest} to {highest}."

    return check


def _one_of(*choices: Any) -> Check:
    shown = ", ".join(repr(choice) for choice in choices)
    return lambda value: (
        None if any(value == c and type(value) is type(c) for c in choices) else f"Must be one of {shown}."
    )


def _timezone(value: Any) -> str | None:
    if isinstance(value, str) and value in available_timezones():
        return None
    return f"{value!r} is no time zone. Use an IANA name such as Europe/Berlin."


def _texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if good else "Must be a list of texts."


def _objects(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return None if good else "Must be a list of objects."


def _object(value: Any) -> str | None:
    return None if isinstance(value, dict) else "Must be an object."


def _filters(value: Any) -> str | None:
    if (complaint := _objects(value)) is not None:
        return complaint
    for number, item in enumerate(value):
        if "key" not in item and item.get("type") not in {"AND", "OR"}:
            return f"Filter {number} has no key. A filter is an object {{key, value, operator, type}}."
    return None


def _sample_rate(value: Any) -> str | None:
    try:
        rate = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else -1.0
    except ValueError:
        rate = -1.0
    return None if 0 <= rate <= 1 else 'Must be a number from 0 to 1, as text ("0.25").'


YEARS_10 = 3650 * 86400
MERGE_LIMIT_MAX = 1_000_000_000
MAX_RETENTION_DAYS = 3650
MIN_RETENTION_BYTES, MAX_RETENTION_BYTES = 1 << 20, 1 << 50

SETTINGS: Mapping[str, Setting] = {
    "timezone": Setting("UTC", _timezone),
    "week_start_day": Setting(0, _maybe(_one_of(0, 1))),
    "test_account_filters": Setting([], _filters),
    "test_account_filters_default_checked": Setting(None, _maybe(_flag)),
    "anonymize_ips": Setting(False, _flag),
    "person_processing_opt_out": Setting(False, _maybe(_flag)),
    "flag_called_personless_default": Setting(False, _flag),
    "merge_move_distinct_id_limit": Setting(0, _maybe(_whole(0, MERGE_LIMIT_MAX))),
    "property_matching_version": Setting(1, _one_of(1, 2)),
    "person_properties_update_all": Setting(False, _flag),
    "event_buffer_seconds": Setting(0, _whole(0, 3600)),
    "drop_events_older_than_seconds": Setting(None, _maybe(_whole(3600, YEARS_10))),
    "event_retention_days": Setting(None, _maybe(_whole(1, MAX_RETENTION_DAYS))),
    "event_retention_bytes": Setting(None, _maybe(_whole(MIN_RETENTION_BYTES, MAX_RETENTION_BYTES))),
    "app_urls": Setting([], _texts),
    "recording_domains": Setting([], _maybe(_texts)),
    "data_attributes": Setting(["data-attr"], _texts),
    "person_display_name_properties": Setting(None, _maybe(_texts)),
    "path_cleaning_filters": Setting([], _maybe(_objects)),
    "correlation_config": Setting({}, _maybe(_object)),
    "modifiers": Setting(None, _maybe(_object)),
    "live_events_columns": Setting(None, _maybe(_texts)),
    "primary_dashboard": Setting(None, _maybe(_whole(1, 2**53))),
    "extra_settings": Setting(None, _maybe(_object)),
    # What remote config tells the SDKs.
    "autocapture_opt_out": Setting(False, _maybe(_flag)),
    "autocapture_exceptions_opt_in": Setting(False, _maybe(_flag)),
    "autocapture_exceptions_errors_to_ignore": Setting(None, _maybe(_texts)),
    "autocapture_web_vitals_opt_in": Setting(True, _maybe(_flag)),
    "autocapture_web_vitals_allowed_metrics": Setting(None, _maybe(_texts)),
    "capture_performance_opt_in": Setting(True, _maybe(_flag)),
    "capture_console_log_opt_in": Setting(True, _maybe(_flag)),
    "capture_dead_clicks": Setting(False, _maybe(_flag)),
    "heatmaps_opt_in": Setting(True, _maybe(_flag)),
    "surveys_opt_in": Setting(False, _maybe(_flag)),
    "session_recording_opt_in": Setting(False, _flag),
    "session_recording_sample_rate": Setting(None, _maybe(_sample_rate)),
    "session_recording_minimum_duration_milliseconds": Setting(None, _maybe(_whole(0, 30_000))),
    "session_recording_linked_flag": Setting(None, _maybe(_object)),
    "session_recording_network_payload_capture_config": Setting(None, _maybe(_object)),
    "session_recording_masking_config": Setting(None, _maybe(_object)),
    "session_recording_url_trigger_config": Setting([], _maybe(_objects)),
    "session_recording_url_blocklist_config": Setting([], _maybe(_objects)),
    "session_recording_event_trigger_config": Setting([], _maybe(_texts)),
    "session_recording_trigger_match_type_config": Setting(None, _maybe(_one_of("any", "all"))),
    "session_replay_config": Setting(None, _maybe(_object)),
    "session_recording_retention_period": Setting("30d", _one_of("30d", "90d", "1y", "5y")),
    "minimal_flag_called_events": Setting(False, _flag),
}

MAX_SETTING_BYTES = 64 * 1024  # of one value; test account filters of real projects stay below 4 kB
_PROJECT_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Project)) - {"settings"}


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings among ``given``; names that are none are left out, as PostHog does.

    Raises :class:`SettingProblem` for the first value that a setting cannot take.
    """
    accepted: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        if name not in given:
            continue
        value = given[name]
        complaint = setting.check(value)
        if complaint is None and len(msgspec.json.encode(value)) > MAX_SETTING_BYTES:
            complaint = f"Too long: at most {MAX_SETTING_BYTES} bytes as JSON."
        if complaint is not None:
            raise SettingProblem(name, complaint)
        accepted[name] = value
    return accepted


def effective(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting with the value that holds."""
    return {name: chosen.get(name, setting.default) for name, setting in SETTINGS.items()}


def as_project(project_id: int, api_token: str, name: str, chosen: Mapping[str, Any]) -> Project:
    """The project as the stages know it. A null, which clients may store, means the default."""
    values = effective(chosen)
    known = {
        key: value if value is not None else SETTINGS[key].default
        for key, value in values.items()
        if key in _PROJECT_FIELDS
    }
    known["test_account_filters"] = tuple(known["test_account_filters"])
    rest = {key: value for key, value in values.items() if key not in _PROJECT_FIELDS}
    return Project(id=project_id, api_token=api_token, name=name, settings=rest, **known)
