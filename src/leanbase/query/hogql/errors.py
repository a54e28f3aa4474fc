"""What is wrong with a piece of SQL, and where."""

from leanbase.query.errors import QueryError


class SqlError(QueryError):
    """SQL that cannot be used. ``start`` and ``end`` are offsets in the text; ``detail`` names line and column."""

    def __init__(self, message: str, text: str, start: int, end: int | None = None) -> None:
        line = text.count("\n", 0, start) + 1
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.start = start
        self.end = max(start, end if end is not None else start)
