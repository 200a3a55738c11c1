"""The work that was last accepted (`accepted.json` beside this file), and what is more than that.

Python's calls depend on its version, so they are compared with figures of the same one alone; PostgreSQL's rows and
pages likewise with those of the same major version.
"""

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.work.counting import Work

NAME = "work"
ACCEPTED = Path(__file__).with_name("accepted.json")
MORE = 1.05  # times the accepted figure is taken for the same
# A request that reads three rows may read four: so much more is no finding, in the measure's own unit.
SLACK = {"calls": 20.0, "statements": 0.0, "rows": 2.0, "pages": 2.0, "log_bytes": 64.0}
UNITS = {"calls": "calls", "statements": "statements", "rows": "rows", "pages": "pages", "log_bytes": "bytes"}


def figures(found: Mapping[str, Work], postgres: str, *, file: Path = ACCEPTED) -> Iterator[Figure]:
    """Each count beside what was accepted, if it was for this Python and PostgreSQL (its major version)."""
    accepted = _read(file)
    for step, work in found.items():
        for measure, value in asdict(work).items():
            before = accepted.get(_of(measure, postgres), {}).get(step, {}).get(measure)
            yield Figure(NAME, f"{step}, {UNITS[measure]}", value, "", "accepted" if before is not None else "", before)


def exceeding(measured: list[Figure]) -> list[Figure]:
    """Those that are more than was accepted."""
    return [figure for figure in measured if figure.peer == "accepted" and figure.value > _most(figure)]


def accept(found: Mapping[str, Work], postgres: str, *, file: Path = ACCEPTED) -> None:
    """From now on this is what a step may take."""
    accepted = _read(file)
    for step, work in found.items():
        for measure, value in asdict(work).items():
            accepted.setdefault(_of(measure, postgres), {}).setdefault(step, {})[measure] = round(value, 1)
    file.write_text(json.dumps(accepted, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _read(file: Path) -> dict[str, dict[str, dict[str, float]]]:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _of(measure: str, postgres: str) -> str:
    if measure == "calls":
        return f"Python {'.'.join(platform.python_version_tuple()[:2])}"
    return f"PostgreSQL {postgres}"


def _most(figure: Figure) -> float:
    [measure] = [name for name, unit in UNITS.items() if figure.name.endswith(f", {unit}")]
    assert figure.peer_value is not None
    return max(figure.peer_value * MORE, figure.peer_value + SLACK[measure])
