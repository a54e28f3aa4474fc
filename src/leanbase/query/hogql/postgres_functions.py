"""Functions that HogQL knows under the names of PostgreSQL, or that are written out of ClickHouse's functions."""

from typing import TYPE_CHECKING

from leanbase.query.hogql import ast
from leanbase.query.hogql.conversions import Special
from leanbase.query.hogql.names import Frame

if TYPE_CHECKING:
    from leanbase.query.hogql.call_compiler import CallCompiler

ZONE = "{zone}"  # stands for the project's time zone


def _written(pattern: str, fewest: int, most: int | None = None) -> Special:
    """A function that is its arguments put into a pattern: ``{0}`` the first, ``{1}`` the second …"""

    def special(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
        if not fewest <= len(node.arguments) <= (most or fewest):
            many = f"{fewest} to {most}" if most else str(fewest)
            raise compiler.fail(f"{node.name} takes {many} argument{'s' if (most or fewest) > 1 else ''}", node)
        zone = compiler.binder(compiler.ctx.project.timezone, "String") if ZONE in pattern else ""
        arguments = [compiler.sql(item, frame) for item in node.arguments]
        return pattern.format(*arguments, zone=zone)

    return special


def _with_zone(function: str, fewest: int, *extra: str) -> Special:
    """A function whose last argument is a zone, the project's where none is named."""

    def special(compiler: "CallCompiler", node: ast.Call, frame: Frame) -> str | None:
        arguments = [compiler.sql(item, frame) for item in node.arguments]
        if not fewest <= len(arguments) <= fewest + len(extra) + 1:
            return None
        arguments += extra[len(arguments) - fewest :]
        if len(arguments) == fewest + len(extra):
            arguments.append(compiler.binder(compiler.ctx.project.timezone, "String"))
        return f"{function}({', '.join(arguments)})"

    return special


_VERSION = r"extract(ifNull(toString({0}), ''), '(\\d+(?:\\.\\d+)*)')"

POSTGRES: dict[str, Special] = {
    "to_date": _written("toDateOrNull(toString({0}))", 1),
    "to_timestamp": _written("toTimeZone(toDateTime({0}), {zone})", 1),
    "to_char": _with_zone("formatDateTime", 2),
    "make_timestamp": _with_zone("makeDateTime", 6),
    "make_timestamptz": _written("makeDateTime({0}, {1}, {2}, {3}, {4}, {5}, {6})", 7),
    "make_date": _written("makeDate({0}, {1}, {2})", 3),
    "make_interval": _written(
        "(toIntervalYear({0}) + toIntervalMonth({1}) + toIntervalDay({2}) + toIntervalHour({3}) + toIntervalMinute({4})"
        " + toIntervalSecond({5}))",
        6,
    ),
    "timezone": _written("toTimeZone({1}, {0})", 2),
    "totimezone": _with_zone("toTimeZone", 1),
    "todatetime64": _with_zone("toDateTime64", 1, "6"),
    "uuidv7todatetime": _with_zone("UUIDv7ToDateTime", 1),
    "date_bin": _written("toStartOfInterval({1}, {0}, {2})", 3),
    "split_part": _written("arrayElement(splitByString({1}, ifNull(toString({0}), '')), {2})", 3),
    "json_agg": _written("toJSONString(groupArray({0}))", 1),
    "every": _written("toBool(min({0}))", 1),
    "md5": _written("hex(MD5({0}))", 1),
    "tonullablestring": _written("accurateCastOrNull({0}, 'Nullable(String)')", 1),
    "isempty": _written("empty({0})", 1),
    "isnotempty": _written("notEmpty({0})", 1),
    # The numbers of a version as an array, which sorts as versions do; what is no version is [NULL].
    "sortablesemver": _written(f"arrayMap(lb_part -> toInt64OrNull(lb_part), splitByChar('.', {_VERSION}))", 1),
}
