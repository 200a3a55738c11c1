"""On hand and reserved over time, as steps in an SVG made on the server: it follows the theme, needs no script, and
stands beside a table that says the same. Pure: no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from shared.admin.display import moment_text, number

WIDTH, HEIGHT = 720, 180
_LEFT, _BOTTOM, _TOP = 52, 24, 10
_STEPS = (1, 2, 5)
MOST_POINTS = 120


@dataclass(frozen=True, slots=True)
class Known:
    """What one level's ledger says from a moment on."""

    level_id: UUID
    at: datetime
    on_hand: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The sums of all levels from a moment on."""

    at: datetime
    on_hand: int
    reserved: int

    @property
    def shown(self) -> tuple[str, str, str]:
        """As a row of the table."""
        return moment_text(self.at), number(self.on_hand), number(self.reserved)


@dataclass(frozen=True, slots=True)
class GridLine:
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class StockChart:
    """`on_hand` and `reserved` are SVG paths; `first` and `last` the days at the ends."""

    moments: Sequence[Moment]
    on_hand: str
    reserved: str
    grid: Sequence[GridLine]
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    label_y: int = HEIGHT - 6


def sums_over_time(known: Iterable[Known]) -> list[Moment]:
    """The sum over all levels after each change; thinned out evenly to MOST_POINTS, the last one kept."""
    now: dict[UUID, Known] = {}
    sums: list[Moment] = []
    # Levels' ledgers are each in order, and have to be put in one.
    for entry in sorted(known, key=lambda entry: entry.at):
        now[entry.level_id] = entry
        sums.append(Moment(entry.at, sum(e.on_hand for e in now.values()), sum(e.reserved for e in now.values())))
    # Counted from the end, so that the last point is what is there now.
    step = -(-len(sums) // MOST_POINTS) or 1
    return sums[::-1][::step][::-1]


def stock_chart(moments: Sequence[Moment], *, until: datetime) -> StockChart | None:
    """The chart of at least one moment, up to `until`."""
    if not moments:
        return None
    start = moments[0].at
    # Of a ledger of one moment all points stand at one place, and nothing is divided by 0.
    span = max((until - start).total_seconds(), 1.0)
    # What is reserved never exceeds what is on hand, so one of the two decides the scale.
    top = _round_up(max(m.on_hand for m in moments))
    room = HEIGHT - _BOTTOM - _TOP

    def x(at: datetime) -> float:
        # A clock that was put back may have written moments outside; they are drawn at the edge.
        share = min(max((at - start).total_seconds() / span, 0.0), 1.0)
        return round(_LEFT + share * (WIDTH - _LEFT), 1)

    def path(values: Sequence[int]) -> str:
        """Steps: a balance holds until the next one."""
        steps = [f"M{x(start)} {y(values[0])}"]
        for entry, value in zip(moments[1:], values[1:], strict=True):
            steps.append(f"H{x(entry.at)}V{y(value)}")
        return "".join([*steps, f"H{WIDTH}"])

    def y(value: float) -> float:
        return round(_TOP + room * (1 - value / top), 1)

    grid = [GridLine(y(top * share / 2), number(top * share // 2)) for share in range(3)]
    on_hand, reserved = path([m.on_hand for m in moments]), path([m.reserved for m in moments])
    return StockChart(moments, on_hand, reserved, grid, f"{localtime(start):%Y-%m-%d}", f"{localtime(until):%Y-%m-%d}")


def _round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100, …: half of it is round, too."""
    size = 1
    while True:
        for step in _STEPS:
            if 2 * step * size >= value:
                return 2 * step * size
        size *= 10
