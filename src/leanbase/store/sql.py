"""SQL as text with typed binds. The only way a value reaches the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of ClickHouse SQL. ``text`` names its values as ``{name:Type}``; ``binds`` holds them.

    Pieces compose with :func:`join` and f-strings over ``.text`` only through :meth:`merge`, which refuses two
    different values of one name. ``binary`` names columns of the answer that hold bytes and not text.
    """

    text: str
    binds: Mapping[str, Any] = field(default_factory=dict)
    binary: tuple[str, ...] = ()
