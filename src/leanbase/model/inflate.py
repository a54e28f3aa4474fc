"""Gzip without surprises: fast, and never more bytes than the caller allows."""

import zlib

import deflate

# Deflate cannot expand more than this; a size field that claims more is a lie that would only cost memory.
MAX_RATIO = 1032


class BadGzip(ValueError):
    """The bytes are no gzip stream, or a damaged one."""


class TooLarge(ValueError):
    """The decompressed size is beyond the limit."""


def gunzip(data: bytes, limit: int) -> bytes:
    """The content of the first gzip member in ``data``.

    libdeflate needs to know the size of its output. The trailer usually says it; where it does not (trailing
    bytes, more than one member, a lie), zlib streams instead. Raises :class:`BadGzip` or :class:`TooLarge`.
    """
    size = int.from_bytes(data[-4:], "little")
    if len(data) >= 18 and size <= limit and size <= len(data) * MAX_RATIO:
        try:
            return bytes(deflate.gzip_decompress(data, size + 1))
        except deflate.DeflateError:
            pass
    return inflate(data, limit, 31)


def inflate(data: bytes, limit: int, window_bits: int) -> bytes:
    """Stream through zlib with a bound; ``window_bits`` is zlib's (31 gzip, 15 zlib, -15 raw deflate)."""
    stream = zlib.decompressobj(window_bits)
    try:
        content = stream.decompress(data, limit + 1)
    except zlib.error as problem:
        raise BadGzip(str(problem)) from None
    if len(content) > limit:
        raise TooLarge(f"more than {limit} bytes when decompressed")
    if not stream.eof:
        raise BadGzip("the stream ends too early")
    return content
