"""Decoder of LZ-string in its base64 form, which very old posthog-js sent as ``compression=lz64``.

LZ78 over UTF-16 units: a stream of bits, least significant first inside a number, six bits in each base64 letter.
"""

from leanbase.model.inflate import TooLarge

_LETTERS = {
    letter: f"{value:06b}"
    for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
_UNIT8, _UNIT16, _END = 0, 1, 2  # the first codes: a new 8-bit unit, a new 16-bit unit, the end


class BadLzString(ValueError):
    """The text is no LZ-string stream, or a damaged one."""


class _Bits:
    def __init__(self, text: bytes) -> None:
        try:
            self._bits = "".join([_LETTERS[letter] for letter in text.decode("ascii", "replace")])
        except KeyError:
            raise BadLzString("a letter that is not base64") from None
        self._place = 0

    def take(self, count: int) -> int:
        bits = self._bits[self._place : self._place + count]
        if len(bits) < count:
            raise BadLzString("the stream ends too early")
        self._place += count
        return int(bits[::-1], 2)


def decompress_base64(text: bytes, limit: int) -> str:
    """The text; at most ``limit`` UTF-16 units. Raises :class:`BadLzString` and ``TooLarge``."""
    bits = _Bits(text.rstrip(b"="))
    phrases: list[str] = ["", "", ""]  # the places of the special codes
    width = 2
    pieces: list[str] = []
    size = 0
    former = ""
    while True:
        code = bits.take(width)
        if code == _END:
            return "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if code in (_UNIT8, _UNIT16):
            phrase = chr(bits.take(8 if code == _UNIT8 else 16))
            phrases.append(phrase)
        elif code < len(phrases):
            phrase = phrases[code]
        elif code == len(phrases) and former:
            phrase = former + former[0]
        else:
            raise BadLzString("a code that was never defined")
        pieces.append(phrase)
        size += len(phrase)
        if size > limit:
            raise TooLarge(f"more than {limit} characters when decompressed")
        if former:
            phrases.append(former + phrase[0])
        former = phrase
        width = max(width, len(phrases).bit_length())
