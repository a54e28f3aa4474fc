"""The limits of the wire, and how they were chosen: PostHog's own, so that an SDK meets the same edges here."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    v0_body: int = 20 * MIB
    v0_text: int = 100 * MIB  # decompressed
    replay_body: int = 25 * MIB
    replay_text: int = 100 * MIB
    v1_body: int = 10 * MIB
    v1_text: int = 50 * MIB
    event: int = 1_000_000
    ai_event: int = 8 * MIB
    ai_multipart_body: int = 25 * MIB * 11 // 10
    otlp_body: int = 20 * MIB
    body_pause: float = 30.0  # longest wait for the next part of a body
    in_thread: int = 256 << 10  # bodies from this size on are decoded beside the event loop


MAX_TOKEN = 64
MAX_SESSION_ID = 70
AI_EVENTS = frozenset(("$ai_generation", "$ai_trace", "$ai_span", "$ai_embedding", "$ai_metric", "$ai_feedback"))
