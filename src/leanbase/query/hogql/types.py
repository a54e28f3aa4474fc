"""The types that a cast may name."""

import re

_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\([A-Za-z0-9 ,()'/_]*\))?")
_TYPES = (
    "string", "int8", "int16", "int32", "int64", "int128", "int256", "uint8", "uint16", "uint32", "uint64", "uint128",
    "uint256", "float", "float32", "float64", "double", "bool", "boolean", "date", "date32", "datetime", "datetime64",
    "uuid", "nullable", "array", "tuple", "map", "lowcardinality", "decimal", "decimal32", "decimal64", "decimal128",
    "int", "integer", "bigint", "smallint", "text", "varchar", "timestamp", "fixedstring", "ipv4", "ipv6",
)  # fmt: skip
_TYPE_NAMES = {"boolean": "Bool", "text": "String", "varchar": "String", "double": "Float64", "integer": "Int64"}
_CONTAINERS = ("nullable", "array", "map", "tuple", "lowcardinality")


def type_name(written: str) -> str | None:
    """The engine's name of a type; None when there is none. Only plain types and containers of them exist: the engine
    would evaluate expressions inside others, such as AggregateFunction(quantile(…), …)."""
    words = _words(written)
    if not _TYPE.fullmatch(written) or not words or any(word not in _TYPES for word in words):
        return None
    return _TYPE_NAMES.get(written.lower(), written)


def is_container(kind: str) -> bool:
    """Whether values of this type cannot be NULL themselves."""
    return _words(kind)[0] in _CONTAINERS


def _words(written: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Za-z][A-Za-z0-9]*", re.sub(r"'[^']*'", "", written))]
