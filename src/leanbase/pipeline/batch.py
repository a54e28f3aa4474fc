"""What a turn takes from the log: whole entries, decoded, up to a number of events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from leanbase.eventlog.contracts import Entry, LogReader
from leanbase.model.dropped import Dropped, Warning_
from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record, decode_record
from leanbase.model.report import decode_report
from leanbase.persons.usage import Recorded
from leanbase.pipeline.bookkeeping import DropCounts
from leanbase.pipeline.decode import record_events
from leanbase.pipeline.definitions import day_of
from leanbase.pipeline.recorded_sessions import session_ids
from leanbase.pipeline.turn import DeadLetter

_READ_BYTES = 1 << 20  # asked of the log at a time
_MAX_LOG_BYTES = 16 << 20  # of one turn; bodies may be compressed

ProjectLookup = Callable[[int], Project | None]


@dataclass(slots=True)
class Batch:
    """Entries from ``start`` to ``end``. ``received_at`` is that of the newest record (microseconds), 0 without one."""

    start: int
    end: int
    entries: int = 0
    received_at: int = 0
    events: list[Event] = field(default_factory=list[Event])
    recordings: list[bytes] = field(default_factory=list[bytes])
    recorded: list[Recorded] = field(default_factory=list[Recorded])  # the sessions of the recordings
    dropped: list[Dropped] = field(default_factory=list[Dropped])
    refused: DropCounts = field(default_factory=DropCounts)
    dead: list[DeadLetter] = field(default_factory=list[DeadLetter])
    warnings: list[Warning_] = field(default_factory=list[Warning_])


def read_batch(
    log: LogReader,
    start: int,
    projects: ProjectLookup,
    *,
    end: int | None = None,
    max_events: int = 20_000,
    max_entries: int | None = None,
) -> Batch:
    """The next entries from ``start``: exactly up to ``end`` where it is given, else until a limit is reached.

    At least one entry if there is one. Raises ``OSError`` when the log cannot be read.
    """
    batch = Batch(start, start)
    for entry in _entries(log, start):
        if end is not None and entry.end > end:
            break
        _take(batch, entry, projects)
        batch.end = entry.end
        batch.entries += 1
        if end is None and (
            len(batch.events) >= max_events or batch.entries == max_entries or batch.end - batch.start >= _MAX_LOG_BYTES
        ):
            break
    if end is not None:
        batch.end = end
    return batch


def set_aside(batch: Batch, log: LogReader, detail: str) -> Batch:
    """The same range with its only entry as a dead letter: for an entry that no turn can process."""
    aside = Batch(batch.start, batch.end, batch.entries, batch.received_at)
    for entry in _entries(log, batch.start):
        if entry.end > batch.end:
            break
        project_id, received_at = 0, 0
        try:
            record = decode_record(entry.payload)
            project_id, received_at = record.project_id, record.received_at
        except msgspec.MsgspecError:
            pass
        aside.dead.append(DeadLetter(project_id, received_at, "poison_record", detail, bytes(entry.payload)))
    return aside


def _entries(log: LogReader, start: int) -> Iterator[Entry]:
    position = start
    while True:
        entries = log.read(position, _READ_BYTES)
        if not entries:
            return
        yield from entries
        position = entries[-1].end


def _take(batch: Batch, entry: Entry, projects: ProjectLookup) -> None:
    try:
        record = decode_record(entry.payload)
    except msgspec.MsgspecError as problem:
        batch.dead.append(DeadLetter(0, 0, "unreadable_record", str(problem), bytes(entry.payload)))
        return
    batch.received_at = max(batch.received_at, record.received_at)
    if record.lane is Lane.REPORT:
        _take_report(batch, record)
        return
    project = projects(record.project_id)
    if project is None:
        batch.dropped.append(Dropped(record.project_id, "unknown_project"))
    elif record.lane is Lane.REPLAY:
        batch.recordings.append(bytes(entry.payload))
        batch.recorded += [(project.id, record.received_at, name) for name in sorted(session_ids(record))]
    else:
        events, dead = record_events(record, entry.start, project, batch.warnings)
        batch.events += events
        batch.dead += dead


def _take_report(batch: Batch, record: Record) -> None:
    day = day_of(record.received_at)
    try:
        for count in decode_report(record):
            batch.refused[count.project_id, day, count.reason] += count.count
    except msgspec.MsgspecError as problem:
        batch.dead.append(DeadLetter(0, record.received_at, "unreadable_report", str(problem), record.body))
