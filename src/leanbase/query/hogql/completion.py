"""HogQLAutocomplete: what may stand where the cursor is, by the tables of the SELECT around it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.functions import known_names
from leanbase.query.hogql.parser import parse_query
from leanbase.query.hogql.query_compiler import QueryCompiler
from leanbase.query.hogql.schema import TABLES, keys_of
from leanbase.query.hogql.tables import SYNONYMS
from leanbase.query.hogql.tokens import Token, tokenize

MOST_SUGGESTIONS = 220  # PostHog's number; more are told by incomplete_list
_WORD = re.compile(r"((?:[\w$]+\.)*)([\w$]*)$")
_AT_TABLE = re.compile(r"\b(?:from|join)\s+$", re.IGNORECASE)
_NOT_ALIASES = ("where", "join", "left", "right", "inner", "full", "cross", "on", "group", "order", "limit", "array")
_PERSON = ("id", "created_at", "properties", "is_identified")
_INSIDE: Mapping[str, tuple[str, ...]] = {  # what follows a dot behind a column of events
    "person": _PERSON,
    "poe": ("id", "created_at", "properties"),
    "pdi": ("distinct_id", "person_id", "person"),
    "session": tuple(TABLES["sessions"]),
    **{f"group_{index}": ("key", "properties", "created_at") for index in range(5)},
}
Suggestion = tuple[str, str]  # kind and label


@dataclass
class _Scope:
    """The tables that can be seen: by their names there, the columns of each; ``kind`` is a table's own name."""

    columns: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    kind: dict[str, str] = field(default_factory=dict[str, str])
    ctes: list[str] = field(default_factory=list[str])


