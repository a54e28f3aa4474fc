"""Actions, cohorts, insights and dashboards as a text that people keep in version control: written, compared, applied.

Insights are known by their short id, everything else by its name. Applying changes what the text names and leaves
everything else alone; applying twice changes nothing the second time.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import yaml

from leanbase.appdb.database import AppDb
from leanbase.dashboards.activity_log import ActivityLog
from leanbase.dashboards.boards import Boards, Dashboard, Tile
from leanbase.dashboards.insights import Insight, Insights, InsightWishes
from leanbase.dashboards.rules_as_code import ActionCode, Change, CohortCode, RulesAsCode, different

VERSION = 1
MAX_BYTES = 2 << 20
KEY = re.compile(r"[A-Za-z0-9_-]{1,12}")


class CodeProblem(ValueError):
    """The text cannot be used; the message says where."""


class InsightCode(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An insight; ``key`` is its short id."""

    key: str
    name: str | None = None
    description: str = ""
    tags: list[str] = []
    query: dict[str, Any] | None = None


class TileCode(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A tile: the key of an insight, or a text."""

    insight: str | None = None
    text: str | None = None
    layouts: dict[str, Any] = {}
    color: str | None = None
    filters_overrides: dict[str, Any] = {}
    show_description: bool | None = None


class DashboardCode(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A dashboard, known by its name."""

    name: str
    description: str = ""
    tags: list[str] = []
    pinned: bool = False
    filters: dict[str, Any] = {}
    tiles: list[TileCode] = []


class Code(msgspec.Struct, forbid_unknown_fields=True):
    """The whole text."""

    version: int = VERSION
    actions: list[ActionCode] = []
    cohorts: list[CohortCode] = []
    insights: list[InsightCode] = []
    dashboards: list[DashboardCode] = []


class _Loader(yaml.SafeLoader):
    """YAML without dates (they are texts here) and without aliases (a small text could become a huge one)."""

    yaml_implicit_resolvers = {  # noqa: RUF012 -- PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise CodeProblem("YAML aliases (*name) are not allowed here.")
        return super().compose_node(parent, index)


def parse(text: str) -> Code:
    """The text as values. Raises :class:`CodeProblem`."""
    if len(text) > MAX_BYTES:
        raise CodeProblem(f"The text is longer than {MAX_BYTES} characters.")
    try:
        code = msgspec.convert(yaml.load(text, _Loader) or {}, Code)
    except yaml.YAMLError as problem:
        raise CodeProblem(f"This is no YAML: {problem}") from None
    except msgspec.ValidationError as problem:
        raise CodeProblem(str(problem)) from None
    except RecursionError:
        raise CodeProblem("The text is nested too deeply.") from None
    _check(code)
    return code


def written(code: Code) -> str:
    """The values as text, always the same for the same values."""
    return yaml.safe_dump(msgspec.to_builtins(code), sort_keys=False, allow_unicode=True, width=120)


def _check(code: Code) -> None:
    if code.version != VERSION:
        raise CodeProblem(f"This server reads version {VERSION}, not {code.version}.")
    for kind, keys in (
        ("insight", [item.key for item in code.insights]),
        ("dashboard", [item.name for item in code.dashboards]),
        ("action", [item.name for item in code.actions]),
        ("cohort", [item.name for item in code.cohorts]),
    ):
        twice = [key for key, count in Counter(keys).items() if count > 1]
        if twice:
            raise CodeProblem(f"The {kind} {min(twice)!r} is there twice.")
    if any(not item.name.strip() for item in (*code.actions, *code.cohorts)):
        raise CodeProblem("Every action and every cohort needs a name.")
    for item in code.insights:
        if not KEY.fullmatch(item.key):
            raise CodeProblem(f"{item.key!r} is no key: 1 to 12 letters, digits, - and _.")
        if item.query is not None and not isinstance(item.query.get("kind"), str):
            raise CodeProblem(f"The query of the insight {item.key} has no kind.")
    for board in code.dashboards:
        for tile in board.tiles:
            if (tile.insight is None) is (tile.text is None):
                raise CodeProblem(f"A tile of the dashboard {board.name!r} needs either an insight or a text.")


class DashboardsAsCode:
    """What is saved in projects, as code and from code."""

    def __init__(self, appdb: AppDb) -> None:
        self._insights = Insights(appdb)
        self._boards = Boards(appdb)
        self._rules = RulesAsCode(appdb)
        self._log = ActivityLog(appdb)

    def export(self, project_id: int) -> Code:
        """Everything that is saved in a project, in a stable order."""
        insights, _ = self._insights.page(project_id, InsightWishes(saved=True))
        boards, _ = self._boards.page(project_id)
        return Code(
            actions=self._rules.actions(project_id),
            cohorts=self._rules.cohorts(project_id),
            insights=[_insight_code(item) for item in sorted(insights, key=lambda item: item.id)],
            dashboards=[self._dashboard_code(item) for item in sorted(boards, key=lambda item: item.id)],
        )

    def apply(self, project_id: int, code: Code, user_id: int | None, dry_run: bool = False) -> list[Change]:
        """Make the project say what the code says; answers what was (or, ``dry_run``, would be) done.

        Raises :class:`CodeProblem` when a tile names an insight that is neither in the code nor in the project.
        """
        self._check_tiles(project_id, code)
        changes = self._rules.apply(project_id, code.actions, code.cohorts, user_id, dry_run)
        changes += [self._apply_insight(project_id, item, user_id, dry_run) for item in code.insights]
        boards, _ = self._boards.page(project_id)
        present = {board.name: board for board in sorted(boards, key=lambda item: -item.id)}
        for item in code.dashboards:
            changes.append(self._apply_dashboard(project_id, item, present.get(item.name), user_id, dry_run))
        return changes

    def _check_tiles(self, project_id: int, code: Code) -> None:
        keys = {item.key for item in code.insights}
        for board in code.dashboards:
            for tile in board.tiles:
                if tile.insight and tile.insight not in keys and self._of_key(project_id, tile.insight) is None:
                    raise CodeProblem(
                        f"The dashboard {board.name!r} shows the insight {tile.insight!r}: there is none."
                    )

    def _of_key(self, project_id: int, key: str) -> Insight | None:
        found, _ = self._insights.page(project_id, InsightWishes(short_id=key))
        return found[0] if found else None

    def _apply_insight(self, project_id: int, item: InsightCode, user_id: int | None, dry_run: bool) -> Change:
        values = {name: getattr(item, name) for name in ("name", "description", "tags", "query")}
        present = self._insights.find(project_id, item.key)
        if present is None or present.short_id != item.key:
            if not dry_run:
                made = self._insights.create(project_id, values, user_id, short_id=item.key)
                self._log.note(project_id, user_id, "Insight", None, made)
            return Change("insight", item.key, "create")
        fields = different(_insight_code(present), item)
        if present.deleted:
            fields.append("deleted")
        if fields and not dry_run:
            changed = self._insights.change(present, {**values, "deleted": False}, user_id)
            self._log.note(project_id, user_id, "Insight", present, changed)
        return Change("insight", item.key, "change" if fields else "keep", fields)

    def _apply_dashboard(
        self, project_id: int, item: DashboardCode, present: Dashboard | None, user_id: int | None, dry_run: bool
    ) -> Change:
        values = {name: getattr(item, name) for name in ("name", "description", "tags", "pinned", "filters")}
        if present is None:
            if not dry_run:
                made = self._boards.create(project_id, values, user_id)
                self._log.note(project_id, user_id, "Dashboard", None, made)
                self._put_tiles(made, item.tiles)
            return Change("dashboard", item.name, "create")
        fields = different(self._dashboard_code(present), item)
        if fields and not dry_run:
            changed = self._boards.change(present, values)
            self._log.note(project_id, user_id, "Dashboard", present, changed)
            self._put_tiles(changed, item.tiles)
        return Change("dashboard", item.name, "change" if fields else "keep", fields)

    def _put_tiles(self, board: Dashboard, wanted: Iterable[TileCode]) -> None:
        """Keep the tiles that fit, so that their ids stay; add what is missing, take off what is not named."""
        left = self._boards.tiles(board)
        order: list[int] = []
        for item in wanted:
            insight = self._of_key(board.project_id, item.insight) if item.insight else None
            insight_id = insight.id if insight else None
            values = {
                name: getattr(item, name) for name in ("layouts", "color", "filters_overrides", "show_description")
            }
            fitting = next((tile for tile in left if tile.insight_id == insight_id), None)
            if fitting is None:
                tile = self._boards.add_tile(board, insight_id, item.text, values)
            else:
                left.remove(fitting)
                tile = self._boards.change_tile(fitting, {**values, "text_body": item.text})
            order.append(tile.id)
        for tile in left:
            self._boards.change_tile(tile, {"deleted": True})
        self._boards.reorder(board, order)

    def _dashboard_code(self, board: Dashboard) -> DashboardCode:
        tiles = self._boards.tiles(board)
        return DashboardCode(
            name=board.name or "",
            description=board.description,
            tags=board.tags,
            pinned=board.pinned,
            filters=board.filters,
            tiles=[self._tile_code(board.project_id, tile) for tile in tiles],
        )

    def _tile_code(self, project_id: int, tile: Tile) -> TileCode:
        insight = self._insights.find(project_id, tile.insight_id) if tile.insight_id else None
        return TileCode(
            insight=insight.short_id if insight else None,
            text=tile.text_body if insight is None else None,
            layouts=tile.layouts,
            color=tile.color,
            filters_overrides=tile.filters_overrides,
            show_description=tile.show_description,
        )


def _insight_code(insight: Insight) -> InsightCode:
    return InsightCode(insight.short_id, insight.name, insight.description, insight.tags, insight.query)
