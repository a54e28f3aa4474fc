"""The plot of ``benchmarks.growth``: two panels of SVG, written by hand; no library draws two dozen lines better."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT, _LEFT, _TOP, _LEGEND = 420, 380, 60, 40, 230
_COLOURS = ("#4269d0", "#ff725c", "#6cc5b0", "#efb118", "#a463f2", "#3ca951", "#9c6b4e", "#97bbf5")


def plot(path: Path, lines: Mapping[str, Points], steps: Points) -> None:
    """Write the file: CPU over events, both logarithmic, one line per insight; CPU over funnel steps, both plain."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    place = _logarithmic(min(xs), max(xs), min(ys), max(ys))
    parts = [_frame(_LEFT, "ms of CPU over events (logarithmic; thin: proportional)")]
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        dashed = ' stroke-dasharray="5 3"' if number >= len(_COLOURS) else ""
        parts.append(_line([place(x, y) for x, y in points], f'stroke="{colour}" stroke-width="2"{dashed}'))
        top = _TOP + 16 * number + 10
        left = _LEFT + _WIDTH + 12
        parts.append(_line([(left, top - 4), (left + 20, top - 4)], f'stroke="{colour}" stroke-width="2"{dashed}'))
        parts.append(_text(left + 26, top, name))
    low = min(ys)
    parts.append(_line([place(min(xs), low), place(max(xs), low * max(xs) / min(xs))], 'stroke="#bbb"'))
    parts += [_text(place(x, low)[0], _TOP + _HEIGHT + 16, f"{x:,.0f}", "middle") for x in sorted(set(xs))]
    for power in range(math.ceil(math.log10(min(ys))), math.floor(math.log10(max(ys))) + 1):
        parts.append(_text(_LEFT - 6, place(min(xs), 10.0**power)[1] + 4, f"{10**power:g}", "end"))
    second = _LEFT + _WIDTH + _LEGEND + 40
    parts.append(_frame(second, "ms of CPU over funnel steps"))
    most = max(y for _, y in steps) * 1.05

    def plain(x: float, y: float) -> tuple[float, float]:
        return second + _WIDTH * x / 21, _TOP + _HEIGHT * (1 - y / most)

    parts.append(_line([plain(x, y) for x, y in steps], 'stroke="#4269d0" stroke-width="2"'))
    parts += [_text(plain(x, 0)[0], _TOP + _HEIGHT + 16, f"{x:g}", "middle") for x, _ in steps]
    parts += [_text(second - 6, plain(0, y)[1] + 4, f"{y:.0f}", "end") for _, y in (steps[0], steps[-1])]
    width, height = second + _WIDTH + 20, _TOP + _HEIGHT + 30
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        f' font-size="12"><rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _logarithmic(x0: float, x1: float, y0: float, y1: float):
    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log(x) - math.log(x0)) / (math.log(x1) - math.log(x0) or 1)
        up = (math.log(y) - math.log(y0)) / (math.log(y1) - math.log(y0) or 1)
        return _LEFT + _WIDTH * across, _TOP + _HEIGHT * (1 - up)

    return place


def _frame(left: float, title: str) -> str:
    box = f'<rect x="{left}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#888"/>'
    return box + _text(left, _TOP - 12, title)


def _line(points: Points, style: str) -> str:
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" {style}/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