def run_autocomplete(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``suggestions`` (kind, label, insertText) for the word that ends at ``endPosition``."""
    text, end = str(query.get("query") or ""), query.get("endPosition")
    cursor = min(end, len(text)) if isinstance(end, int) and not isinstance(end, bool) and end >= 0 else len(text)
    found = list(dict.fromkeys(_suggested(ctx, text, cursor))) if cursor else []
    return {
        "suggestions": [
            {"kind": kind, "label": label, "insertText": _inserted(kind, label), "detail": None}
            for kind, label in found[:MOST_SUGGESTIONS]
        ],
        "incomplete_list": len(found) > MOST_SUGGESTIONS,
        "results": [],
    }


def _inserted(kind: str, label: str) -> str:
    if kind == "Function":
        return f"{label}()"
    return label if re.fullmatch(r"[\w$.]+", label) else f"`{label}`"


def _suggested(ctx: QueryContext, text: str, cursor: int) -> Iterable[Suggestion]:
    match = _WORD.search(text[:cursor])
    chain, word = (match[1].split(".")[:-1], match[2].lower()) if match else ([], "")
    scope = _scope(ctx, text, cursor)
    start = cursor - len(word) - sum(len(part) + 1 for part in chain)
    if _AT_TABLE.search(text[:start]):
        names: Iterable[Suggestion] = [] if chain else [("Folder", name) for name in (*scope.ctes, *TABLES)]
    elif chain:
        names = [("Variable", name) for name in _members(ctx, chain, scope)]
    else:
        columns = [name for names in scope.columns.values() for name in names] or list(TABLES["events"])
        aliases = [name for name in scope.columns if name != scope.kind.get(name)]
        names = [
            *(("Folder", name) for name in aliases),
            *(("Variable", name) for name in columns),
            *(("Function", name) for name in known_names()),
        ]
    return (item for item in names if item[1].lower().startswith(word))


def _members(ctx: QueryContext, chain: list[str], scope: _Scope) -> Sequence[str]:
    """What may follow a chain of names and a dot."""
    table = scope.kind.get(chain[0], "")
    if chain[0] in scope.columns:
        chain = chain[1:]
    elif len(scope.columns) <= 1:
        table = next(iter(scope.kind.values()), "events" if not scope.columns else "")
    else:
        return ()
    if not chain:
        return next((names for name, names in scope.columns.items() if scope.kind.get(name, "") == table), ())
    if chain[-1] == "properties":
        return keys_of(ctx, "persons" if table == "persons" or set(chain) & {"person", "poe"} else "events")
    if chain[-1] == "person" and table != "groups":
        return _PERSON
    return _INSIDE.get(chain[-1], ()) if table == "events" else ()


def _scope(ctx: QueryContext, text: str, cursor: int) -> _Scope:
    """The tables of the innermost SELECT around the cursor."""
    scope = _Scope()
    try:
        tokens = tokenize(text)
    except SqlError:  # half-written text: what stands before it may still be read
        try:
            tokens = tokenize(text[: text.rfind("'", 0, cursor)] if "'" in text[:cursor] else text[:cursor])
        except SqlError:
            return scope
    closing = _brackets(tokens)
    first, last = 0, len(tokens) - 1
    for opened, closed in closing.items():
        inside = tokens[opened].end <= cursor <= tokens[closed].start
        if inside and opened + 1 < len(tokens) and tokens[opened + 1].is_word("select", "with") and opened >= first:
            first, last = opened + 1, closed
    scope.ctes += [
        token.text
        for place, token in enumerate(tokens[:-2])
        if token.kind in ("name", "quoted") and tokens[place + 1].is_word("as") and place + 2 in closing
    ]
    place = first
    while place < last:
        if tokens[place].is_symbol("(") and place in closing:
            place = closing[place]
        elif tokens[place].is_word("from", "join"):
            place = _read_table(ctx, text, tokens, closing, place + 1, scope)
            continue
        place += 1
    return scope


def _brackets(tokens: Sequence[Token]) -> dict[int, int]:
    """Where each bracket that opens is closed; one that is not, at the end."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.is_symbol("("):
            opened.append(place)
        elif token.is_symbol(")") and opened:
            found[opened.pop()] = place
    return {**found, **dict.fromkeys(opened, len(tokens) - 1)}


def _read_table(
    ctx: QueryContext, text: str, tokens: Sequence[Token], closing: Mapping[int, int], place: int, scope: _Scope
) -> int:
    """One entry of FROM; answers the place behind it."""
    start, kind, columns = place, "", tuple[str, ...]()
    if place in closing:
        columns = _columns(ctx, text[tokens[place].end : tokens[closing[place]].start])
        name, place = f"({start})", closing[place] + 1
    elif tokens[place].kind in ("name", "quoted"):
        name, place = tokens[place].text, place + 1
        while tokens[place].is_symbol(".") and tokens[place + 1].kind in ("name", "quoted"):
            name, place = f"{name}.{tokens[place + 1].text}", place + 2
        kind = SYNONYMS.get(name.removeprefix("posthog."), name)
        if name in scope.ctes:
            before = next((token.start for token in tokens if token.is_word("with")), 0)
            ends = [
                tokens[closing[at + 2]].end
                for at in range(len(tokens) - 2)
                if tokens[at].text == name and tokens[at + 1].is_word("as") and at + 2 in closing
            ]
            columns, kind = _columns(ctx, f"{text[before : ends[0]]} select * from `{name}`") if ends else (), ""
        else:
            columns = tuple(TABLES.get(kind, {}))
    else:
        return place
    place = min(place, len(tokens) - 1)
    if tokens[place].is_word("as"):
        place += 1
    if tokens[place].kind in ("name", "quoted") and not tokens[place].is_word(*_NOT_ALIASES):
        name, place = tokens[place].text, place + 1
    scope.columns[name] = columns
    if kind:
        scope.kind[name] = kind
    return place


def _columns(ctx: QueryContext, text: str) -> tuple[str, ...]:
    """The columns of a query; none when it is not finished."""
    try:
        return QueryCompiler(ctx, Binder(), text).compile(parse_query(text)).columns
    except (QueryError, RecursionError):
        return ()
