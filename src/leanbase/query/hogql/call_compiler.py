"""Calls of functions, and the windows they look over, into ClickHouse's SQL."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from leanbase.query.hogql import ast
from leanbase.query.hogql.functions import aggregate_name, known_names, scalar_name
from leanbase.query.hogql.name_compiler import NameCompiler
from leanbase.query.hogql.names import Frame
from leanbase.query.hogql.special_functions import SPECIAL
from leanbase.query.hogql.types import type_name

_WHOLE_PARTITION = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
_IN_FRAME = {"lag": "lagInFrame", "lead": "leadInFrame"}
# Take whole seconds only, while the times of events are finer.
_OF_SECONDS = ("windowFunnel", "sequenceMatch", "sequenceCount", "sequenceMatchEvents")
_LARGEST = {"repeat": 10_000, "arraywithconstant": 10_000, "arrayresize": 10_000}  # values made of one
_COUNT_AT = {"repeat": 1, "arraywithconstant": 0, "arrayresize": 1}
_TYPED = ("jsonextract", "jsonextractkeysandvalues", "accuratecastornull", "accuratecast")
_REDUCING = ("arrayreduce", "arrayreduceinranges")
# Functions that are an operator: NULL is treated in one way, however a comparison is written.
OPERATORS = {
    "equals": "=", "notequals": "!=", "less": "<", "greater": ">", "lessorequals": "<=", "greaterorequals": ">=",
    "like": "LIKE", "ilike": "ILIKE", "notlike": "NOT LIKE", "notilike": "NOT ILIKE", "in": "IN", "notin": "NOT IN",
}  # fmt: skip


class CallCompiler(NameCompiler):
    """What stands with brackets behind a name."""

    def list(self, nodes: Sequence[ast.Expression], frame: Frame) -> str:
        return ", ".join(self.sql(node, frame) for node in nodes)

    def binary(self, node: ast.Binary, frame: Frame) -> str:
        """SQL of two expressions and an operator between them."""
        raise NotImplementedError

    def call(self, node: ast.Call, frame: Frame) -> str:
        if any(isinstance(item, ast.Placeholder) for item in node.arguments):
            node = replace(node, arguments=tuple(self.filled(item) for item in node.arguments))
        operator = OPERATORS.get(node.name.lower())
        if operator is not None and len(node.arguments) == 2 and node.parameters is None:
            return self.binary(ast.Binary(node.start, node.end, operator, *node.arguments), frame)
        special = SPECIAL.get(node.name.lower())
        if special is not None and node.parameters is None and node.window is None:
            answer = special(self, node, frame)
            if answer is not None:
                return answer
        name = aggregate_name(node.name) or scalar_name(node.name)
        if name is None:
            near = get_close_matches(node.name, known_names(), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise self.fail(f"there is no function {node.name!r}{hint}", node)
        self.checked(node)
        if name in _IN_FRAME and node.window is not None:
            return self.neighbour(_IN_FRAME[name], node, node.window, frame)
        arguments = [self.sql(item, frame) for item in node.arguments if not isinstance(item, ast.Star)]
        if name.startswith(_OF_SECONDS) and arguments and self.is_time(node.arguments[0], frame):
            arguments[0] = f"toDateTime({arguments[0]})"
        parameters = "" if node.parameters is None else f"({self.list(node.parameters, frame)})"
        distinct = "DISTINCT " if node.distinct else ""
        text = f"{name}{parameters}({distinct}{', '.join(arguments)})"
        return text if node.window is None else f"{text} OVER ({self.window(node.window, frame)})"

    def checked(self, node: ast.Call) -> None:
        """Refuse what a function would make out of an argument: code out of a text, a large value out of a number."""
        name = node.name.lower()
        if name in _REDUCING:
            self.reducer(node)
        elif name in _TYPED and node.arguments:
            kind = node.arguments[-1]
            if not isinstance(kind, ast.Constant) or type_name(str(kind.value)) is None:
                raise self.fail(f"{node.name} takes a type such as 'Int64' or 'Array(String)' at its end", node)
        elif name in _LARGEST:
            at = _COUNT_AT[name]
            count = node.arguments[at] if len(node.arguments) > at else None
            value = count.value if isinstance(count, ast.Constant) else None
            if not isinstance(value, int) or not 0 <= value <= _LARGEST[name]:
                raise self.fail(f"{node.name} takes a written number up to {_LARGEST[name]}", node)

    def reducer(self, node: ast.Call) -> None:
        """arrayReduce evaluates a text: only the name of an aggregate, perhaps with numbers in brackets, may be one."""
        first = node.arguments[0] if node.arguments else None
        text = first.value if isinstance(first, ast.Constant) else None
        name, bracket, parameters = str(text or "").partition("(")
        numbers = parameters.removesuffix(")").replace(",", "").replace(".", "").replace(" ", "")
        well_formed = not bracket or (parameters.endswith(")") and (numbers.isascii() and numbers.isdigit()))
        if not isinstance(text, str) or aggregate_name(name) is None or not well_formed:
            raise self.fail(f"{node.name} takes the name of an aggregate function, such as 'sum', first", node)

    # -- windows

    def neighbour(self, name: str, node: ast.Call, window: ast.Window, frame: Frame) -> str:
        """lag and lead look at the whole partition, and answer NULL where there is no row."""
        written = self.named_window(window, frame)
        parts = [self.sql(item, frame) for item in node.arguments]
        for place in (0, 2):
            if len(parts) > place:
                parts[place] = f"toNullable({parts[place]})"
        over = self.window(replace(written, frame=written.frame or _WHOLE_PARTITION), frame)
        return f"{name}({', '.join(parts)}) OVER ({over})"

    def named_window(self, window: ast.Window, frame: Frame) -> ast.Window:
        """A window with what the WINDOW clause says of its name."""
        known = frame.windows
        while window.name:
            base = known.get(window.name)
            if base is None:
                raise self.fail(f"there is no window {window.name!r}", window)
            known = {name: other for name, other in known.items() if name != window.name}
            window = replace(
                window,
                name=base.name,
                partition=window.partition or base.partition,
                order=window.order or base.order,
                frame=window.frame or base.frame,
            )
        return window

    def window(self, window: ast.Window, frame: Frame) -> str:
        window = self.named_window(window, frame)
        parts: list[str] = []
        if window.partition:
            parts.append(f"PARTITION BY {self.list(window.partition, frame)}")
        if window.order:
            parts.append(f"ORDER BY {self.order(window.order, frame)}")
        return " ".join([*parts, window.frame]).strip()

    def order(self, items: Sequence[ast.OrderItem], frame: Frame) -> str:
        return ", ".join(
            self.sql(item.expression, frame)
            + (" DESC" if item.descending else "")
            + (f" NULLS {item.nulls}" if item.nulls else "")
            for item in items
        )
