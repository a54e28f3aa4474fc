"""Why capture refuses events: the closed list behind the counts in the table of drops and in the metrics.

On v1 the words are those of the protocol. The same table makes the page in the reference.
"""

REASONS: dict[str, str] = {
    # Whole requests.
    "empty_body": "The request had neither a body nor a query parameter data.",
    "undecodable_body": "The body is packed in a form that cannot be read: damaged gzip, base64, form and so on.",
    "malformed_json": "The unpacked body is no JSON, or a member has a type that cannot be used.",
    "body_too_large": "The body is larger than its path allows, as sent or when decompressed.",
    "no_events": "The list of events is empty.",
    "missing_token": "No project API key in the body.",
    "differing_tokens": "Events of one request name different project API keys.",
    "invalid_token": "The project API key is malformed, or no project has it.",
    "not_an_ai_event": "An event that is no AI event came to a path for AI events.",
    "invalid_cookieless_mode": "$cookieless_mode is something else than a boolean.",
    "missing_snapshot_data": "A recording without $snapshot_data.",
    "missing_session_id": "A recording without $session_id.",
    "invalid_session_id": "A recording whose $session_id is no short text of letters, digits and hyphens.",
    "telemetry_not_kept": "A request of OpenTelemetry (logs, traces, metrics), which is answered but not kept.",
    # Single events on v1; on v0 they refuse the request.
    "missing_event_name": "An event without a name.",
    "missing_distinct_id": "An event without a distinct_id.",
    "malformed_event_properties": "Properties that are no JSON object.",
    "event_too_big": "An event larger than 1 MB (8 MiB on v0 paths for AI events).",
    "dropped_performance_event": "$performance_event is no longer kept.",
    # v1 alone.
    "event_name_too_long": "An event name of more than 200 bytes on v1.",
    "distinct_id_too_large": "A distinct_id of more than 200 bytes on v1.",
    "invalid_event_timestamp": "A timestamp that is no RFC 3339 time on v1.",
    "invalid_options": "Options with a value that means nothing.",
    "cookieless_mode_required": "The distinct_id of cookieless tracking without its option.",
    "ai_event_too_big": "An AI event larger than 8 MiB on v1.",
    "rejected": "An event that is no AI event on the v1 path for AI events.",
    "missing_required_headers": "A v1 request without one of the headers that the protocol demands.",
    "invalid_header_value": "A v1 request with a header that cannot be read.",
    "invalid_api_token": "A v1 request whose project API key is malformed, or no project has it.",
    "unsupported_content_type": "A v1 request whose Content-Type is not application/json.",
    "unsupported_encoding": "A v1 request in an unknown Content-Encoding.",
    "request_decoding_error": "A v1 body that cannot be decompressed.",
    "request_parsing_error": "A v1 body that is no JSON, or lacks a member that every event needs.",
    "payload_too_large": "A v1 body larger than 10 MiB, or 50 MiB when decompressed.",
    "empty_batch": "A v1 batch without events.",
    "invalid_batch": "A v1 batch whose created_at cannot be read.",
    "missing_event_uuid": "A v1 batch with an event whose uuid is empty.",
    "invalid_event_uuid": "A v1 batch with an event whose uuid is none.",
    "duplicate_event_uuid": "A v1 batch that names one uuid twice.",
}
