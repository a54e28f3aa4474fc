"""Why accepted events become no rows: the closed list, and what it means for whoever sees the count."""

DROP_REASONS: dict[str, str] = {
    "repeated_uuid": "The uuid was processed before (within `dedup_hours`): a retry of an SDK. Nothing is lost.",
    "missing_event_name": "The event has no name.",
    "missing_distinct_id": "The event names nobody: no `distinct_id`, at the top or in its properties.",
    "performance_event": "`$performance_event` belongs to an old form of session recordings; PostHog drops it too.",
    "snapshot_on_event_path": "`$snapshot` came by an event path; recordings are sent to `/s/`.",
    "client_ingestion_warning": "The SDK reported a problem of its own; it is among the ingestion warnings.",
    "kept_as_heatmap": "A `$$heatmap` event: stored in the table `heatmaps`, not counted as an event.",
    "unknown_project": "The project was deleted after the event was accepted.",
    "cookieless_incomplete": "A cookieless event lacks address, host, user agent or time zone: its visitor is unknown.",
    "cookieless_out_of_range": "A cookieless event of a day whose secret is destroyed or not yet made.",
    "invalid_event_when_process_person_profile_is_false": (
        "`$identify`, `$create_alias`, `$merge_dangerously` and `$groupidentify` say nothing without a person, "
        "and the event forbids one (`$process_person_profile: false`)."
    ),
    "merge_limit_exceeded": "The merge would move more distinct ids than the project allows; see its warning.",
    "person_deleted": "The event was received before its person was deleted together with all events.",
    "retention_by_age": "Stored, and removed later: older than the days that the project keeps events (its settings).",
    "retention_by_bytes": "Stored, and removed later: the project's oldest days, beyond the bytes that it keeps.",
}
