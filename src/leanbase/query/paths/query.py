"""A PathsQuery, read and checked. The defaults are PostHog's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from leanbase.query import fields
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.patterns import escaped, is_valid_pattern

FunnelPart = Literal["funnel_path_before_step", "funnel_path_between_steps", "funnel_path_after_step"]
EventType = Literal["$pageview", "$screen", "custom_event", "hogql"]

MAX_STEPS = 50  # a path is drawn in columns; PostHog's page offers 20
MAX_EDGES = 10_000
_TYPES = ("$pageview", "$screen", "custom_event", "hogql")
_FUNNEL_PARTS = ("funnel_path_before_step", "funnel_path_between_steps", "funnel_path_after_step")
_ATTR = "pathsFilter."

Node = Mapping[str, Any]


@dataclass(frozen=True)
class PathsQuery:
    """What is asked. ``cleaning`` are (pattern, replacement) in order, ``groupings`` (pattern, name)."""

    source: Node
    types: frozenset[EventType]
    expression: str | None
    cleaning: list[tuple[str, str]]
    groupings: list[tuple[str, str]]
    excluded: list[str]
    start: str | None
    end: str | None
    steps: int
    edges: int
    min_weight: int | None
    max_weight: int | None
    group_type_index: int | None
    funnel: Node | None
    funnel_part: FunnelPart | None
    funnel_step: int
    sampling: float | None

    def reads(self, kind: EventType) -> bool:
        """Whether events of this type are items of their own kind; without a choice all are."""
        return not self.types or kind in self.types


def read_paths(ctx: QueryContext, query: Node) -> PathsQuery:
    """Read a PathsQuery. Raises :class:`QueryError` with the place of what is wrong."""
    options = fields.part(query, "pathsFilter")
    types = fields.texts(options, "includeEventTypes", _ATTR)
    for kind in types:
        if kind not in _TYPES:
            raise QueryError(
                f"includeEventTypes are of {', '.join(_TYPES)}", "invalid_choice", "pathsFilter.includeEventTypes"
            )
    expression = fields.text(options, "pathsHogQLExpression", _ATTR)
    if types == ["hogql"] and expression is None:
        raise QueryError("paths by SQL need pathsHogQLExpression", attr="pathsFilter.pathsHogQLExpression")
    around = fields.part(query, "funnelPathsFilter")
    part = around.get("funnelPathType")
    if part is not None and part not in _FUNNEL_PARTS:
        raise QueryError(
            f"funnelPathType is one of {', '.join(_FUNNEL_PARTS)}", "invalid_choice", "funnelPathsFilter.funnelPathType"
        )
    limit = 1 << 40
    sampling = query.get("samplingFactor")
    return PathsQuery(
        source=query,
        types=frozenset(cast(list[EventType], types)),
        expression=expression,
        cleaning=_cleaning(ctx, options),
        groupings=[(_grouping_pattern(name), name) for name in fields.texts(options, "pathGroupings", _ATTR)],
        excluded=fields.texts(options, "excludeEvents", _ATTR),
        start=_point(options, "startPoint"),
        end=_point(options, "endPoint"),
        steps=fields.whole(options, "stepLimit", 5, 2, MAX_STEPS, _ATTR) or 5,
        edges=fields.whole(options, "edgeLimit", 50, 1, MAX_EDGES, _ATTR) or 50,
        min_weight=fields.whole(options, "minEdgeWeight", None, 0, limit, _ATTR),
        max_weight=fields.whole(options, "maxEdgeWeight", None, 0, limit, _ATTR),
        group_type_index=fields.whole(query, "aggregation_group_type_index", None, 0, 4),
        funnel=fields.part(around, "funnelSource", "funnelPathsFilter.") if part else None,
        funnel_part=part,
        funnel_step=fields.whole(around, "funnelStep", 1, -100, 100, "funnelPathsFilter.") or 1,
        sampling=float(sampling) if isinstance(sampling, int | float) and 0 < sampling < 1 else None,
    )


def _point(options: Node, name: str) -> str | None:
    """A start or end point; like the items it loses one trailing slash."""
    point = fields.text(options, name, _ATTR)
    return point[:-1] if point and len(point) > 1 and point.endswith("/") else point


def _cleaning(ctx: QueryContext, options: Node) -> list[tuple[str, str]]:
    """The project's rules when ``pathReplacements`` asks for them, then those of the query, in their order."""
    known = ctx.project.settings.get("path_cleaning_filters") if options.get("pathReplacements") else None
    rules: list[Node] = []
    for source in (known, options.get("localPathCleaningFilters")):
        if isinstance(source, list):
            found = [cast(Node, rule) for rule in cast(list[Any], source) if isinstance(rule, Mapping)]
            rules += sorted(found, key=lambda rule: int(rule.get("order") or 0))
    cleaned: list[tuple[str, str]] = []
    for rule in rules:
        pattern, alias = rule.get("regex"), rule.get("alias")
        if not isinstance(pattern, str) or not isinstance(alias, str):
            continue
        if not is_valid_pattern(pattern, ctx):
            raise QueryError(
                f"the path cleaning rule {pattern!r} is not a regular expression of RE2",
                attr="pathsFilter.localPathCleaningFilters",
            )
        cleaned.append((pattern, alias))
    return cleaned


def _grouping_pattern(name: str) -> str:
    """``/product/*`` as a pattern from an item's begin to the first end of a match.

    It may be found anywhere in the item, and the star stands for anything: what it matches ends with its last letter.
    """
    return "(?s)^" + "".join(f".*?{escaped(part)}" for part in name.split("*") if part)
