"""Actions and dynamic cohorts as code, known by their names. Static cohorts are lists of people, and no code."""

from collections.abc import Sequence
from typing import Any

import msgspec

from leanbase.appdb.database import AppDb
from leanbase.dashboards.activity_log import ActivityLog
from leanbase.query.cohorts.stored import Cohort, CohortRows
from leanbase.query.stored_actions import Action, ActionRows

MOST = 10_000  # of either kind in a project


class ActionCode(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An action; ``steps`` as the API takes them."""

    name: str
    description: str = ""
    tags: list[str] = []
    steps: list[dict[str, Any]] = []


class CohortCode(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A dynamic cohort; ``filters`` are ``{properties: group}``. Cohorts and actions in them are named by id."""

    name: str
    filters: dict[str, Any]
    description: str = ""


class Change(msgspec.Struct):
    """What applying does to one thing: ``action`` is create, change or keep; ``fields`` are those that differ."""

    kind: str
    key: str
    action: str
    fields: list[str] = []


def different(present: msgspec.Struct, wanted: msgspec.Struct) -> list[str]:
    """The names of the fields that are not the same."""
    return [name for name in wanted.__struct_fields__ if getattr(present, name) != getattr(wanted, name)]


class RulesAsCode:
    """The actions and cohorts of projects, as code and from code. Of several of a name the oldest is meant."""

    def __init__(self, appdb: AppDb) -> None:
        self._actions = ActionRows(appdb)
        self._cohorts = CohortRows(appdb)
        self._log = ActivityLog(appdb)

    def actions(self, project_id: int) -> list[ActionCode]:
        """All actions, the oldest first."""
        return [_action_code(item) for item in self._by_name(project_id)[0].values()]

    def cohorts(self, project_id: int) -> list[CohortCode]:
        """All dynamic cohorts, the oldest first."""
        return [_cohort_code(item) for item in self._by_name(project_id)[1].values()]

    def apply(
        self,
        project_id: int,
        actions: Sequence[ActionCode],
        cohorts: Sequence[CohortCode],
        user_id: int | None,
        dry_run: bool,
    ) -> list[Change]:
        """Make them as the code says. Changed cohorts are marked, and wait to be calculated."""
        present_actions, present_cohorts = self._by_name(project_id)
        changes: list[Change] = []
        for item in actions:
            values = {"name": item.name, "description": item.description, "tags": item.tags, "steps": item.steps}
            present = present_actions.get(item.name)
            fields = different(_action_code(present), item) if present is not None else []
            if present is None and not dry_run:
                self._log.note(project_id, user_id, "Action", None, self._actions.add(project_id, user_id, values))
            elif present is not None and fields and not dry_run:
                self._actions.change(project_id, present.id, values)
                self._log.note(project_id, user_id, "Action", present, self._actions.find(project_id, present.id))
            changes.append(_change("action", item.name, present is None, fields))
        for item in cohorts:
            values = {"name": item.name, "description": item.description, "filters": item.filters}
            found = present_cohorts.get(item.name)
            fields = different(_cohort_code(found), item) if found is not None else []
            if found is None and not dry_run:
                made = self._cohorts.add(project_id, user_id, {**values, "is_calculating": True})
                self._log.note(project_id, user_id, "Cohort", None, made)
            elif found is not None and fields and not dry_run:
                again = {"is_calculating": True} if "filters" in fields else {}
                self._cohorts.change(project_id, found.id, {**values, **again})
                self._log.note(project_id, user_id, "Cohort", found, self._cohorts.find(project_id, found.id))
            changes.append(_change("cohort", item.name, found is None, fields))
        return changes

    def waiting(self, project_id: int) -> list[Cohort]:
        """Dynamic cohorts that are to be calculated."""
        return [item for item in self._by_name(project_id)[1].values() if item.is_calculating]

    def _by_name(self, project_id: int) -> tuple[dict[str, Action], dict[str, Cohort]]:
        actions, _ = self._actions.page(project_id, "", MOST, 0)
        cohorts, _ = self._cohorts.page(project_id, "", MOST, 0)
        oldest_actions = {item.name: item for item in actions}  # the newest come first, so the oldest stays
        oldest_cohorts = {item.name: item for item in cohorts if not item.is_static and item.filters is not None}
        return dict(reversed(oldest_actions.items())), dict(reversed(oldest_cohorts.items()))


def _change(kind: str, key: str, is_new: bool, fields: list[str]) -> Change:
    return Change(kind, key, "create" if is_new else "change" if fields else "keep", fields)


def _action_code(item: Action) -> ActionCode:
    return ActionCode(item.name, item.description, item.tags, item.steps)


def _cohort_code(item: Cohort) -> CohortCode:
    return CohortCode(item.name, item.filters or {}, item.description)
