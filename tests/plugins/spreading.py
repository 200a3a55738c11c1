"""How tests are spread over processes."""

import itertools
import os
from pathlib import Path

import pytest


def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: half as many again as cores, since a test often waits for PostgreSQL or another process."""
    return max(2, len(os.sched_getaffinity(0)) * 3 // 2)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is still at it when the others have nothing left to do.

    Each process begins with an equally long stretch of the list: the long ones are dealt out to the stretches'
    beginnings, a whole module or package to one process, as its tests share what took so long to make.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("long"):
            shares = item.path.parent if item.path.parent.name == "full_tables" else item.path
            long.setdefault(shares, []).append(item)
    bounds = [len(items) * n // processes for n in range(processes + 1)]
    dealt = list(long.values())
    rest = iter([item for item in items if not item.get_closest_marker("long")])
    stretches = [list(itertools.chain.from_iterable(dealt[n::processes])) for n in range(processes)]
    for stretch, begin, end in zip(stretches, bounds[:-1], bounds[1:], strict=True):
        stretch.extend(itertools.islice(rest, max(0, end - begin - len(stretch))))
    items[:] = [*itertools.chain.from_iterable(stretches), *rest]
