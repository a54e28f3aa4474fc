"""The less usual encodings of a body, each with a bound on its output."""

import sys
import zlib

import brotli

from leanbase.model.inflate import BadGzip, TooLarge, gunzip, inflate

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODINGS = frozenset(("gzip", "deflate", "br", "zstd"))


def unpack(data: bytes, encoding: str, limit: int) -> bytes:
    """The content of ``data`` in one of :data:`ENCODINGS`. Raises ``TooLarge`` beyond ``limit`` bytes and
    ``ValueError`` when it is damaged or of another encoding.
    """
    if encoding == "gzip":
        return gunzip(data, limit)
    if encoding == "deflate":
        return _inflate(data, limit)
    content = _unbrotli(data, limit) if encoding == "br" else _unzstd(data, limit)
    if len(content) > limit:
        raise TooLarge(f"more than {limit} bytes when decompressed")
    return content


def _inflate(data: bytes, limit: int) -> bytes:
    # "deflate" means a zlib stream; some clients send a bare one.
    wrapped = len(data) >= 2 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return inflate(data, limit, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _unbrotli(data: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    try:
        content = stream.process(data, output_buffer_limit=limit + 1)
        if len(content) <= limit and not stream.is_finished():
            raise BadGzip("the stream ends too early")
    except brotli.error as problem:
        raise BadGzip(str(problem)) from None
    return content


def _unzstd(data: bytes, limit: int) -> bytes:
    stream = zstd.ZstdDecompressor()
    try:
        content = stream.decompress(data, limit + 1)
    except zstd.ZstdError as problem:
        raise BadGzip(str(problem)) from None
    if len(content) <= limit and not stream.eof:
        raise BadGzip("the stream ends too early")
    return content
