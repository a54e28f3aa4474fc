"""Columns in ClickHouse's Native format, the engine's own wire form of a block.

Measured against ArrowStream and JSONEachRow (``docs/decisions/0003-insert-encoding.md``): the cheapest per row, and
it needs neither pyarrow nor pandas, which would stay in memory for ever. The format is documented by ClickHouse:
a block is the number of columns, the number of rows, then name, type and values of each column; integers and lengths
of strings are LEB128 or little-endian, a UUID is two little-endian halves, a Nullable column is a null map and values.
"""

import re
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Of one and of two bytes; longer ones are rare.
_LENGTHS = tuple(bytes([n]) if n < 128 else bytes([n & 127 | 128, n >> 7]) for n in range(1 << 14))
_INTEGERS = {
    "UInt8": "B",
    "UInt16": "H",
    "UInt32": "I",
    "UInt64": "Q",
    "Int8": "b",
    "Int16": "h",
    "Int32": "i",
    "Int64": "q",
    "Float32": "f",
    "Float64": "d",
}
_WRAPPED = re.compile(r"(LowCardinality|Nullable|Array)\((.*)\)$")
_MAP = re.compile(r"Map\((\w+|LowCardinality\(\w+\)), (\w+)\)$")


class EncodingError(ValueError):
    """A value does not fit its column; the message names both."""


def varint(number: int) -> bytes:
    """A length as the format writes it (LEB128)."""
    if number < 1 << 14:
        return _LENGTHS[number]
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _text(value: str) -> bytes:
    data = value.encode()
    return varint(len(data)) + data


def _strings(values: Sequence[Any]) -> bytes:
    first = values[0] if values else ""
    if values.count(first) == len(values):
        data = first.encode() if isinstance(first, str) else first
        return (varint(len(data)) + data) * len(values)
    texts: Sequence[bytes]
    if isinstance(first, str):
        try:
            texts = list(map(str.encode, values))
        except TypeError:  # texts and bytes mixed
            texts = _as_bytes(values)
    else:
        texts = _as_bytes(values)
    try:
        lengths = [_LENGTHS[size] for size in map(len, texts)]
    except IndexError:
        lengths = [varint(len(text)) for text in texts]
    pieces = [b""] * (2 * len(texts))
    pieces[::2] = lengths
    pieces[1::2] = texts
    return b"".join(pieces)


def _as_bytes(values: Sequence[Any]) -> list[bytes]:
    return [value.encode() if isinstance(value, str) else value for value in values]


class _Written(dict[Any, bytes]):
    """Texts as they are written, each encoded once."""

    def __missing__(self, text: Any) -> bytes:
        data = text.encode() if isinstance(text, str) else text
        written = self[text] = varint(len(data)) + data
        return written


def _few_strings(values: Sequence[Any]) -> bytes:
    """As ``_strings``, for columns of few different texts."""
    return b"".join(map(_Written().__getitem__, values))


def _numbers(code: str) -> Callable[[Sequence[Any]], bytes]:
    def encode(values: Sequence[Any]) -> bytes:
        packed = array(code, values)
        if sys.byteorder == "big":
            packed.byteswap()
        return packed.tobytes()

    return encode


def _uuids(values: Sequence[Any]) -> bytes:
    try:
        little = b"".join([value.int.to_bytes(16, "little") for value in values])
    except AttributeError:
        numbers = [value.int if isinstance(value, UUID) else UUID(str(value)).int for value in values]
        little = b"".join([number.to_bytes(16, "little") for number in numbers])
    # The format wants the upper half first, each half little-endian.
    return np.frombuffer(little, dtype="<u8").reshape(-1, 2)[:, ::-1].tobytes()


