"""Distinct ids that stand for nobody. A merge that names one is refused: it would join strangers.

The lists are PostHog's. They matter for merges only; an ordinary event may carry such an id and gets a person by it.
"""

_ANY_CASE = frozenset(
    {
        "anonymous",
        "guest",
        "distinctid",
        "distinct_id",
        "id",
        "not_authenticated",
        "email",
        "undefined",
        "true",
        "false",
    }
)
_AS_WRITTEN = frozenset({"[object Object]", "NaN", "None", "none", "null", "0", "undefined"})
_JS_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
MERGEABLE_LENGTH = 400  # code points; longer ids cannot take part in a merge


def is_illegal(distinct_id: str) -> bool:
    """Whether the id means nobody: blank, or on a list, bare or within one pair of quotes. Nothing is trimmed."""
    if not distinct_id.strip(_JS_SPACE):
        return True
    bare = distinct_id
    if len(bare) > 2 and bare[0] == bare[-1] and bare[0] in "'\"":
        bare = bare[1:-1]
    return bare in _AS_WRITTEN or bare.lower() in _ANY_CASE


def is_unmergeable(distinct_id: str) -> bool:
    """Whether a merge must not name this id: illegal, longer than 400 characters, or with a NUL inside."""
    return len(distinct_id) > MERGEABLE_LENGTH or "\0" in distinct_id or is_illegal(distinct_id)
