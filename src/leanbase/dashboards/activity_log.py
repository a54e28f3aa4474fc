"""Who changed what, and when: one log of insights, dashboards, annotations, actions, cohorts and definitions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, func, insert, select

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import activity_log as log
from leanbase.model.instants import now_us

CREATED, UPDATED, DELETED, RESTORED = "created", "updated", "deleted", "restored"

# The words of PostHog for what may change, and which of its fields are worth a line.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "Insight": ("name", "description", "query", "tags", "favorited", "saved"),
    "Dashboard": ("name", "description", "pinned", "filters", "variables", "breakdown_colors", "tags"),
    "Annotation": ("content", "date_marker", "scope", "insight_id", "dashboard_id"),
    "Action": ("name", "description", "steps", "tags", "pinned_at"),
    "Cohort": ("name", "description", "filters", "query", "is_static"),
    "EventDefinition": ("description", "verified", "hidden", "tags"),
    "PropertyDefinition": ("description", "property_type", "verified", "hidden", "tags"),
    "Subscription": (
        "title", "target_type", "target_value", "frequency", "interval", "byweekday", "bysetpos", "count",
        "start_date", "until_date", "enabled",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line. ``user_id`` is None for what the server did by itself; ``created_at`` is microseconds."""

    id: int
    project_id: int
    user_id: int | None
    scope: str
    item_id: str
    activity: str
    detail: dict[str, Any]
    created_at: int


@dataclass(frozen=True, kw_only=True)
class EntryWishes:
    """Which lines to list; None and empty mean no wish. Times are microseconds."""

    scopes: Collection[str] = ()
    item_ids: Collection[str] = ()
    activities: Collection[str] = ()
    users: Collection[int] | None = None
    after: int | None = None
    before: int | None = None
    oldest_first: bool = False


def changes(scope: str, before: Any, after: Any) -> list[dict[str, Any]]:
    """The fields that differ between two states of a thing, of which one may be None."""
    found: list[dict[str, Any]] = []
    for name in FIELDS[scope]:
        old, new = (None if state is None else getattr(state, name, None) for state in (before, after))
        if old == new or (before is None and new in (None, "", [], {}, False)):
            continue
        action = "created" if old is None else "deleted" if new is None else "changed"
        found.append({"type": scope, "action": action, "field": name, "before": old, "after": new})
    return found


def activity_of(before: Any, after: Any) -> str:
    """What happened between two states of a thing."""
    if before is None:
        return CREATED
    was, is_ = getattr(before, "deleted", False), after is None or getattr(after, "deleted", False)
    if is_ and not was:
        return DELETED
    return RESTORED if was and not is_ else UPDATED


class ActivityLog:
    """The log of all projects. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def note(self, project_id: int, user_id: int | None, scope: str, before: Any, after: Any) -> None:
        """Remember what a user did to a thing, given its state before (None: it is new) and after (None: it is gone).

        A change that changed nothing is not remembered.
        """
        thing = before if after is None else after
        activity, changed = activity_of(before, after), changes(scope, before, after)
        if activity == UPDATED and not changed:
            return
        detail = {
            "name": getattr(thing, "name", None) or getattr(thing, "title", None) or getattr(thing, "content", None),
            "short_id": getattr(thing, "short_id", None),
            "type": None,
            "trigger": None,
            "changes": [] if activity == DELETED else changed,
        }
        row = {
            "project_id": project_id, "user_id": user_id, "scope": scope, "item_id": str(thing.id),
            "activity": activity, "detail": detail, "created_at": now_us(),
        }  # fmt: skip
        with self._appdb.write() as connection:
            connection.execute(insert(log).values(**row))

    def page(self, project_id: int, wishes: EntryWishes, limit: int, offset: int) -> tuple[list[Entry], int]:
        """A page of lines, the newest first unless wished otherwise, and how many there are."""
        wanted = [log.c.project_id == project_id]
        if wishes.scopes:
            wanted.append(log.c.scope.in_(wishes.scopes))
        if wishes.item_ids:
            wanted.append(log.c.item_id.in_(wishes.item_ids))
        if wishes.activities:
            wanted.append(log.c.activity.in_(wishes.activities))
        if wishes.users is not None:
            wanted.append(log.c.user_id.in_(wishes.users))
        if wishes.after is not None:
            wanted.append(log.c.created_at >= wishes.after)
        if wishes.before is not None:
            wanted.append(log.c.created_at <= wishes.before)
        where = and_(*wanted)
        order = log.c.id.asc() if wishes.oldest_first else log.c.id.desc()
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(log).where(where)).scalar_one()
            rows = connection.execute(select(log).where(where).order_by(order).limit(limit).offset(offset))
            return [_entry(row) for row in rows.mappings()], int(total)

    def kinds(self, project_id: int) -> tuple[Sequence[str], Sequence[str], Sequence[int]]:
        """The scopes, activities and users that the log of a project has."""
        found: list[list[Any]] = []
        with self._appdb.read() as connection:
            for column in (log.c.scope, log.c.activity, log.c.user_id):
                values = select(column).where(log.c.project_id == project_id, column.is_not(None)).distinct()
                found.append([row[0] for row in connection.execute(values.order_by(column))])
        return found[0], found[1], found[2]


def _entry(row: RowMapping) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
