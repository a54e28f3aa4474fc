"""Subscriptions: who wants an insight or a dashboard sent where, and how often. Nothing is sent from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, func, insert, or_, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import dashboards, insights, subscriptions
from leanbase.model.instants import now_us

TARGETS = ("email", "slack", "webhook")
FREQUENCIES = ("daily", "weekly", "monthly", "yearly")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHANGEABLE = frozenset(
    {
        "insight_id", "dashboard_id", "export_insights", "title", "target_type", "target_value", "frequency",
        "interval", "byweekday", "bysetpos", "count", "start_date", "until_date", "enabled", "deleted",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Subscription:
    """One subscription. Times are microseconds since 1970 in UTC; ``export_insights`` are ids."""

    id: int
    project_id: int
    insight_id: int | None
    dashboard_id: int | None
    export_insights: list[int]
    title: str | None
    target_type: str
    target_value: str
    frequency: str
    interval: int
    byweekday: list[str] | None
    bysetpos: int | None
    count: int | None
    start_date: int
    until_date: int | None
    enabled: bool
    deleted: bool
    created_by: int | None
    created_at: int
    updated_at: int

    def summary(self) -> str:
        """The schedule in words, as PostHog says it."""
        period = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}[self.frequency]
        said = f"sent every {f'{self.interval} {period}s' if self.interval > 1 else period}"
        places = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
        if self.byweekday and self.bysetpos in places:
            day = self.byweekday[0].capitalize() if len(self.byweekday) == 1 else "day"
            said += f" on the {places[self.bysetpos]} {day}"
        return said


@dataclass(frozen=True, kw_only=True)
class SubscriptionWishes:
    """Which subscriptions to list; None and empty mean no wish."""

    insight_id: int | None = None
    dashboard_id: int | None = None
    created_by: int | None = None
    target_type: str | None = None
    resource_type: str | None = None  # insight or dashboard
    deleted: bool = False
    search: str = ""


class Subscriptions:
    """The subscriptions of all projects. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create(self, project_id: int, values: Mapping[str, Any], user_id: int | None) -> Subscription:
        moment = now_us()
        row = {
            "export_insights": [], "interval": 1, "enabled": True, "deleted": False,
            **{key: value for key, value in values.items() if key in CHANGEABLE},
            "project_id": project_id, "created_by": user_id, "created_at": moment, "updated_at": moment,
        }  # fmt: skip
        with self._appdb.write() as connection:
            made = connection.execute(insert(subscriptions).values(**row).returning(subscriptions)).mappings().one()
        return _subscription(made)

    def find(self, project_id: int, subscription_id: int) -> Subscription | None:
        """The subscription with this id; also a deleted one."""
        wanted = select(subscriptions).where(
            subscriptions.c.project_id == project_id, subscriptions.c.id == subscription_id
        )
        with self._appdb.read() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return _subscription(row) if row else None

    def page(
        self, project_id: int, wishes: SubscriptionWishes, limit: int, offset: int
    ) -> tuple[list[Subscription], int]:
        """A page of subscriptions, the newest first, and how many there are."""
        table = subscriptions.c
        wanted = [table.project_id == project_id, table.deleted.is_(wishes.deleted)]
        for column, value in (
            (table.insight_id, wishes.insight_id),
            (table.dashboard_id, wishes.dashboard_id),
            (table.created_by, wishes.created_by),
            (table.target_type, wishes.target_type),
        ):
            if value is not None:
                wanted.append(column == value)
        if wishes.resource_type is not None:
            of_kind = table.insight_id if wishes.resource_type == "insight" else table.dashboard_id
            wanted.append(of_kind.is_not(None))
        for word in wishes.search.split()[:10]:
            names = (table.title, insights.c.name, insights.c.derived_name, dashboards.c.name)
            wanted.append(or_(*(column.icontains(word, autoescape=True) for column in names)))
        joined = subscriptions.outerjoin(insights, insights.c.id == table.insight_id).outerjoin(
            dashboards, dashboards.c.id == table.dashboard_id
        )
        where = and_(*wanted)
        rows = select(subscriptions).select_from(joined).where(where).order_by(table.id.desc())
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(joined).where(where)).scalar_one()
            found = connection.execute(rows.limit(limit).offset(offset)).mappings().all()
        return [_subscription(row) for row in found], int(total)

    def change(self, subscription: Subscription, values: Mapping[str, Any]) -> Subscription:
        given = {key: value for key, value in values.items() if key in CHANGEABLE}
        statement = update(subscriptions).where(subscriptions.c.id == subscription.id)
        with self._appdb.write() as connection:
            changed = connection.execute(statement.values(updated_at=now_us(), **given).returning(subscriptions))
            return _subscription(changed.mappings().one())


def _subscription(row: RowMapping) -> Subscription:
    return Subscription(**{name: row[name] for name in Subscription.__dataclass_fields__})
