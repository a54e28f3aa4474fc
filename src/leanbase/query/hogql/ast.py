"""The tree of a query. What is not in here cannot be said: settings, formats, files, several statements, changes."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Node:
    """``start`` and ``end`` are offsets in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Constant(Node):
    value: "str | int | float | bool | list[object] | None"
    written: str = ""  # a number as it was written


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A chain of names: ``person.properties.email``; a number is an index into JSON."""

    parts: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Star(Node):
    table: str | None
    excluded: tuple[str, ...] = ()
    replaced: tuple[tuple[str, "Expression"], ...] = ()


@dataclass(frozen=True, slots=True)
class Placeholder(Node):
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderItem(Node):
    expression: "Expression"
    descending: bool
    nulls: str = ""  # "", "FIRST" or "LAST"


@dataclass(frozen=True, slots=True)
class Window(Node):
    partition: tuple["Expression", ...]
    order: tuple[OrderItem, ...]
    frame: str  # of closed words and numbers
    name: str = ""  # of the WINDOW clause


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    arguments: tuple["Expression", ...]
    parameters: tuple["Expression", ...] | None = None  # quantile(0.9)(x): 0.9
    distinct: bool = False
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Unary(Node):
    operator: Literal["-", "NOT"]
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    operand: "Expression"
    negated: bool


@dataclass(frozen=True, slots=True)
class Between(Node):
    operand: "Expression"
    low: "Expression"
    high: "Expression"
    negated: bool


@dataclass(frozen=True, slots=True)
class InCohort(Node):
    operand: "Expression"
    cohort: int | str
    negated: bool


@dataclass(frozen=True, slots=True)
class Case(Node):
    operand: "Expression | None"
    branches: tuple[tuple["Expression", "Expression"], ...]
    otherwise: "Expression | None"


@dataclass(frozen=True, slots=True)
class Cast(Node):
    operand: "Expression"
    type: str
    or_null: bool = False


@dataclass(frozen=True, slots=True)
class Array(Node):
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Tuple(Node):
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    parameters: tuple[str, ...]
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``x[1]``, ``x['key']`` or, as ``element``, ``x.1``."""

    operand: "Expression"
    index: "Expression"
    element: bool = False


@dataclass(frozen=True, slots=True)
class Interval(Node):
    amount: "Expression"
    unit: str


@dataclass(frozen=True, slots=True)
class Subquery(Node):
    query: "Query"


@dataclass(frozen=True, slots=True)
class Alias(Node):
    """``(expression AS name)`` inside an expression: what comes after may use the name."""

    expression: "Expression"
    name: str


Expression = (
    Constant | Field | Star | Placeholder | Call | Unary | Binary | IsNull | Between | InCohort | Case | Cast | Array
    | Tuple | Lambda | Index | Interval | Subquery | Alias
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SelectItem(Node):
    """``name`` is the alias, or without one the text as written (of a field its last part)."""

    expression: Expression
    name: str
    has_alias: bool


@dataclass(frozen=True, slots=True)
class TableName(Node):
    name: str
    arguments: tuple[Expression, ...] | None = None  # of numbers(10)


@dataclass(frozen=True, slots=True)
class Source(Node):
    """One table of FROM. ``join`` is "" for the first, else the words before JOIN."""

    table: "TableName | Query"
    alias: str | None
    join: str = ""
    condition: Expression | None = None
    using: tuple[str, ...] = ()
    sample: float | None = None


@dataclass(frozen=True, slots=True)
class Cte(Node):
    name: str
    query: "Query | None"
    expression: Expression | None
    recursive: bool = False  # its query may read itself


@dataclass(frozen=True, slots=True)
class LimitBy(Node):
    """``LIMIT count OFFSET offset BY columns``."""

    count: Expression
    columns: tuple[Expression, ...]
    offset: Expression | None = None


@dataclass(frozen=True, slots=True)
class Select(Node):
    items: tuple[SelectItem, ...]
    ctes: tuple[Cte, ...] = ()
    distinct: bool = False
    sources: tuple[Source, ...] = ()
    array_join: tuple[SelectItem, ...] = ()
    array_join_left: bool = False
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    group_all: bool = False
    group_modifier: str = ""  # "", "WITH ROLLUP", "WITH CUBE", "WITH TOTALS"
    having: Expression | None = None
    windows: tuple[tuple[str, Window], ...] = ()
    qualify: Expression | None = None
    order_by: tuple[OrderItem, ...] = ()
    limit_by: LimitBy | None = None
    limit: Expression | None = None
    with_ties: bool = False
    offset: Expression | None = None


@dataclass(frozen=True, slots=True)
class Union(Node):
    """``operators`` stand between the queries: UNION ALL, UNION DISTINCT, INTERSECT, EXCEPT."""

    queries: tuple["Query", ...]
    operators: tuple[str, ...]
    ctes: tuple[Cte, ...] = field(default=())

    def is_sum(self) -> bool:
        """Whether the rows of every query are in the answer."""
        return all(operator.startswith("UNION") for operator in self.operators)


Query = Select | Union
