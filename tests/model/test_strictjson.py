import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.model.inflate import BadGzip, TooLarge, gunzip
from leanbase.model.strictjson import NotJson, is_strict_text, make_strict, read_object

TEXT = st.text(st.characters(), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.booleans())
def test_what_python_writes_becomes_strict(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        strict = make_strict(text)
    except NotJson as problem:
        assert "UTF-8" in str(problem)  # a lone surrogate that was not escaped
        return
    msgspec.json.decode(strict)
    assert is_strict_text(strict)
    assert make_strict(strict) == strict


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":}'])
def test_what_is_no_json_is_said_so(text: bytes) -> None:
    with pytest.raises(NotJson):
        make_strict(text)


@pytest.mark.parametrize(
    ("raw", "members"),
    [
        (b"", {}),
        (b"[]", {}),
        (b"null", {}),
        (b'"x"', {}),
        (b'{"a":1}', {"a": 1}),
        (b'{"a":1e999}', {"a": None}),
        (b'{"a":' + b"9" * 5000 + b"}", {"a": None}),
        (b'{"a":-12345678901234567890123}', {"a": -12345678901234567890123}),
    ],
)
def test_objects_are_read_forgivingly(raw: bytes, members: dict[str, Any]) -> None:
    assert read_object(raw) == members


def test_gunzip_is_bounded_whatever_the_trailer_says() -> None:
    packed = gzip.compress(b"a" * 10_000)
    assert gunzip(packed, 10_000) == b"a" * 10_000
    for size in (0, 5, 9_999, 10_001, 2**32 - 1):
        lying = packed[:-4] + size.to_bytes(4, "little")
        with pytest.raises((BadGzip, TooLarge)):
            gunzip(lying, 10_000)
    with pytest.raises(TooLarge):
        gunzip(packed, 9_999)


@given(st.binary(max_size=60))
def test_noise_is_no_gzip(noise: bytes) -> None:
    with pytest.raises((BadGzip, TooLarge)):
        gunzip(noise, 1000)
