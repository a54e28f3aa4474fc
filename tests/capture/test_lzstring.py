import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.capture.lzstring import BadLzString, decompress_base64
from leanbase.model.inflate import TooLarge
from tests.capture.lz import compress_base64


def test_the_known_answer_of_the_library() -> None:
    assert compress_base64("hello, i am a 猫") == "BYUwNmD2A0AECWsCGBbZtDUzkA=="
    assert decompress_base64(b"BYUwNmD2A0AECWsCGBbZtDUzkA==", 100) == "hello, i am a 猫"


@given(st.text(alphabet=st.sampled_from("ab{}猫😀\x00"), max_size=400) | st.text(max_size=100))
def test_what_was_compressed_comes_back(text: str) -> None:
    assert decompress_base64(compress_base64(text).encode(), 1000) == text


@given(st.binary(max_size=200))
def test_noise_is_refused_and_nothing_worse(noise: bytes) -> None:
    with contextlib.suppress(BadLzString, TooLarge):
        decompress_base64(noise, 10_000)


def test_the_output_is_bounded() -> None:
    with pytest.raises(TooLarge):
        decompress_base64(compress_base64("a" * 5000).encode(), 4999)