def _microseconds(values: Sequence[Any]) -> bytes:
    try:
        return _numbers("q")(values)
    except TypeError:
        return _numbers("q")([v if isinstance(v, int) else (v - _EPOCH) // _MICROSECOND for v in values])


def _seconds(values: Sequence[Any]) -> bytes:
    return _numbers("I")([v if isinstance(v, int) else int(v.timestamp()) for v in values])


def _days(values: Sequence[Any]) -> bytes:
    start = date(1970, 1, 1)
    return _numbers("H")([v if isinstance(v, int) else (v - start).days for v in values])


def _zero(kind: str) -> Any:
    if kind == "String":
        return ""
    return UUID(int=0) if kind == "UUID" else 0


def _nullable(kind: str, values: Sequence[Any]) -> tuple[str, bytes]:
    zero = _zero(kind)
    inner, data = encode_column(kind, [zero if v is None else v for v in values])
    return f"Nullable({inner})", bytes(v is None for v in values) + data


def _array(kind: str, values: Sequence[Any]) -> tuple[str, bytes]:
    ends: list[int] = []
    flat: list[Any] = []
    for value in values:
        flat.extend(value)
        ends.append(len(flat))
    inner, data = encode_column(kind, flat)
    return f"Array({inner})", _numbers("Q")(ends) + data


def _map(key: str, kind: str, values: Sequence[Any]) -> tuple[str, bytes]:
    ends: list[int] = []
    keys: list[Any] = []
    flat: list[Any] = []
    for value in values:
        keys.extend(value.keys())
        flat.extend(value.values())
        ends.append(len(keys))
    key_type, key_data = encode_column(key, keys)
    value_type, value_data = encode_column(kind, flat)
    return f"Map({key_type}, {value_type})", _numbers("Q")(ends) + key_data + value_data


def encode_column(kind: str, values: Sequence[Any]) -> tuple[str, bytes]:
    """The type to announce and the bytes of a column's values, for a column declared as ``kind``.

    A LowCardinality column is sent as its plain type: the engine builds the dictionary. Times may be given as
    microseconds (DateTime64), seconds (DateTime) or aware datetimes. Raises :class:`EncodingError`.
    """
    try:
        wrapped = _WRAPPED.match(kind)
        if wrapped:
            wrapper, inner = wrapped.groups()
            if wrapper == "LowCardinality":
                return (inner, _few_strings(values)) if inner == "String" else encode_column(inner, values)
            return _nullable(inner, values) if wrapper == "Nullable" else _array(inner, values)
        mapping = _MAP.match(kind)
        if mapping:
            return _map(mapping[1], mapping[2], values)
        if kind == "String":
            return kind, _strings(values)
        if kind == "UUID":
            return kind, _uuids(values)
        if kind == "Bool":
            return kind, bytes(map(bool, values))
        if kind in _INTEGERS:
            return kind, _numbers(_INTEGERS[kind])(values)
        if kind.startswith("DateTime64(6"):
            return kind, _microseconds(values)
        if kind.startswith("DateTime"):
            return kind, _seconds(values)
        if kind == "Date":
            return kind, _days(values)
    except (TypeError, ValueError, OverflowError, AttributeError, UnicodeEncodeError) as problem:
        raise EncodingError(f"a value does not fit a column of type {kind}: {problem}") from problem
    raise EncodingError(f"columns of type {kind} cannot be inserted")


def encode_block(types: Mapping[str, str], columns: Mapping[str, Sequence[Any]]) -> tuple[list[bytes], int]:
    """A block, in pieces, and its number of rows. ``types`` gives the declared type of each column.

    Raises :class:`EncodingError` for an unknown column, columns of different lengths or a value that does not fit.
    """
    sizes = {len(values) for values in columns.values()}
    if len(sizes) != 1:
        raise EncodingError(f"columns of different lengths: { ({name: len(v) for name, v in columns.items()}) }")
    rows = sizes.pop()
    parts = [varint(len(columns)), varint(rows)]
    for name, values in columns.items():
        declared = types.get(name)
        if declared is None:
            raise EncodingError(f"the table has no column {name!r} that takes values")
        try:
            kind, data = encode_column(declared, values)
        except EncodingError as problem:
            raise EncodingError(f"column {name}: {problem}") from problem
        parts += [_text(name), _text(kind), data]
    return parts, rows
