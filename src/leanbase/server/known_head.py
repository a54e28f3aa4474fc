"""The head of a request that came before on the same connection: it needs no second parsing.

An SDK that keeps its connection sends the same request line and headers with every post; only the length of the body
differs. Comparing bytes takes a fifth of what a parser's callbacks take.
"""

import re
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: ?([0-9]{1,9})\r\n", re.IGNORECASE)
_LARGEST = 4096  # bytes of a head that is remembered
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class KnownHead:
    """What stands before and behind the digits of the only ``Content-Length``."""

    before: bytes
    behind: bytes

    def body_of(self, data: bytes, limit: int) -> bytes | None:
        """The body, when ``data`` is this head with any length up to ``limit`` and just the body; else None."""
        start = len(self.before)
        if not data.startswith(self.before):
            return None
        end = data.find(b"\r", start, start + _DIGITS + 1)
        digits = data[start:end]
        if end < 0 or not digits.isdigit() or not data.startswith(self.behind, end):
            return None
        length, begin = int(digits), end + len(self.behind)
        return data[begin:] if length == len(data) - begin and length <= limit else None


def known_head(data: bytes) -> KnownHead | None:
    """The head to remember of ``data``, which a parser took as one whole request; None when it is not that plain."""
    size = data.find(b"\r\n\r\n") + 4
    if not 4 <= size <= _LARGEST:
        return None
    head = data[:size]
    lowered = head.lower()
    # A second length or another way to say where the body ends is left to the parser.
    if lowered.count(b"content-length") != 1 or b"transfer-encoding" in lowered:
        return None
    found = _LENGTH.search(head)
    if found is None or int(found[1]) != len(data) - size:
        return None
    return KnownHead(head[: found.start(1)], head[found.end(1) :])
