"""What capture did, as numbers: for Prometheus, and as reports of refused events for the table of drops."""

from bisect import bisect_left
from collections import Counter

from leanbase.model.report import RefusedCount

# Seconds; an append waits for the disk, so the buckets span a fast SSD to a disk in trouble.
_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
# Projects and reasons are few; the bound keeps a bug from filling the memory.
_MOST_REFUSED = 10_000


class Counters:
    """Counts of one process since its start. For one thread."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()  # by family and status
        self.refused: Counter[str] = Counter()  # by reason
        self.events = 0
        self.body_bytes = 0
        self._unreported: Counter[tuple[int, str]] = Counter()
        self._append_buckets = [0] * (len(_BUCKETS) + 1)
        self._append_seconds = 0.0

    def refuse(self, project_id: int, reason: str, count: int = 1) -> None:
        """Count refused events (or a request whose events could not be counted)."""
        self.refused[reason] += count
        key = (project_id, reason)
        if key in self._unreported or len(self._unreported) < _MOST_REFUSED:
            self._unreported[key] += count

    def observe_append(self, seconds: float) -> None:
        """Count how long a record took to be durable."""
        self._append_buckets[bisect_left(_BUCKETS, seconds)] += 1
        self._append_seconds += seconds

    def take_refused(self) -> list[RefusedCount]:
        """What was refused since the last call."""
        taken = [RefusedCount(project, reason, count) for (project, reason), count in self._unreported.items()]
        self._unreported.clear()
        return taken

    def give_back(self, counts: list[RefusedCount]) -> None:
        """Put counts back that could not be reported."""
        for count in counts:
            self._unreported[count.project_id, count.reason] += count.count

    def text(self, backlog_bytes: int) -> str:
        """Prometheus text."""
        lines = ["# TYPE leanbase_capture_requests_total counter"]
        for (family, status), count in sorted(self.requests.items()):
            lines.append(f'leanbase_capture_requests_total{{route="{family}",status="{status}"}} {count}')
        lines.append("# TYPE leanbase_capture_events_accepted_total counter")
        lines.append(f"leanbase_capture_events_accepted_total {self.events}")
        lines.append("# TYPE leanbase_capture_events_refused_total counter")
        for reason, count in sorted(self.refused.items()):
            lines.append(f'leanbase_capture_events_refused_total{{reason="{reason}"}} {count}')
        lines.append("# TYPE leanbase_capture_body_bytes_total counter")
        lines.append(f"leanbase_capture_body_bytes_total {self.body_bytes}")
        lines.append("# TYPE leanbase_log_append_seconds histogram")
        total = 0
        for bound, count in zip((*map(str, _BUCKETS), "+Inf"), self._append_buckets, strict=True):
            total += count
            lines.append(f'leanbase_log_append_seconds_bucket{{le="{bound}"}} {total}')
        lines.append(f"leanbase_log_append_seconds_sum {self._append_seconds:.6f}")
        lines.append(f"leanbase_log_append_seconds_count {total}")
        lines.append("# TYPE leanbase_log_backlog_bytes gauge")
        lines.append(f"leanbase_log_backlog_bytes {backlog_bytes}")
        return "\n".join(lines) + "\n"
