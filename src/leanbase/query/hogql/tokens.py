"""SQL text into tokens."""

import re
from dataclasses import dataclass
from typing import Literal

from leanbase.query.hogql.errors import SqlError

Kind = Literal["name", "quoted", "string", "number", "symbol", "end"]
LONGEST_QUERY = 100_000  # characters; far beyond what anybody writes

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*.*?\*/|\#![^\n]*)
    | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[A-Za-z_$\u00a1-\uffff][\w$\u00a1-\uffff]*)
    | (?P<string>'(?:[^'\\]|\\.|'')*')
    | (?P<quoted>`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*")
    | (?P<symbol>->|::|\?\?|\?\.|<=>|!=|<>|<=|>=|==|=~\*|=~|!~\*|!~|\|\||[-+*/%(),.\[\]{}<>=?:;])
    """,
    re.VERBOSE | re.DOTALL,
)
_DOT, _DIGITS = re.compile(r"(?P<symbol>\.)"), re.compile(r"(?P<number>\d+)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the value: of a string or quoted name what it stands for, of all others as written."""

    kind: Kind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these words, in any case, unquoted."""
        return self.kind == "name" and self.text.lower() in words

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, without comments, closed by an ``end``. Raises :class:`SqlError`."""
    if len(text) > LONGEST_QUERY:
        raise SqlError(f"the query is longer than {LONGEST_QUERY} characters", text, 0)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _member(tokens, text, position) or _TOKEN.match(text, position)
        if match is None:
            character = text[position]
            message = "this text is not closed" if character in "'`\"" else f"unexpected {character!r}"
            raise SqlError(message, text, position, position + 1)
        kind = match.lastgroup
        if kind == "number" and match.end() < len(text) and re.match(r"[A-Za-z_]", text[match.end()]):
            raise SqlError("a name cannot begin with a digit; put it in backticks", text, position, match.end())
        if kind in ("string", "quoted"):
            tokens.append(Token(kind, _unquote(match[0]), position, match.end()))
        elif kind in ("name", "number", "symbol"):
            tokens.append(Token(kind, match[0], position, match.end()))
        position = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _member(tokens: list[Token], text: str, position: int) -> re.Match[str] | None:
    """The dot and the number of ``x.1``, which alone would read as the number .1."""
    if not tokens or tokens[-1].end != position:
        return None
    before = tokens[-1]
    if before.is_symbol("."):
        return _DIGITS.match(text, position)
    if before.kind in ("name", "quoted") or before.is_symbol(")", "]"):
        return _DOT.match(text, position)
    return None


def _unquote(text: str) -> str:
    quote, inner = text[0], text[1:-1].replace(text[0] * 2, text[0])
    # Of an unknown escape the backslash stays, as in ClickHouse: '\d' is a pattern, not a d.
    return re.sub(
        r"\\(.)",
        lambda found: _ESCAPES.get(found[1], found[1] if found[1] in ("\\", quote, "'", '"', "`", "/") else found[0]),
        inner,
        flags=re.DOTALL,
    )
