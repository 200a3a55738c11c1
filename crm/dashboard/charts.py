"""Bar charts as SVG made on the server: they need no script, follow the theme, and stand beside a table that says the
same. Pure: no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

WIDTH, HEIGHT = 480, 150
_LEFT, _BOTTOM, _TOP = 44, 22, 10
_STEPS = (1, 2, 5)
_MAX_LABELS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One bar: `shown` is the value as text, `url` the list it stands for."""

    label: str
    value: Decimal
    shown: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    point: Point
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the grid."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit` heads the table's column of values."""

    title: str
    unit: str
    bars: Sequence[Bar]
    grid: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    label_y: int = HEIGHT - 6


def bar_chart(title: str, unit: str, points: Sequence[Point]) -> Chart:
    """Bars from zero up, on a grid of round numbers."""
    top = _round_up(max((point.value for point in points), default=Decimal(0)))
    room = HEIGHT - _BOTTOM - _TOP
    step = (WIDTH - _LEFT) / max(1, len(points))
    every = max(1, -(-len(points) // _MAX_LABELS))
    bars = []
    for place, point in enumerate(points):
        height = round(float(point.value / top) * room, 1)
        x, y = round(_LEFT + place * step + step * 0.14, 1), round(_TOP + room - height, 1)
        labelled = (len(points) - 1 - place) % every == 0
        bars.append(Bar(point, x, y, round(step * 0.72, 1), height, labelled))
    grid = [Line(round(_TOP + room * (1 - share / 2), 1), _short_number(top * share / 2)) for share in range(3)]
    return Chart(title, unit, bars, grid)


def _round_up(value: Decimal) -> Decimal:
    """The next of 2, 4, 10, 20, 40, 100, …: half of it is round, too."""
    size = Decimal(1)
    while True:
        for step in _STEPS:
            if 2 * step * size >= value:
                return 2 * step * size
        size *= 10


def _short_number(value: Decimal) -> str:
    sizes = ((1_000_000_000, _("%(number)s bn")), (1_000_000, _("%(number)s M")), (1_000, _("%(number)s k")))
    for size, text in sizes:
        if value >= size:
            return text % {"number": f"{value / size:.3g}"}
    return f"{value:.3g}"
