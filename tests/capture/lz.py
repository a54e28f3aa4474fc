"""LZ-string's compressor in its plainest form, to test the decoder against."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def compress_base64(text: str) -> str:
    """What ``LZString.compressToBase64`` gives."""
    units = [int.from_bytes(pair, "little") for pair in _pairs(text.encode("utf-16-le", "surrogatepass"))]
    bits: list[int] = []
    codes: dict[tuple[int, ...], int] = {}
    fresh: set[tuple[int, ...]] = set()
    room, width, next_code = 2, 2, 3
    phrase: tuple[int, ...] = ()

    def emit(value: int, count: int) -> None:
        bits.extend(value >> place & 1 for place in range(count))

    def spend() -> None:
        nonlocal room, width
        room -= 1
        if room == 0:
            room = 1 << width
            width += 1

    def emit_phrase() -> None:
        if phrase in fresh:
            wide = phrase[0] >= 256
            emit(1 if wide else 0, width)
            emit(phrase[0], 16 if wide else 8)
            spend()
            fresh.discard(phrase)
        else:
            emit(codes[phrase], width)
        spend()

    for unit in units:
        one = (unit,)
        if one not in codes:
            codes[one] = next_code
            next_code += 1
            fresh.add(one)
        longer = (*phrase, unit)
        if longer in codes:
            phrase = longer
        else:
            emit_phrase()
            codes[longer] = next_code
            next_code += 1
            phrase = one
    if phrase:
        emit_phrase()
    emit(2, width)
    bits.extend([0] * (-len(bits) % 6))
    letters = "".join(LETTERS[int("".join(map(str, bits[place : place + 6])), 2)] for place in range(0, len(bits), 6))
    return letters + "=" * (-len(letters) % 4)


def _pairs(data: bytes) -> list[bytes]:
    return [data[place : place + 2] for place in range(0, len(data), 2)]
