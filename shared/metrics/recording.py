"""Counting and timing where things happen. With METRICS_PORT unset nothing is recorded, and nothing is imported.

Each process writes to files of its own in KONTOR_HOME/run/metrics (prometheus_client's multi-process mode), and
whoever looks adds them up: what a process counted stays when it ends, and no process waits for another.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings

from shared.metrics.names import ALL, Metric

_DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # the library reads it when it is imported
_families: dict[str, Any] = {}
_series: dict[tuple[str, ...], Any] = {}
_making = threading.Lock()


def add(metric: Metric, *labels: str, amount: int = 1) -> None:
    """Count `amount` more, under the values of the metric's labels in their order."""
    if settings.METRICS_PORT and amount:
        _series_of(metric, labels).inc(amount)


def observe(metric: Metric, value: float, *labels: str) -> None:
    """Put `value` (seconds, or units) into a histogram."""
    if settings.METRICS_PORT:
        _series_of(metric, labels).observe(value)


@contextmanager
def timed(metric: Metric, *labels: str) -> Iterator[None]:
    """Put how long the block took into a histogram, whether it succeeded or not."""
    began = time.perf_counter()
    try:
        yield
    finally:
        observe(metric, time.perf_counter() - began, *labels)


def begin_at_zero() -> None:
    """Show the series that are known beforehand before anything is counted: of a counter that appears with its first
    event, the first event is never seen as a rise."""
    for metric in ALL:
        if metric.kind != "state" and len(metric.values) == len(metric.labels):
            for labels in product(*metric.values):
                _series_of(metric, labels)


def metrics_directory() -> Path:
    """Of this machine: containers may share a home, and their processes have the same numbers."""
    return Path(settings.KONTOR_HOME) / "run" / "metrics" / socket.gethostname()


def prepare_directory() -> None:
    """Make it. What was counted by processes that are gone is forgotten only when all are: were some counts taken away
    and others not, sums would go back by a part, which whoever watches takes for a beginning from nought."""
    directory = metrics_directory()
    directory.mkdir(parents=True, exist_ok=True)
    files = list(directory.glob("*.db"))
    if not any(_is_running(int(number)) for file in files if (number := file.stem.rpartition("_")[2]).isdigit()):
        for file in files:
            file.unlink(missing_ok=True)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it is somebody else's, and there
    return True


def _series_of(metric: Metric, labels: tuple[str, ...]) -> Any:
    key = (metric.name, *labels)
    found = _series.get(key)
    if found is None:
        with _making:  # two threads at once would each register the family
            if not _families:
                _make_families()
            family = _families[metric.name]
            found = _series[key] = family.labels(*labels) if metric.labels else family
    return found


def _make_families() -> None:
    directory = metrics_directory()
    directory.mkdir(parents=True, exist_ok=True)
    os.environ[_DIRECTORY_VARIABLE] = str(directory)
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry(auto_describe=False)
    for metric in ALL:
        if metric.kind == "counter":
            _families[metric.name] = Counter(metric.name, metric.text, metric.labels, registry=registry)
        elif metric.kind == "histogram":
            _families[metric.name] = Histogram(
                metric.name, metric.text, metric.labels, buckets=metric.buckets, registry=registry
            )
