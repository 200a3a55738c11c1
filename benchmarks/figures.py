"""What is reported: a figure beside its limit or a peer's figure, as a table and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEADERS = ("figure", "value", "limit or peer", "ratio")


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `peer` says what `peer_value` is; `ratio` is value / peer_value."""

    line: str
    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.peer_value if self.peer_value else None

    def cells(self) -> tuple[str, str, str, str]:
        beside = f"{self.peer} {show(self.peer_value)}".strip() if self.peer_value is not None else self.peer
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        return f"{self.line}: {self.name}", f"{show(self.value)} {self.unit}".strip(), beside, ratio


def show(value: float) -> str:
    """Three digits that count, thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """Columns padded to their widest cell, as Markdown."""
    rows = [HEADERS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADERS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def write_json(path: Path, figures: Sequence[Figure], conditions: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "conditions": conditions,
        "figures": [asdict(figure) | {"ratio": figure.ratio} for figure in figures],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
