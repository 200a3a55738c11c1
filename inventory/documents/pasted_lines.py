"""Lines as people type, paste or scan them: a SKU, and how many. Pure: no database.

A quantity stands behind a tab, a semicolon, a comma or a space; without one the line counts as one unit, so that a
scanner, which sends a SKU and Enter, counts. A SKU may have spaces: what is known decides how such a line is read.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_SPLIT = re.compile(r"^(?P<sku>.*\S)(?P<between>\s*[\t;,]\s*|\s+)(?P<quantity>[0-9][0-9 '.]*)$")
_GROUPS = re.compile(r"[ '.](?=[0-9]{3}(?:[^0-9]|$))")
MAX_QUANTITY = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PastedLine:
    """`number` counts from 1. `readings`, the likelier first: as SKU and quantity, and as a SKU alone."""

    number: int
    text: str
    readings: tuple[Reading, ...]


def read_lines(text: str) -> list[PastedLine]:
    """The lines that are not empty, each with the ways to read it."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [PastedLine(number, line, tuple(_possible_readings(line))) for number, line in lines if line]


def _possible_readings(line: str) -> Iterable[Reading]:
    split = _SPLIT.match(line)
    if split is not None:
        digits = _GROUPS.sub("", split["quantity"].strip())
        if digits.isdecimal() and int(digits) <= MAX_QUANTITY:
            yield Reading(split["sku"].strip(), int(digits))
        if split["between"].strip(" "):  # a tab, a semicolon or a comma says where the SKU ends
            return
    yield Reading(line, 1)


def skus_of(lines: Iterable[PastedLine]) -> set[str]:
    """Every SKU that the lines may mean."""
    return {reading.sku for line in lines for reading in line.readings}


def choose(lines: Iterable[PastedLine], known: Collection[str]) -> tuple[list[tuple[str, int]], list[PastedLine]]:
    """(SKU, quantity) of each line that means a known SKU, in order, and the lines that mean none.

    A line that can be read in two ways is read as the whole of it being the SKU.
    """
    chosen: list[tuple[str, int]] = []
    unknown: list[PastedLine] = []
    for line in lines:
        found = [reading for reading in line.readings if reading.sku in known]
        if found:
            chosen.append((found[-1].sku, found[-1].quantity))
        else:
            unknown.append(line)
    return chosen, unknown
