"""A state table as a picture: states in a row, steps to the next one straight, others as arcs, ways back below."""

from collections.abc import Sequence
from html import escape

from orders.states import Table

_BOX, _GAP, _HEIGHT, _LEVEL = 156, 104, 40, 46
_LINE = 15
_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"
 role="img" aria-label="{title}" font-family="system-ui, sans-serif" font-size="13">
<title>{title}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 8 4 0 8z" fill="#5b564c"/></marker></defs>
<rect width="100%" height="100%" fill="#fdfcfa"/>"""


def draw(title: str, states: Sequence[str], table: Table) -> str:
    """`states` in the order in which they stand; those that no step names are left out."""
    named = [state for state in states if any(state in step for step in table)]
    place = {state: index for index, state in enumerate(named)}
    steps = [(place[source], place[target], sorted(causes)) for (source, target), causes in table.items()]
    above = max((end - start for start, end, _ in steps), default=1) - 1
    below = max((start - end for start, end, _ in steps), default=0)
    top = 24 + above * _LEVEL + _LINE * 2
    height = top + _HEIGHT + 24 + max(below, 0) * _LEVEL
    width = 32 + len(named) * _BOX + (len(named) - 1) * _GAP
    parts = [_HEAD.format(width=width, height=height, title=escape(title))]
    parts += [_draw_box(state, index, top) for state, index in place.items()]
    parts += [_draw_step(start, end, causes, top) for start, end, causes in steps]
    return "\n".join([*parts, "</svg>", ""])


def _left_edge(index: int) -> int:
    return 16 + index * (_BOX + _GAP)


def _draw_box(state: str, index: int, top: int) -> str:
    x = _left_edge(index)
    return (
        f'<rect x="{x}" y="{top}" width="{_BOX}" height="{_HEIGHT}" rx="8" fill="#e3f1f3" stroke="#1d6b78"/>'
        f'<text x="{x + _BOX // 2}" y="{top + 25}" text-anchor="middle" fill="#12414a">{escape(state)}</text>'
    )


def _draw_step(start: int, end: int, causes: Sequence[str], top: int) -> str:
    if end == start + 1:
        return _draw_straight(start, causes, top)
    span = abs(end - start)
    leaves, arrives = _left_edge(start) + _BOX // 2 + (8 if end > start else -8), _left_edge(end) + _BOX // 2
    edge = top if end > start else top + _HEIGHT
    lift = (span - 1 if end > start else span) * _LEVEL + (4 if end > start else -12)
    peak = edge - lift if end > start else edge + lift
    control = edge - lift * 4 // 3 if end > start else edge + lift * 4 // 3
    words = " · ".join(causes)
    return (
        f'<path d="M{leaves} {edge}C{leaves} {control} {arrives} {control} {arrives} {edge}" fill="none"'
        f' stroke="#5b564c" marker-end="url(#tip)"/>{_draw_text((leaves + arrives) // 2, peak - 5, words)}'
    )


def _draw_straight(start: int, causes: Sequence[str], top: int) -> str:
    x, y = _left_edge(start) + _BOX, top + _HEIGHT // 2
    words = "".join(
        _draw_text(x + _GAP // 2, y - 6 - _LINE * (len(causes) - 1 - row), cause) for row, cause in enumerate(causes)
    )
    return f'<path d="M{x} {y}h{_GAP}" fill="none" stroke="#5b564c" marker-end="url(#tip)"/>{words}'


def _draw_text(x: int, y: int, words: str) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" fill="#3d3930" stroke="#fdfcfa" stroke-width="4"'
        f' paint-order="stroke">{escape(words)}</text>'
    )
