"""Refusals of the engine as answers that a person can use."""

import re

from leanbase.query.errors import QueryError
from leanbase.store.client import StoreError

_FRAME = re.compile(r"^(?:Code: \d+\. )?(?:DB::Exception: )?(?:Received from [^:]+:\d+\. DB::Exception: )?", re.DOTALL)
_TAIL = re.compile(
    r"(?:: |[.] )?(?:In scope .*|In query .*|While processing .*|while executing .*|\(version [^)]*\).*)$", re.DOTALL
)
_OWN_NAMES = re.compile(r"\blb_t\d+(?:_e)?\.")  # our aliases of tables, before the columns that somebody wrote
_LONGEST = 500  # characters of the engine's own words

_GUIDANCE = {
    159: ("timeout_exceeded", "The query took too long. Ask for a shorter time range, fewer columns, or a sample."),
    160: ("too_slow", "The query would take too long. Ask for a shorter time range, or a sample."),
    241: (
        "memory_limit_exceeded",
        "The query needs too much memory. Ask for a shorter time range, fewer groups, or a sample.",
    ),
    307: ("too_many_bytes", "The query reads too much. Ask for a shorter time range."),
    394: ("query_was_cancelled", "The query was cancelled."),
    396: (
        "too_many_rows_or_bytes",
        "The answer is too large. Ask for a shorter time range, add a LIMIT, group more, or choose fewer columns.",
    ),
    158: ("too_many_rows", "The query reads too many rows. Ask for a shorter time range."),
    306: ("too_deep_recursion", "The query is nested too deeply, or a WITH RECURSIVE does not end."),
    167: ("too_deep_ast", "The query is nested too deeply."),
    168: ("too_big_ast", "The query is too large."),
}
_UNREADABLE = " deserialization not supported"
_UNREACHABLE = frozenset({209, 210, 279, 999})


def explained(problem: StoreError) -> QueryError:
    """The error to show for a refusal: 400, or 503 when the store cannot be reached."""
    if str(problem).endswith(_UNREADABLE):  # said by the client: the engine answered
        kind = str(problem).removesuffix(_UNREADABLE)
        return QueryError(
            f"A column of type {kind} cannot be shown. Finish a state with -Merge, or convert the value with toString.",
            "illegal_column",
        )
    if problem.code in _UNREACHABLE:
        return QueryError(
            "The event store cannot be reached just now. Try again.",
            "store_unavailable",
            status=503,
            kind="server_error",
        )
    if problem.code in _GUIDANCE:
        code, detail = _GUIDANCE[problem.code]
        return QueryError(detail, code)
    words = _OWN_NAMES.sub("", _TAIL.sub("", _FRAME.sub("", str(problem)))).strip().rstrip(".:")
    return QueryError(words[:_LONGEST] + "." if words else "The engine refused this query.", _code(problem.name))


def _code(name: str) -> str:
    return name.lower() if re.fullmatch(r"[A-Z_0-9]+", name) else "invalid_input"
