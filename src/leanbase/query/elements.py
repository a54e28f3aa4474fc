"""Reading ``elements_chain``: the clicked element first, then its ancestors, separated by ``;``.

One element is ``tag.class-a.class-b:attr__href="…"href="…"nth-child="1"text="…"``: classes and attributes sorted,
quotes inside values escaped with a backslash.
"""

import re
from dataclasses import dataclass, field

from leanbase.query.binder import Binder
from leanbase.query.patterns import escaped

_INSIDE = r'(?:[^;"]|"(?:[^"\\]|\\.)*")'  # one step inside an element: a character, or a whole quoted value
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_NTH = r":(?P<nth>nth-child|nth-of-type)\((?P<n>\d+)\)"
# A letter of a class's or an id's name: escaped, or plain, but not where :nth-child( begins.
_LETTER = r"\\.|(?!:nth-(?:child|of-type)\()[\w:/!%@-]"
_TAG = re.compile(r"\*|[a-zA-Z][\w-]*")
_PIECE = re.compile(
    # Names of classes such as max-w-[10px] have brackets, but no = in them.
    rf"\.(?P<class>(?:{_LETTER}|\[[^\]=]*\])+)|\#(?P<id>(?:{_LETTER})+)"
    rf"|\[\s*(?P<attr>[\w:@.-]+)\s*=\s*(?:(?P<quoted>{_QUOTED})|(?P<bare>[\w-]+))\s*\]|{_NTH}"
)
_TOKEN = re.compile(rf"(?:\\.|\[(?:{_QUOTED}|[^\]\"'])*\]|[^\s>\\\[\]\"'])+|\S")  # a compound, a >, or what is neither
NEVER = "$.^"  # matches no text


@dataclass
class _Part:
    """One compound of a selector: what must hold for one element."""

    tag: str = ""
    classes: list[str] = field(default_factory=list[str])
    attributes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    direct: bool = False  # joined to the part before it by >


def element_text(chain: str, attribute: str) -> str:
    """SQL over a chain: the first ``href``, Nullable(String); all values of ``text`` or ``attr_id``."""
    pattern = rf'(?::|"){attribute}=("(?:[^"\\]|\\.)*")'
    literal = pattern.replace("\\", "\\\\").replace("'", "\\'")
    unquoted = "replaceAll(substring({0}, 2, length({0}) - 2), '\\\\\"', '\"')"
    if attribute == "href":
        first = f"extract({chain}, '{literal}')"
        return f"if(empty({first}), NULL, {unquoted.format(first)})"
    return f"arrayDistinct(arrayMap(x -> {unquoted.format('x')}, extractAll({chain}, '{literal}')))"


def has_tag(chain: str, tag: str, binder: Binder) -> str:
    """SQL: whether any element of the chain has this tag."""
    pattern = rf"(^|;){escaped(tag)}(\.|$|;|:)"
    return f"match({chain}, {binder(pattern, 'String')})"


def matches_selector(chain: str, selector: str, binder: Binder) -> str:
    """SQL: whether an element of the chain, with its ancestors, matches a CSS selector."""
    return f"match({chain}, {binder(selector_pattern(selector), 'String')})"


def selector_pattern(selector: str) -> str:
    """A pattern over elements chains for a CSS selector.

    Known: tag, ``*``, ``.class``, ``#id``, ``[attr="v"]``, ``:nth-child(n)``, ``:nth-of-type(n)``, a space and ``>``.
    Anything else in CSS matches nothing. Case counts; an attribute's name is matched at its end, so that
    ``[data-x="1"]`` finds ``attr__data-x="1"``.
    """
    parts = _parse(selector)
    if not parts:
        return NEVER
    pattern = "(?:^|;)"
    inner: _Part | None = None
    for part in reversed(parts):  # the chain begins with the innermost element
        if inner is not None:
            # Between an element and a farther ancestor any number of whole elements may stand.
            pattern += ";" if inner.direct else f";(?:{_INSIDE}*;)*"
        pattern += _element(part)
        inner = part
    return pattern + "(?:;|$)"


def _element(part: _Part) -> str:
    pattern = escaped(part.tag) if part.tag else r'[^;.:"]*'
    for name in sorted(part.classes):
        pattern += rf'(?:\.[^;."]*)*?\.{escaped(name)}'
    if not part.attributes:
        return pattern + f"(?:[.:]{_INSIDE}*)?"
    pattern += "[.:]"
    for name, value in sorted(part.attributes, key=_place_in_chain):
        quoted = escaped(value.replace('"', '\\"'))
        pattern += f'{_INSIDE}*?{escaped(name)}="{quoted}"'
    return pattern + f"{_INSIDE}*"


def _place_in_chain(attribute: tuple[str, str]) -> str:
    """Attributes stand in the order of their full names."""
    name = attribute[0]
    return name if name in ("attr_id", "href", "nth-child", "nth-of-type", "text") else f"attr__{name}"


def _parse(selector: str) -> list[_Part]:
    """The compounds of a selector from the outside in; empty when it uses what is not known."""
    parts: list[_Part] = []
    direct = False
    for token in _tokens(selector):
        if token == ">":
            if direct or not parts:
                return []
            direct = True
            continue
        part = _parse_part(token)
        if part is None:
            return []
        part.direct = direct
        direct = False
        parts.append(part)
    return [] if direct else parts


def _tokens(selector: str) -> list[str]:
    """The compounds of a selector and the ``>`` between them, without the ``> *``, which PostHog drops: an element
    inside of any child is an element inside."""
    kept: list[str] = []
    for token in _TOKEN.findall(selector):
        if kept[-2:] == [">", "*"]:
            del kept[-2:]
            if token == ">":
                continue
        kept.append(token)
    return kept[:-2] if kept[-2:] == [">", "*"] else kept


def _parse_part(word: str) -> _Part | None:
    tag = _TAG.match(word)
    part = _Part(tag=tag[0] if tag and tag[0] != "*" else "")
    position = tag.end() if tag else 0
    while position < len(word):
        piece = _PIECE.match(word, position)
        if piece is None:
            return None
        position = piece.end()
        if piece["class"]:
            part.classes.append(_plain(piece["class"]))
        else:
            attribute = _attribute(piece)
            if attribute not in part.attributes:
                part.attributes.append(attribute)
    return part


def _attribute(piece: re.Match[str]) -> tuple[str, str]:
    """What a compound asks of an attribute: its name in the chain, and its value."""
    if piece["id"]:
        return "attr_id", _plain(piece["id"])
    if piece["nth"]:
        return piece["nth"], piece["n"]
    name = "attr_id" if piece["attr"] == "id" else piece["attr"]
    return name, _plain(piece["quoted"][1:-1]) if piece["quoted"] else piece["bare"]


def _plain(text: str) -> str:
    """Without the backslashes that CSS puts before the characters it would read otherwise."""
    return re.sub(r"\\(.)", r"\1", text)
