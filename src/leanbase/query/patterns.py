"""Whether the engine accepts a regular expression (RE2), asked of the engine itself."""

from functools import lru_cache
from string import punctuation
from threading import Lock

from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.store.client import StoreError
from leanbase.store.sql import Sql

CANNOT_COMPILE = "CANNOT_COMPILE_REGEXP"
_known: dict[str, bool] = {}
_guard = Lock()
_KNOWN_LIMIT = 10_000  # patterns remembered; a few MB at most


def is_valid_pattern(pattern: str, ctx: QueryContext) -> bool:
    """Whether ``pattern`` compiles. Costs one small query the first time it is seen."""
    known = _known.get(pattern)
    if known is not None:
        return known
    try:
        ctx.execute(Sql("SELECT match(materialize(''), {pattern:String})", {"pattern": pattern}))
        valid = True
    except StoreError as problem:
        if problem.name != CANNOT_COMPILE:
            raise
        valid = False
    except QueryError as problem:  # the same refusal, explained
        if problem.code != CANNOT_COMPILE.lower():
            raise
        valid = False
    with _guard:
        if len(_known) >= _KNOWN_LIMIT:
            _known.clear()
        _known[pattern] = valid
    return valid


@lru_cache(maxsize=1000)
def escaped(text: str) -> str:
    """``text`` as a pattern of RE2 that matches just it."""
    return "".join(f"\\{c}" if c in punctuation else c for c in text)
