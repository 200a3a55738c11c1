"""Many clients at once, and entries that are killed at every point of an order over cells."""

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from benchmarks.cells.entry import CrossOrder, Entry
from benchmarks.cells.orders import SCARCE_SHARE, Chooser
from benchmarks.cells.stage import Cells
from benchmarks.run import BenchmarkError
from benchmarks.shop import SOLD_OUT, VARIANTS, variant_id
from benchmarks.stage import PROJECT

CLIENTS = 8
ONE_IN = 10  # goes over cells
MORE_THAN_THERE_IS = 1_000
KILLED = -9


def rush(cells: Cells, orders: int) -> Counter[str]:
    """So many orders of `CLIENTS` buyers, one in ten over cells, half of those paid; what became of them."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = pool.map(lambda number: _client(cells, number, orders // CLIENTS), range(CLIENTS))
        return sum(counts, Counter())


def kill_everywhere(cells: Cells) -> int:
    """Kill an entry at every point of an order that is paid and of one that is refused; how many were killed."""
    chooser = Chooser("killed")
    killed = 0
    for is_refused in (False, True):
        points = int(_mortal(cells, _order(chooser, is_refused=is_refused), 0).stdout)
        for point in range(1, points + 1):
            done = _mortal(cells, _order(chooser, is_refused=is_refused), point)
            if done.returncode != KILLED:
                raise BenchmarkError(f"Not killed at point {point} of {points}: {done.stderr}")
            killed += 1
    return killed


def _order(chooser: Chooser, *, is_refused: bool) -> CrossOrder:
    order = chooser.over_cells(3)
    if is_refused:  # by the last cell, so that two have to be told
        order.lines[max(order.lines)] = (str(variant_id(VARIANTS + SOLD_OUT)), MORE_THAN_THERE_IS)  # type: ignore[index]
    return order


def _mortal(cells: Cells, order: CrossOrder, dies_at: int) -> subprocess.CompletedProcess[str]:
    plan = {
        "cells": [asdict(cell) for cell in cells.cells],
        "secret": cells.secret,
        "order": asdict(order),
        "dies_at": dies_at,
    }
    command = [sys.executable, "-m", "benchmarks.cells.mortal"]
    done = subprocess.run(
        command, cwd=PROJECT, input=json.dumps(plan), capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode not in (0, KILLED):
        raise BenchmarkError(f"An entry failed:\n{done.stderr}")
    return done


def _client(cells: Cells, number: int, orders: int) -> Counter[str]:
    chooser, counts = Chooser(f"client-{number}"), Counter[str]()
    entry = Entry(cells.cells, cells.secret)
    try:
        for _ in range(orders):
            counts[_one(entry, chooser)] += 1
    finally:
        entry.close()
    return counts


def _one(entry: Entry, chooser: Chooser) -> str:
    if not chooser.is_one_in(ONE_IN):
        variants = chooser.variants(2, SCARCE_SHARE)
        status, answer = entry.place_within(chooser.cell(), chooser.key(), chooser.customer(), variants)
        if status not in (201, 409):
            raise BenchmarkError(f"A cell answers {status}: {answer}")
        return "placed in a cell" if status == 201 else "sold out in a cell"
    order = chooser.over_cells(2 if chooser.is_one_in(2) else 3, SCARCE_SHARE)
    if not entry.place(order):
        return "sold out over cells"
    if chooser.is_one_in(2):
        return "held over cells"
    return "paid over cells" if entry.pay(order) else "held over cells"
