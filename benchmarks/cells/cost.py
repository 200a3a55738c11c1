"""What an order costs, web servers and database, where it goes to one cell, to one of four, and over two."""

import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

from benchmarks.cells.entry import Entry
from benchmarks.cells.orders import Chooser
from benchmarks.cells.rush import CLIENTS
from benchmarks.cells.stage import Cells
from benchmarks.cpu import tree_seconds
from benchmarks.run import BenchmarkError

Way = Callable[[Entry, Chooser], bool]
WARMING = 480  # every connection of every cell has its plans by then


def milliseconds(cells: Cells, orders: int, rounds: int) -> dict[str, float]:
    """The medians of so many rounds by turns, of CPU for one order; its entry's own is not counted."""
    ways: dict[str, Way] = {
        "one Kontor": partial(_within, cells=1),
        "one of four cells": partial(_within, cells=len(cells.cells)),
        "over two cells": lambda entry, chooser: entry.place(chooser.over_cells(2)),
    }
    for way in ways.values():
        _run(cells, way, WARMING)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(_run(cells, way, orders))
    return {name: statistics.median(each) for name, each in found.items()}


def _within(entry: Entry, chooser: Chooser, *, cells: int) -> bool:
    key, customer, variants = chooser.key(), chooser.customer(), chooser.variants(2)
    return entry.place_within(chooser.cell() % cells, key, customer, variants)[0] == 201


def _run(cells: Cells, way: Way, orders: int) -> float:
    before = _seconds(cells)
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: _client(cells, way, orders // CLIENTS), range(CLIENTS)))
    return (_seconds(cells) - before) / (orders // CLIENTS * CLIENTS) * 1000


def _client(cells: Cells, way: Way, orders: int) -> None:
    chooser, entry = Chooser(str(uuid4())), Entry(cells.cells, cells.secret)
    try:
        if not all(way(entry, chooser) for _ in range(orders)):
            raise BenchmarkError("An order was refused where there is plenty of everything.")
    finally:
        entry.close()


def _seconds(cells: Cells) -> float:
    return sum(map(tree_seconds, [*cells.web, cells.stage.postmaster]))
