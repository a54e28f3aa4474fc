"""Rows of a formula, made of the finished rows of its series."""

import re
from collections.abc import Hashable
from typing import Any

from leanbase.query.trends.formula import evaluate_formula
from leanbase.query.trends.lines import is_null, is_other
from leanbase.query.trends.models import FormulaNode
from leanbase.query.trends.rows import Row, RowShape

_DIGITS = re.compile(r"(\d+)")


def formula_rows(formula: FormulaNode, series: list[list[Row]], shape: RowShape, total_value: bool) -> list[Row]:
    """One row, or with a breakdown one per value; a series without that value counts as zeros.

    ``series`` are the rows of each series in one period. Rows come by size, then null, then other; in a comparison by
    size alone (PostHog's rules).
    """
    if not shape.broken_down:
        return [_row(formula, [rows[0] for rows in series], rows_base=series[0][0], total_value=total_value)]
    tables = [{_key(row["breakdown_value"]): row for row in rows} for rows in series]
    keys = sorted({key for table in tables for key in table}, key=_natural)
    found: list[Row] = []
    for key in keys:
        partners = [table.get(key) for table in tables]
        base = next(row for row in partners if row is not None)
        found.append(_row(formula, partners, rows_base=base, total_value=total_value))
    if shape.comparing:
        return sorted(found, key=lambda row: -row["count"])
    return sorted(found, key=lambda row: _size(row, total_value=total_value), reverse=True)


def _row(formula: FormulaNode, partners: list[Row | None], *, rows_base: Row, total_value: bool) -> Row:
    name = formula.custom_name or f"Formula ({formula.formula})"
    row = {**rows_base, "label": name, "action": None}
    if total_value:
        values = [[partner["aggregated_value"] if partner else 0] for partner in partners]
        return row | {"aggregated_value": evaluate_formula(formula.formula, values)[0], "data": None, "count": 0}
    length = len(rows_base["data"])
    data = evaluate_formula(formula.formula, [partner["data"] if partner else [0] * length for partner in partners])
    return row | {"data": data, "count": sum(data)}


def _key(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


def _natural(key: Hashable) -> list[tuple[int, int, str]]:
    """Texts with numbers by their numbers: ``v9`` before ``v10``."""
    text = "\x00".join(key) if isinstance(key, tuple) else str(key)
    parts = _DIGITS.split(text.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _size(row: Row, *, total_value: bool) -> tuple[int, float, list[float], str]:
    value = row["breakdown_value"]
    kind = -2 if is_other(value) else -1 if is_null(value) else 0
    total = row["aggregated_value"] if total_value else row["count"]
    return kind, total, row["data"] or [], repr(value)
