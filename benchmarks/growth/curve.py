"""A curve, what its shape is called, and its drawing as SVG."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

FLAT = 1.25  # the highest value / the lowest
STRAIGHT = 0.25  # the largest distance from a straight line, as a share of the value
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM, COLUMNS = 380, 240, 56, 44, 16, 40, 2  # pixels; COLUMNS of charts
COLOURS = ("#2563eb", "#64748b", "#c2410c")


@dataclass(frozen=True, slots=True)
class Curve:
    """`points` are (x, y); `unit` is that of y. `figure` is one of those that share a chart."""

    chart: str
    figure: str
    unit: str
    points: tuple[tuple[float, float], ...]

    @property
    def shape(self) -> str:
        """Flat, linear in x, slower than linear, or faster."""
        values = [y for _x, y in self.points]
        if max(values) <= FLAT * min(values):
            return "flat"
        slope, begin = straight(self.points)
        if all(abs(begin + slope * x - y) <= STRAIGHT * y for x, y in self.points):
            return "linear" if slope > 0 else "falls"
        (x0, y0), (x1, y1) = self.points[0], self.points[-1]
        return "falls" if y1 < y0 else "less than linear" if y1 / y0 <= max(x1, 1) / max(x0, 1) else "more than linear"


def straight(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and begin of the line with the least squares of relative distances: small values count as much as large."""
    weights = [1 / y**2 for _x, y in points]
    total = sum(weights)
    mean_x = sum(w * x for w, (x, _y) in zip(weights, points, strict=True)) / total
    mean_y = sum(w * y for w, (_x, y) in zip(weights, points, strict=True)) / total
    over = sum(w * (x - mean_x) * (y - mean_y) for w, (x, y) in zip(weights, points, strict=True))
    under = sum(w * (x - mean_x) ** 2 for w, (x, _y) in zip(weights, points, strict=True))
    slope = over / under if under else 0.0
    return slope, mean_y - slope * mean_x


def table(curves: Sequence[Curve]) -> str:
    """A row for each curve, as Markdown: its points, and its shape."""
    rows = ["| against | figure | at | measured | shape |", "| --- | --- | --- | --- | --- |"]
    for curve in curves:
        at = " · ".join(f"{x:,.0f}" for x, _y in curve.points)
        measured = " · ".join(f"{y:,.3g}" if y < 1000 else f"{y:,.0f}" for _x, y in curve.points)
        rows.append(f"| {curve.chart} | {curve.figure}, {curve.unit} | {at} | {measured} | {curve.shape} |")
    return "\n".join(rows)


def drawn(title: str, curves: Sequence[Curve]) -> str:
    """A chart for each thing that grows, figures that share a unit on one."""
    charts: dict[tuple[str, str], list[Curve]] = {}
    for curve in curves:
        charts.setdefault((curve.chart, curve.unit), []).append(curve)
    rows = math.ceil(len(charts) / COLUMNS)
    width, height = COLUMNS * WIDTH, 48 + rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#0f172a">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="30" font-size="16" font-weight="600">{escape(title)}</text>',
    ]
    for number, ((chart, unit), together) in enumerate(charts.items()):
        x, y = number % COLUMNS * WIDTH, 48 + number // COLUMNS * HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_chart(chart, unit, together), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _chart(chart: str, unit: str, curves: Sequence[Curve]) -> list[str]:
    across = sorted({x for curve in curves for x, _y in curve.points})
    most = max(y for curve in curves for _x, y in curve.points) * 1.1
    place_x = _places(across)
    bottom = HEIGHT - BOTTOM

    def place_y(y: float) -> float:
        return bottom - (bottom - TOP) * y / most

    parts = [f'<text x="{LEFT}" y="16" font-weight="600">{escape(unit)} against {escape(chart)}</text>']
    for share in (0.0, 0.5, 1.0):
        value = most * share
        parts.append(
            f'<line x1="{LEFT}" y1="{place_y(value):.1f}" x2="{WIDTH - RIGHT}" y2="{place_y(value):.1f}" '
            f'stroke="#e2e8f0"/><text x="{LEFT - 6}" y="{place_y(value) + 4:.1f}" text-anchor="end" '
            f'fill="#64748b">{value:,.3g}</text>'
        )
    for x in across:
        parts.append(
            f'<text x="{place_x(x):.1f}" y="{bottom + 16}" text-anchor="middle" fill="#64748b">{_short(x)}</text>'
        )
    for colour, (number, curve) in zip(COLOURS, enumerate(curves), strict=False):
        line = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in curve.points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3" fill="{colour}"/>' for x, y in curve.points
        ]
        parts.append(
            f'<text x="{LEFT + number * 150}" y="34" fill="{colour}">{escape(curve.figure)}: {curve.shape}</text>'
        )
    return parts


def _places(across: Sequence[float]) -> Callable[[float], float]:
    """Where an x stands: by its logarithm, 0 a step before the first other one."""
    logs = {x: math.log10(x) for x in across if x > 0}
    if 0 in across:
        logs[0] = min(logs.values(), default=1.0) - 1
    low, high = min(logs.values()), max(logs.values())

    def place(x: float) -> float:
        return LEFT + 14 + (WIDTH - LEFT - RIGHT - 28) * (logs[x] - low) / ((high - low) or 1)

    return place


def _short(x: float) -> str:
    for size, name in ((1_000_000, " M"), (1_000, " k")):
        if x >= size:
            return f"{x / size:g}{name}"
    return f"{x:g}"
