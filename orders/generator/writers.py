"""Processes that write COPY text while the database takes in what they wrote before. They know no database."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from orders.generator.history import Plot, write_batch

WRITERS = 2


def write_ahead(plot: Plot, *, batch_size: int) -> Iterator[tuple[int, str, str]]:
    """Batches in order of time: how many orders, their rows and their items' rows. Never more than a few are kept."""
    total = plot.period.orders
    waiting = deque(range(start, min(start + batch_size, total)) for start in range(0, total, batch_size))
    with ProcessPoolExecutor(WRITERS, get_context("spawn"), _remember_plot, (plot,)) as writers:
        written = deque(
            (places, writers.submit(_write_ranges, places)) for places in _take_ranges(waiting, WRITERS + 1)
        )
        while written:
            places, batch = written.popleft()
            written.extend((later, writers.submit(_write_ranges, later)) for later in _take_ranges(waiting, 1))
            orders, items = batch.result()
            yield len(places), orders, items


def _take_ranges(waiting: deque[range], count: int) -> list[range]:
    return [waiting.popleft() for _ in range(min(count, len(waiting)))]


_plot: Plot


def _remember_plot(plot: Plot) -> None:
    global _plot  # noqa: PLW0603 - given to each process once, so that no batch carries all customers along
    _plot = plot


def _write_ranges(places: range) -> tuple[str, str]:
    return write_batch(_plot, places)
