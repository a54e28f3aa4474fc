"""A pipeline in miniature around persons: enough of one to feed events and look at what becomes of them."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from leanbase.appdb.state import StateDb
from leanbase.model.dropped import Dropped, Warning_
from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.persons.limits import Limits
from leanbase.persons.service import Persons

_LIFTED = """
$app_build $app_name $app_namespace $app_version $browser $browser_version $device_type $current_url $pathname $os
$os_version $referring_domain $referrer $screen_height $screen_width $viewport_height $viewport_width $raw_user_agent
utm_source utm_medium utm_campaign utm_content utm_name utm_term gclid fbclid
"""
LIFTED = _LIFTED.split()


def micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


def make_event(project: Project, name: str, distinct_id: str, at: int = 1_700_000_000_000_000, **fields: Any) -> Event:
    """An event as it reaches persons: $set and friends read, known properties lifted."""
    properties = copy.deepcopy(fields.get("properties", {}))
    set_ = {**(properties.get("$set") or {}), **fields.get("set_", {})}
    once = {**(properties.get("$set_once") or {}), **fields.get("set_once", {})}
    if project.settings.get("lift", True):
        for key in LIFTED:
            if key in properties and not (properties.get("$is_server") is True and key in ("$os", "$os_version")):
                set_.setdefault(key, properties[key])
                once.setdefault("$initial_" + key.removeprefix("$"), properties[key])
    if set_:
        properties["$set"] = set_
    if once:
        properties["$set_once"] = once
    unset = properties.get("$unset") or []
    return Event(
        project=project,
        event=name,
        distinct_id=distinct_id,
        uuid=UUID(fields["uuid"]) if "uuid" in fields else uuid4(),
        timestamp=at,
        received_at=fields.get("received_at", at),
        properties=properties,
        raw=msgspec.json.encode(properties),
        set_=set_,
        set_once=once,
        unset=tuple(key for key in unset if isinstance(key, str)),
    )


class World:
    """One state database with persons, and everything the turns left behind."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.now = 1_800_000_000_000_000
        self.state = StateDb(folder / "state.sqlite")
        self.projects: dict[int, Project] = {}
        options.setdefault("limits", Limits())
        options.setdefault("clock", lambda: self.now)
        self.persons = Persons(self.state, find_project=self.projects.get, **options)
        self.events: list[Event] = []
        self.warnings: list[Warning_] = []
        self.dropped: list[Dropped] = []
        self.dead_letters: list[tuple[Event, str]] = []

    def project(self, number: int = 1, **settings: Any) -> Project:
        self.projects[number] = Project(id=number, api_token=f"phc_{number}", **settings)
        return self.projects[number]

    def feed(self, events: Iterable[Event]) -> list[Event]:
        """One turn."""
        with self.persons.begin() as turn:
            kept = turn.resolve(list(events))
            self.rows = turn.store_rows()
            with self.state.write() as connection:
                turn.write(connection)
        self.events += kept
        self.warnings += turn.warnings
        self.dropped += turn.dropped
        self.dead_letters += turn.dead_letters
        return kept

    def table(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.state.read() as connection:
            return connection.execute(sql, values).fetchall()

    def people(self, project_id: int = 1) -> list[dict[str, Any]]:
        """All persons with their distinct ids."""
        found = []
        for number, uuid, created_at, properties, identified, count in self.table(
            "SELECT id, uuid, created_at, properties, is_identified, distinct_id_count FROM persons "
            "WHERE project_id = ?",
            project_id,
        ):
            ids = {
                row[0] for row in self.table("SELECT distinct_id FROM person_distinct_ids WHERE person_id = ?", number)
            }
            assert len(ids) == count
            props = msgspec.json.decode(properties)
            found.append(
                {
                    "uuid": UUID(bytes=uuid),
                    "created_at": created_at,
                    "properties": props,
                    "is_identified": bool(identified),
                    "distinct_ids": ids,
                }
            )
        return found

    def overridden(self, project_id: int, uuid: UUID) -> UUID:
        """Whom an event stamped with this uuid counts for today."""
        rows = self.table(
            "SELECT new_uuid FROM person_overrides WHERE project_id = ? AND old_uuid = ?", project_id, uuid.bytes
        )
        return UUID(bytes=rows[0][0]) if rows else uuid
