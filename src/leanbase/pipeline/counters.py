"""What the pipeline did, as numbers for Prometheus and the health page."""

import threading
import time
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TurnReport:
    """One turn: how much it took and gave. ``entries`` 0 means there was nothing to do."""

    entries: int = 0
    events: int = 0
    stored: int = 0
    seconds: float = 0.0
    failed: str = ""


class PipelineCounters:
    """Written by the pipeline's thread, read by any."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.turns = 0
        self.failed_turns = 0
        self.events = 0
        self.stored = 0
        self.dead_letters = 0
        self.recordings = 0
        self.dropped: Counter[str] = Counter()
        self.turn_seconds = 0.0
        self.last_turn_seconds = 0.0
        self.last_error = ""
        self.position = 0
        self.head = 0
        self._received_at = 0
        self._started = time.time_ns() // 1000
        self._recent: list[tuple[float, int]] = []

    def turn(self, report: TurnReport, received_at: int) -> None:
        """Count a turn that is stored. ``received_at``: when its newest record came (microseconds)."""
        with self._guard:
            self.turns += 1
            self.events += report.events
            self.stored += report.stored
            self.turn_seconds += report.seconds
            self.last_turn_seconds = report.seconds
            self.last_error = ""
            self._received_at = max(self._received_at, received_at)
            now = time.monotonic()
            self._recent.append((now, report.stored))
            self._recent = [(at, count) for at, count in self._recent if at > now - 60]

    def failure(self, message: str) -> None:
        """Count a turn that was undone and will be repeated."""
        with self._guard:
            self.failed_turns += 1
            self.last_error = message

    def events_per_second(self) -> float:
        """Events stored a second, over the last minute."""
        with self._guard:
            now = time.monotonic()
            return sum(count for at, count in self._recent if at > now - 60) / 60

    def backlog_bytes(self) -> int:
        """Bytes in the log that are not processed."""
        return max(0, self.head - self.position)

    def lag_seconds(self) -> float:
        """An upper bound of how long the oldest unprocessed record has waited; 0 when none waits."""
        if self.head <= self.position:
            return 0.0
        since = self._received_at or self._started
        return max(0.0, (time.time_ns() // 1000 - since) / 1_000_000)

    def text(self) -> str:
        """Prometheus text."""
        values: list[tuple[str, str, float]] = [
            ("turns_total", "counter", self.turns),
            ("failed_turns_total", "counter", self.failed_turns),
            ("events_total", "counter", self.events),
            ("events_stored_total", "counter", self.stored),
            ("dead_letters_total", "counter", self.dead_letters),
            ("recordings_total", "counter", self.recordings),
            ("turn_seconds_total", "counter", self.turn_seconds),
            ("events_per_second", "gauge", self.events_per_second()),
            ("lag_seconds", "gauge", self.lag_seconds()),
            ("backlog_bytes", "gauge", self.backlog_bytes()),
        ]
        lines: list[str] = []
        for name, kind, value in values:
            lines += [f"# TYPE leanbase_pipeline_{name} {kind}", f"leanbase_pipeline_{name} {value:g}"]
        lines.append("# TYPE leanbase_pipeline_events_dropped_total counter")
        with self._guard:
            dropped = sorted(self.dropped.items())
        lines += [f'leanbase_pipeline_events_dropped_total{{reason="{reason}"}} {count}' for reason, count in dropped]
        return "\n".join(lines) + "\n"
