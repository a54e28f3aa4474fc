"""Texts as the Native format has them, against the plainest way to write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.store.native import EncodingError, encode_column, varint

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
values = st.one_of(texts, texts.map(str.encode), st.sampled_from(["", "x" * 127, "x" * 128, "x" * 20_000]))


def plainly(column: list[str | bytes]) -> bytes:
    written = b""
    for value in column:
        data = value.encode() if isinstance(value, str) else value
        written += varint(len(data)) + data
    return written


@given(st.one_of(st.lists(values), st.lists(texts), st.lists(texts.map(str.encode))))
def test_texts_and_bytes_are_written_alike(column: list[str | bytes]) -> None:
    assert encode_column("String", column) == ("String", plainly(column))
    assert encode_column("LowCardinality(String)", column) == ("String", plainly(column))


@pytest.mark.parametrize("column", [["a", None], [None, "a"], ["a", 5], [b"a", 5], [["a"]]])
@pytest.mark.parametrize("kind", ["String", "LowCardinality(String)"])
def test_what_is_no_text_is_refused(kind: str, column: list[object]) -> None:
    with pytest.raises(EncodingError):
        encode_column(kind, column)
