"""SQL text into tokens."""

import re
from dataclasses import dataclass
from typing import Literal

from leanbase.query.hogql.errors import SqlError

Kind = Literal["name", "quoted", "string", "number", "symbol", "end"]
LONGEST_QUERY = 100_000  # characters; far beyond what anybody writes
DEEPEST_TEMPLATE = 10  # templates in expressions of templates

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|//[^\n]*|/\*.*?\*/|\#![^\n]*)
    | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[A-Za-z_$\u00a1-\uffff][\w$\u00a1-\uffff]*)
    | (?P<string>'(?:[^'\\]|\\.|'')*')
    | (?P<quoted>`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*")
    | (?P<symbol>->|::|\?\?|\?\.|<=>|!=|<>|<=|>=|==|=~\*|=~|!~\*|!~|~\*|~|\|\||[-+*/%(),.\[\]{}<>=?:;])
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT = re.compile(r"(?:[^'{\\]|\\.|'')*", re.DOTALL)  # of a template, up to an expression or the end
_SURROGATE = re.compile("[\ud800-\udfff]")
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
    lone = _SURROGATE.search(text)
    if lone is not None:
        raise SqlError("half of a character (a lone surrogate) is no text", text, lone.start(), lone.end())
    tokens: list[Token] = []
    end = _scan(text, 0, tokens, 0)
    tokens.append(Token("end", "", end, end))
    return tokens


def _scan(text: str, position: int, tokens: list[Token], depth: int) -> int:
    """Append the tokens from ``position`` on; answers where they end: at the end of the text, or in a template
    (``depth`` counts how many are open) at the bracket that closes its expression."""
    brackets = 0
    while position < len(text):
        if text[position] in "fF" and text[position + 1 : position + 2] == "'":
            position = _template(text, position, tokens, depth + 1)
            continue
        match = _member(tokens, text, position) or _TOKEN.match(text, position)
        if match is None:
            character = text[position]
            message = "this text is not closed" if character in "'`\"" else f"unexpected {character!r}"
            raise SqlError(message, text, position, position + 1)
        kind = match.lastgroup
        if kind == "number" and match.end() < len(text) and re.match(r"[A-Za-z_]", text[match.end()]):
            raise SqlError("a name cannot begin with a digit; put it in backticks", text, position, match.end())
        if depth and kind == "symbol" and match[0] in "{}":
            brackets += 1 if match[0] == "{" else -1
            if brackets < 0:
                return position
        if kind in ("string", "quoted"):
            tokens.append(Token(kind, _unquote(match[0]), position, match.end()))
        elif kind in ("name", "number", "symbol"):
            tokens.append(Token(kind, match[0], position, match.end()))
        position = match.end()
    if depth:
        raise SqlError("this template is not closed", text, position)
    return position


def _template(text: str, start: int, tokens: list[Token], depth: int) -> int:
    """``f'hello {event}'`` as the tokens of ``concat('hello ', (event))``; answers where it ends."""
    if depth > DEEPEST_TEMPLATE:
        raise SqlError(f"templates are nested more than {DEEPEST_TEMPLATE} levels deep", text, start)
    tokens.append(Token("name", "concat", start, start + 1))
    tokens.append(Token("symbol", "(", start + 1, start + 2))
    position = start + 2
    while True:
        piece = _TEXT.match(text, position)
        assert piece is not None  # it may be empty
        tokens.append(Token("string", _unquote(f"'{piece[0]}'").replace("\\{", "{"), position, piece.end()))
        position = piece.end()
        if position >= len(text):
            raise SqlError("this template is not closed", text, start, start + 2)
        if text[position] == "'":
            tokens.append(Token("symbol", ")", position, position + 1))
            return position + 1
        tokens += [Token("symbol", ",", position, position), Token("symbol", "(", position, position + 1)]
        before, opened = len(tokens), position
        position = _scan(text, position + 1, tokens, depth)
        if len(tokens) == before:
            raise SqlError("expected an expression between the brackets", text, opened, position + 1)
        tokens += [Token("symbol", ")", position, position + 1), Token("symbol", ",", position + 1, position + 1)]
        position += 1


def _member(tokens: list[Token], text: str, position: int) -> re.Match[str] | None:
    """The dot and the number of ``x.1``, which alone would read as the number .1."""
    if not tokens or tokens[-1].end != position:
        return None
    before = tokens[-1]
    if before.is_symbol(".", "?."):
        return _DIGITS.match(text, position)
    is_member = before.kind == "number" and len(tokens) > 1 and tokens[-2].is_symbol(".", "?.")  # the 1 of x.1.2
    if is_member or before.kind in ("name", "quoted") or before.is_symbol(")", "]"):
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
