"""What a project tells its SDKs: remote config, made of the project's settings.

A missing key means "leave it as it was" to posthog-js, so every key is always sent. ``supportedCompression`` must
name gzip-js, else events come as uncompressed JSON that browsers preflight; ``autocapture_opt_out`` must be a
boolean, else new visitors are not captured.
"""

from typing import Any

from leanbase.model.project import Project


def remote_config(project: Project) -> dict[str, Any]:
    """The object behind ``/array/<token>/config``."""
    chosen = project.settings
    exceptions = bool(chosen["autocapture_exceptions_opt_in"])
    vitals = bool(chosen["autocapture_web_vitals_opt_in"])
    performance = bool(chosen["capture_performance_opt_in"])
    return {
        "token": project.api_token,
        "supportedCompression": ["gzip", "gzip-js"],
        "hasFeatureFlags": True,
        "captureDeadClicks": bool(chosen["capture_dead_clicks"]),
        "capturePerformance": {
            "network_timing": performance,
            "web_vitals": vitals,
            "web_vitals_allowed_metrics": chosen["autocapture_web_vitals_allowed_metrics"],
        }
        if performance or vitals
        else False,
        "autocapture_opt_out": bool(chosen["autocapture_opt_out"]),
        "autocaptureExceptions": exceptions,
        "analytics": {"endpoint": "/i/v0/e/"},
        "elementsChainAsString": True,
        "errorTracking": {"autocaptureExceptions": exceptions, "suppressionRules": []},
        "logs": {"captureConsoleLogs": False},
        "sessionRecording": _recording(chosen) if chosen["session_recording_opt_in"] else False,
        "heatmaps": bool(chosen["heatmaps_opt_in"]),
        "surveys": bool(chosen["surveys_opt_in"]),
        "productTours": False,
        "conversations": False,
        "defaultIdentifiedOnly": True,
        "siteApps": [],
        "isAuthenticated": False,
        "toolbarParams": {},
    }


def _recording(chosen: dict[str, Any]) -> dict[str, Any]:
    """How to record sessions. A sample rate of 1 is sent as null: everything."""
    linked = chosen["session_recording_linked_flag"]
    if isinstance(linked, dict) and "variant" not in linked:
        linked = linked.get("key")
    elif isinstance(linked, dict):
        linked = {"flag": linked.get("key"), "variant": linked["variant"]}
    rate = chosen["session_recording_sample_rate"]
    return {
        "endpoint": "/s/",
        "consoleLogRecordingEnabled": bool(chosen["capture_console_log_opt_in"]),
        "recorderVersion": "v2",
        "sampleRate": None if rate is None or float(rate) >= 1 else str(rate),
        "minimumDurationMilliseconds": chosen["session_recording_minimum_duration_milliseconds"] or None,
        "linkedFlag": linked,
        "networkPayloadCapture": chosen["session_recording_network_payload_capture_config"],
        "masking": chosen["session_recording_masking_config"],
        "urlTriggers": chosen["session_recording_url_trigger_config"] or [],
        "urlBlocklist": chosen["session_recording_url_blocklist_config"] or [],
        "eventTriggers": chosen["session_recording_event_trigger_config"] or [],
        "triggerMatchType": chosen["session_recording_trigger_match_type_config"],
        "scriptConfig": {"script": "posthog-recorder"},
        "domains": [],
        "recordCanvas": bool((chosen["session_replay_config"] or {}).get("record_canvas")),
        "canvasFps": None,
        "canvasQuality": None,
        "version": 1,
    }
