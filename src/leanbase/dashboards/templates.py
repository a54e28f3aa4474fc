"""Dashboard templates: tiles whose queries have places for a project's own events, and how they are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from leanbase.dashboards.boards import Boards, Dashboard
from leanbase.dashboards.insights import Insights

_COLUMNS = 12  # of the grid that tiles are laid out on
_HEIGHT = 5


class TemplateProblem(ValueError):
    """A value does not fit the template; ``variable`` names it."""

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(message)
        self.variable = variable


@dataclass(frozen=True)
class TemplateVariable:
    """An event that the user chooses; ``{ID}`` stands for it. A ``default`` of None is any event."""

    id: str
    name: str
    description: str
    default: str | None


@dataclass(frozen=True)
class TemplateTile:
    """An insight; wide ones take a whole row, others half of one. ``height`` is in rows of the grid."""

    name: str
    description: str
    query: Mapping[str, Any]
    wide: bool = False
    height: int = _HEIGHT


@dataclass(frozen=True)
class Template:
    """A dashboard to be made."""

    id: str
    name: str
    description: str
    tags: tuple[str, ...]
    variables: tuple[TemplateVariable, ...]
    tiles: tuple[TemplateTile, ...]

    def layouts(self) -> list[dict[str, Any]]:
        """Where each tile is, on a wide screen (``sm``) and on a narrow one (``xs``)."""
        placed: list[dict[str, Any]] = []
        x = y = below = end = 0
        for tile in self.tiles:
            width = _COLUMNS if tile.wide else _COLUMNS // 2
            if x + width > _COLUMNS:
                x, y = 0, below
            narrow = {"x": 0, "y": end, "w": 1, "h": tile.height}
            placed.append({"sm": {"x": x, "y": y, "w": width, "h": tile.height}, "xs": narrow})
            x, below, end = x + width, max(below, y + tile.height), end + tile.height
        return placed

    def chosen(self, values: Mapping[str, Any]) -> dict[str, str | None]:
        """The event of every variable; those not given are as the template has them. Raises TemplateProblem."""
        known = {variable.id: variable for variable in self.variables}
        for name, value in values.items():
            if name not in known:
                raise TemplateProblem(name, f"The template has no {name!r}; it has {', '.join(known) or 'none'}.")
            if value is None and known[name].default is None:
                continue
            if not isinstance(value, str) or not 0 < len(value) <= 400:
                raise TemplateProblem(name, "An event is named by a text of 1 to 400 characters.")
        return {name: values.get(name, variable.default) for name, variable in known.items()}


def filled(query: Any, events: Mapping[str, str | None]) -> Any:
    """The query with events in the places of ``{ID}``; only whole texts are places."""
    if isinstance(query, Mapping):
        return {key: filled(value, events) for key, value in cast(Mapping[str, Any], query).items()}
    if isinstance(query, list | tuple):
        return [filled(value, events) for value in cast(list[Any], query)]
    if isinstance(query, str) and query[:1] == "{" and query[-1:] == "}" and query[1:-1] in events:
        return events[query[1:-1]]
    return query


def put_on(
    dashboard: Dashboard,
    template: Template,
    events: Mapping[str, str | None],
    user_id: int | None,
    boards: Boards,
    insights: Insights,
) -> None:
    """Make the template's insights and put them on a dashboard. ``events`` are those of :meth:`Template.chosen`."""
    for tile, layouts in zip(template.tiles, template.layouts(), strict=True):
        values = {"name": tile.name, "description": tile.description, "query": filled(tile.query, events)}
        insight = insights.create(dashboard.project_id, values, user_id)
        boards.add_tile(dashboard, insight.id, values={"layouts": layouts})
