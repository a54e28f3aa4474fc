"""Property filters as SQL: what each type of filter reads, and groups. The operators are in ``filter_operators``."""

from typing import TYPE_CHECKING, Any

from leanbase.model.property_filter import (
    COHORT_TYPES,
    NEGATIVE,
    PropertyFilter,
    PropertyFilterError,
    PropertyGroup,
    parse_filters,
)
from leanbase.query.cohort_members import cohort_condition
from leanbase.query.elements import element_text, has_tag, matches_selector
from leanbase.query.errors import QueryError
from leanbase.query.filter_operators import Operand, operator_condition
from leanbase.query.sessions import session_field_type

if TYPE_CHECKING:
    from leanbase.query.scope import EventScope

# event_metadata and the special person keys: what may be named, and what it reads.
EVENT_COLUMNS = {
    "event": "event",
    "distinct_id": "distinct_id",
    "timestamp": "timestamp",
    "uuid": "uuid",
    "session_id": "session_id",
    "$session_id": "session_id",
    "window_id": "window_id",
    "$window_id": "window_id",
    "person_mode": "person_mode",
    **{f"$group_{index}": f"group_{index}" for index in range(5)},
}


class FilterCompiler:
    """Writes the conditions of filters over one scope."""

    def __init__(self, scope: "EventScope") -> None:
        self._scope = scope

    def condition(self, raw: Any, path: str) -> str:
        """The condition of filters in any of their forms; never NULL, '1' when there is nothing to filter by."""
        try:
            group = parse_filters(raw, path)
        except PropertyFilterError as problem:
            raise QueryError(problem.detail, problem.code, problem.attr) from None
        return self._group(group)

    def _group(self, group: PropertyGroup) -> str:
        parts = [self._group(value) if isinstance(value, PropertyGroup) else self.one(value) for value in group.values]
        if not parts:
            return "1"
        return parts[0] if len(parts) == 1 else "(" + f" {group.type} ".join(parts) + ")"

    def one(self, wanted: PropertyFilter) -> str:
        """The condition of one filter."""
        if wanted.type in COHORT_TYPES:
            return self._cohort(wanted)
        if wanted.type == "flag":  # for flags alone: events do not tell what a flag would have said (PostHog's rule)
            return "1"
        if wanted.type == "hogql":
            return f"ifNull(toBool({self._scope.hogql(wanted.key, wanted.path)}), false)"
        if wanted.type == "element":
            return self._element(wanted)
        return operator_condition(self._operand(wanted), wanted, self._scope.ctx, self._scope.binder)

    def _operand(self, wanted: PropertyFilter) -> Operand:
        scope, key = self._scope, wanted.key
        match wanted.type:
            case "event" | "person" | "feature" | "group":
                special = self._person_column(key) if wanted.type == "person" else None
                if special is not None:
                    return special
                text = scope.property(wanted.type, key, wanted.group_type_index, typed=False, encoded=True)
                return Operand(text, scope.property_type(wanted.type, key, wanted.group_type_index))
            case "session":
                field = scope.property("session", key)
                text = f"toString({field})"
                return Operand(text, session_field_type(key), field)
            case "event_metadata":
                return self._event_column(wanted)
            case _:
                raise QueryError(
                    f"filters of type {wanted.type!r} cannot be used on events", "invalid_choice", f"{wanted.path}.type"
                )

    def _person_column(self, key: str) -> Operand | None:
        scope = self._scope
        if key == "distinct_id":
            return Operand(f"toNullable({scope.alias}.distinct_id)", "String")
        if key == "created_at":
            created = scope.person_created_at()
            return Operand(f"toString({created})", "DateTime", created)
        return None

    def _event_column(self, wanted: PropertyFilter) -> Operand:
        scope = self._scope
        if wanted.key == "person_id":
            return Operand(f"toNullable(toString({scope.person_id()}))", "String")
        name = EVENT_COLUMNS.get(wanted.key)
        if name is None:
            raise QueryError(f"events have no column {wanted.key!r}", "invalid_choice", f"{wanted.path}.key")
        column = scope.column(name)
        if name == "timestamp":
            return Operand(f"toNullable(toString({column}))", "DateTime", f"toNullable({column})")
        if name in ("event", "distinct_id", "uuid"):
            return Operand(f"toNullable(toString({column}))", "String")
        return Operand(f"nullIf(toString({column}), '')", "String")

    def _cohort(self, wanted: PropertyFilter) -> str:
        negated = (wanted.operator in NEGATIVE) != wanted.negation
        parts = [cohort_condition(self._scope, value, f"{wanted.path}.value") for value in wanted.values()]
        joined = parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"
        return f"NOT {joined}" if negated else joined

    def _element(self, wanted: PropertyFilter) -> str:
        scope, chain = self._scope, self._scope.column("elements_chain")
        if wanted.key in ("selector", "tag_name"):
            matcher = matches_selector if wanted.key == "selector" else has_tag
            parts = [matcher(chain, str(value), scope.binder) for value in wanted.values()]
            joined = "(" + " OR ".join(parts) + ")"
            return f"NOT {joined}" if wanted.operator == "is_not" else joined
        if wanted.key == "text":
            # The chain has many texts; a negative operator must hold for all of them, a positive one for any.
            name = "t"
            condition = operator_condition(Operand(f"toNullable({name})", "String"), wanted, scope.ctx, scope.binder)
            texts = element_text(chain, "text")
            if wanted.operator == "is_set":
                return f"notEmpty({texts})"
            if wanted.operator == "is_not_set":
                return f"empty({texts})"
            function = "arrayAll" if wanted.operator in NEGATIVE else "arrayExists"
            return f"{function}({name} -> {condition}, {texts})"
        href = element_text(chain, "href")
        return operator_condition(Operand(href, "String"), wanted, scope.ctx, scope.binder)
