"""The events of a project as SQL: columns, properties, joins, filters. Every insight starts from here.

An :class:`EventScope` writes expressions over one alias of ``events`` and remembers which joins they need, so that
:meth:`EventScope.source`, asked last, joins only what was used.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leanbase.query.actions import action_condition
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql.expressions import compile_expression
from leanbase.query.joins import Joins
from leanbase.query.person_mode import PersonMode, overridden_person_id, overridden_pk, person_mode
from leanbase.query.property_filters import FilterCompiler
from leanbase.query.typed import typed
from leanbase.store.properties import property_text

GROUP_TYPES = 5


class EventScope:
    """SQL text over the events of ``ctx.project`` under ``alias``. Values go through ``binder``."""

    def __init__(self, ctx: QueryContext, binder: Binder, alias: str = "e") -> None:
        self.ctx = ctx
        self.binder = binder
        self.alias = alias
        self.mode: PersonMode = person_mode(ctx)
        self.joins = Joins(ctx, binder, alias, self.mode)

    # -- columns

    def column(self, name: str) -> str:
        """A column of ``events`` by its name in the schema."""
        return f"{self.alias}.{name}"

    def actor(self, group_type_index: int | None = None) -> str:
        """Who is counted: the key (UInt64) of today's person, or the text key of a group ('' when there is none)."""
        if group_type_index is None:
            return overridden_pk(self.alias, self.mode)
        return f"{self.alias}.group_{_group_index(group_type_index)}"

    def person_id(self) -> str:
        """The uuid of today's person of the event."""
        return overridden_person_id(self.alias, self.mode)

    def person_created_at(self) -> str:
        """When the event's person was created: Nullable(DateTime64), NULL when there is no such person."""
        return self.joins.person_column("created_at")

    def group_created_at(self, group_type_index: int) -> str:
        """When the event's group was created: Nullable(DateTime64)."""
        return self.joins.group_column(_group_index(group_type_index), "created_at")

    def property(
        self, kind: str, key: str, group_type_index: int | None = None, *, typed: bool = True, encoded: bool = False
    ) -> str:
        """A property as SQL. ``kind`` is event, person, group or session.

        Text, Nullable(String); with ``typed`` as its definition says: Numeric Nullable(Float64), Boolean
        Nullable(Bool), DateTime Nullable(DateTime64). A value that does not fit its definition is NULL. With
        ``encoded`` it may be LowCardinality: see :func:`property_text`.
        Raises :class:`QueryError` for an unknown kind or session property.
        """
        text = self._property(kind, key, group_type_index, encoded=encoded)
        return self.typed(text, kind, key, group_type_index) if typed else text

    def typed(self, text: str, kind: str, key: str, group_type_index: int | None = None) -> str:
        """Give the text of a property the type of its definition."""
        return typed(text, self.property_type(kind, key, group_type_index), self.ctx.project.timezone, self.binder)

    def property_type(self, kind: str, key: str, group_type_index: int | None = None) -> str | None:
        """String, Numeric, Boolean or DateTime as the property's definition says; None without one."""
        if kind == "session":
            return None  # session columns have their types by themselves
        known = "event" if kind == "feature" else kind
        return self.ctx.property_types.of(known, key, group_type_index)

    def _property(self, kind: str, key: str, group_type_index: int | None, *, encoded: bool = False) -> str:
        if kind == "feature":
            kind, key = "event", key if key.startswith("$feature/") else f"$feature/{key}"
        if kind == "event":
            if key.startswith("$group_") and key[7:] in ("0", "1", "2", "3", "4"):
                return f"nullIf({self.alias}.group_{key[7:]}, '')"
            if key == "$elements_chain":  # sent as a property, stored as a column
                return f"nullIf({self.alias}.elements_chain, '')"
            return property_text("properties", key, self.binder, self.alias, self.ctx.promoted, encoded=encoded)
        if kind == "person":
            return self.joins.person_property(key)
        if kind == "group":
            return self.joins.group_property(_group_index(group_type_index or 0), key)
        if kind == "session":
            return self.joins.session_field(key)
        raise QueryError(f"properties of {kind!r} cannot be read here", "invalid_choice")

    # -- conditions

    def filters(self, properties: Any, path: str = "properties") -> str:
        """The condition of property filters (a list, a group, or None); never NULL.

        Raises :class:`QueryError` when a filter is not well formed, with its place in ``attr``.
        """
        return FilterCompiler(self).condition(properties, path)

    def test_accounts(self) -> str:
        """The condition of ``filterTestAccounts``: the project's own list, all of which must hold."""
        return self.filters(list(self.ctx.project.test_account_filters), "test_account_filters")

    def query_filters(self, query: Mapping[str, Any]) -> str:
        """What ``properties`` and ``filterTestAccounts`` of a query ask for, as one condition."""
        conditions = [self.filters(query.get("properties"))]
        if query.get("filterTestAccounts"):
            conditions.append(self.test_accounts())
        return _all(conditions)

    def entity(self, node: Mapping[str, Any], path: str = "series") -> str:
        """The condition of a series' node: EventsNode (no event means every event), ActionsNode, or a GroupNode.

        The node's own ``properties`` and ``fixedProperties`` are part of it. An action that does not exist matches
        nothing.
        """
        kind = node.get("kind", "EventsNode")
        if kind == "GroupNode":
            parts = [self.entity(item, f"{path}.nodes.{n}") for n, item in enumerate(node.get("nodes") or [])]
            matched = "(" + " OR ".join(parts) + ")" if parts else "0"
        elif kind == "ActionsNode":
            matched = self.action(node.get("id"), path)
        elif kind == "EventsNode":
            event = node.get("event")
            matched = f"{self.alias}.event = {self.binder(str(event), 'String')}" if event else "1"
        else:
            raise QueryError(f"series of kind {kind!r} are not available", "invalid_choice", f"{path}.kind")
        return _all(
            [
                matched,
                self.filters(node.get("properties"), f"{path}.properties"),
                self.filters(node.get("fixedProperties"), f"{path}.fixedProperties"),
            ]
        )

    def action(self, action_id: Any, path: str = "series") -> str:
        """The condition of an action by id; '0' when the project has no such action."""
        try:
            number = int(action_id)
        except (TypeError, ValueError):
            raise QueryError(f"an action is named by its number, not {action_id!r}", attr=f"{path}.id") from None
        steps = self.ctx.actions.steps(number)
        return "0" if steps is None else action_condition(self, steps, f"action {number}")

    def event_names(self, nodes: list[Mapping[str, Any]]) -> list[str] | None:
        """The event names that can match any of the nodes, to prune by the sort key; None when any event can."""
        names: set[str] = set()
        for node in nodes:
            if node.get("kind") == "ActionsNode":
                steps = self.ctx.actions.steps(int(node["id"])) if str(node.get("id", "")).isdigit() else None
                found = [step.get("event") for step in steps or []] if steps != [] else [None]
            elif node.get("kind") == "GroupNode":
                inner = self.event_names(list(node.get("nodes") or []))
                found = [None] if inner is None else inner
            else:
                found = [node.get("event")]
            if not all(found):
                return None
            names.update(str(name) for name in found)
        return sorted(names)

    def event_in(self, nodes: list[Mapping[str, Any]]) -> str:
        """The condition that keeps only events some node can match; '1' when that is every event."""
        names = self.event_names(nodes)
        if names is None:
            return "1"
        return f"{self.alias}.event IN {self.binder(names, 'Array(String)')}" if names else "0"

    def hogql(self, expression: str, attr: str | None = None) -> str:
        """A HogQL expression over events, as SQL over this scope. Raises :class:`QueryError` with a position."""
        return compile_expression(expression, self, attr)

    # -- range and source

    def project(self) -> str:
        """The condition that keeps to the project."""
        return f"{self.alias}.project_id = {self.binder(self.ctx.project.id, 'UInt32')}"

    def between(self, date_from: datetime | None, date_to: datetime | None) -> str:
        """The project's events from ``date_from`` up to and including ``date_to`` (aware; None leaves an end open).

        Tells the sort key of ``toDate(timestamp)`` too, in UTC as it is there, so that it prunes. Only tells: to ask
        each row for its day as well took a quarter of the time of a plain count.
        """
        conditions, days = [self.project()], list[str]()
        for bound, comparison in ((date_from, ">="), (date_to, "<=")):
            if bound is not None:
                bound = bound.astimezone(UTC)
                time = self.binder(bound.strftime("%Y-%m-%d %H:%M:%S.%f"), "DateTime64(6, 'UTC')")
                day = self.binder(bound.strftime("%Y-%m-%d"), "Date32")
                conditions.append(f"{self.alias}.timestamp {comparison} {time}")
                days.append(f"toDate({self.alias}.timestamp) {comparison} {day}")
        if days:
            conditions.append(f"indexHint({_all(days)})")
        self.joins.session_range(date_from, date_to)
        return _all(conditions)

    def source(self, sample: float | None = None) -> str:
        """The FROM clause, without the word: events and the joins used so far. Ask for it last.

        ``sample`` (``samplingFactor``, 0 to 1) keeps the events of a stable part of the distinct ids.
        """
        table = f"events AS {self.alias}"
        if sample is not None and sample < 1:
            share = self.binder(max(0, int(sample * 10_000)), "UInt64")
            columns = ["*", "pk", *(column.name for column in (self.ctx.promoted.all() if self.ctx.promoted else []))]
            project = self.binder(self.ctx.project.id, "UInt32")
            part = f"project_id = {project} AND cityHash64(distinct_id, 'sample') % 10000 < {share}"
            table = f"(SELECT {', '.join(columns)} FROM events WHERE {part}) AS {self.alias}"
        return " ".join([table, *self.joins.clauses()])


def _group_index(index: int) -> int:
    if not 0 <= int(index) < GROUP_TYPES:
        raise QueryError("a group type index is a number from 0 to 4", attr="group_type_index")
    return int(index)


def _all(conditions: list[str]) -> str:
    kept = [condition for condition in conditions if condition != "1"]
    if not kept:
        return "1"
    return kept[0] if len(kept) == 1 else "(" + " AND ".join(kept) + ")"
