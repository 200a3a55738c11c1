"""A bar chart of rates as SVG, on a logarithmic scale: Kontor stands between its database and its peers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, LABEL, ROW, BAR, TOP, RIGHT = 760, 270, 34, 20, 56, 90  # pixels
COLOURS = {"kontor": "#2563eb", "database": "#64748b", "peer": "#c2410c"}


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind` is a key of COLOURS."""

    label: str
    value: float
    kind: str


def bar_chart(title: str, unit: str, bars: Sequence[Bar]) -> str:
    """Every value must be above 0. The axis starts at the power of ten below the smallest."""
    low = math.floor(math.log10(min(bar.value for bar in bars)))
    high = math.ceil(math.log10(max(bar.value for bar in bars)))
    scale = (WIDTH - LABEL - RIGHT) / max(1, high - low)
    height = TOP + ROW * len(bars) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#0f172a">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="28" font-size="16" font-weight="600">{escape(title)}</text>',
        *(_grid(LABEL + scale * step, 10.0 ** (low + step), height) for step in range(high - low + 1)),
        *(_bar(bar, TOP + ROW * place, scale * (math.log10(bar.value) - low), unit) for place, bar in enumerate(bars)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(x: float, value: float, height: int) -> str:
    bottom = height - 24
    line = f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{bottom}" stroke="#e2e8f0"/>'
    text = f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" fill="#64748b">{value:,g}</text>'
    return line + text


def _bar(bar: Bar, y: int, length: float, unit: str) -> str:
    middle = y + BAR / 2 + 5
    return (
        f'<text x="{LABEL - 10}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
        f'<rect x="{LABEL}" y="{y}" width="{max(length, 2):.1f}" height="{BAR}" rx="3" '
        f'fill="{COLOURS[bar.kind]}"/>'
        f'<text x="{LABEL + max(length, 2) + 8:.1f}" y="{middle}">{bar.value:,.0f} {escape(unit)}</text>'
    )


def write_plot(path: Path, svg: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg, encoding="utf-8")
