"""The feed of events: how long after a change it is there, how fast a backlog is taken, what the sequencer costs."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from benchmarks.buyers import buy_together
from benchmarks.feeding import Cpu, Reading, Sequencing
from benchmarks.figures import Figure
from benchmarks.many_orders import place_many
from benchmarks.meters import audit, settle
from benchmarks.options import QUICK, Options
from benchmarks.run import BenchmarkError, percentile
from benchmarks.stage import Stage

NAME = "events"
PLACERS, TOGETHER = 2, 8  # processes, and orders that each places in one transaction: a web worker's threads
RATE = 700.0  # orders a second that are placed, if the machine can
BACKLOG, QUICK_BACKLOG = 20_000, 1_000  # orders of three lines: four events each, or fewer
SLOW_EVENTS, REST_SECONDS = 10, 6  # a second; times the seconds of a run
ROUNDS = 3  # at most
WAIT_MS, TAKEN, BUSY_SHARE, IDLE_SHARE = 500.0, 5_000.0, 5.0, 0.5


@dataclass(frozen=True, slots=True)
class Backlog:
    events: int
    seconds: float
    python: float
    database: float


def run(stage: Stage, options: Options) -> list[Figure]:
    rounds = min(ROUNDS, options.rounds)
    backlogs = [_take_backlog(stage, QUICK_BACKLOG if options == QUICK else BACKLOG) for _ in range(rounds)]
    waits = [_wait_under_load(stage, options) for _ in range(rounds)]
    with Sequencing(stage) as sequencer, _log_aside(stage):
        seconds = options.seconds * REST_SECONDS
        at_rest = _share(stage, sequencer, seconds, events=0)
        at_work = _share(stage, sequencer, seconds, events=SLOW_EVENTS)
    audit()
    return [
        *_wait_figures(waits),
        *_backlog_figures(backlogs),
        *_share_figures(f"{SLOW_EVENTS} events/s", at_work, BUSY_SHARE),
        *_share_figures("nothing", at_rest, IDLE_SHARE),
    ]


def _wait_under_load(stage: Stage, options: Options) -> tuple[float, list[float]]:
    """Orders placed a second, and how long each event took to be seen."""
    from benchmarks.shop import VARIANTS

    settle()
    with Sequencing(stage), Reading(stage) as reader:
        done = buy_together(
            stage,
            processes=PLACERS,
            seconds=options.seconds,
            variants=range(1, VARIANTS + 1),
            orders=TOGETHER,
            most_a_second=RATE,
        )
        time.sleep(1)
        seen = reader.result()
    if len(seen) < done.done:
        raise BenchmarkError(f"{done.done} orders were placed, {len(seen)} events were seen.")
    return done.rate, seen


def _take_backlog(stage: Stage, orders: int) -> Backlog:
    """By one process that finds them all written."""
    from benchmarks.shop import VARIANTS
    from events.models.event import Event
    from events.services.sequence_events import MOST, sequence_events

    _take_all()
    place_many(stage, orders=orders, variants=range(1, VARIANTS + 1), lines=3)
    settle()
    before = Event.objects.count()
    cpu, start = _own_cpu(), time.perf_counter()
    while sequence_events() == MOST:
        pass
    seconds = time.perf_counter() - start
    after, events = _own_cpu(), Event.objects.count() - before
    if events < 3 * orders:  # a variant drawn twice makes one line
        raise BenchmarkError(f"{events} events of {orders} orders of three lines.")
    return Backlog(events, seconds, after.python - cpu.python, after.database - cpu.database)


def _take_all() -> None:
    from events.services.sequence_events import sequence_events

    while sequence_events():
        pass


def _own_cpu() -> Cpu:
    import psutil
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return Cpu(time.process_time(), times.user + times.system)


def _share(stage: Stage, sequencer: Sequencing, seconds: float, *, events: int) -> Cpu:
    """Percent of a core, while so many events a second are written, each by a transaction of its own."""
    time.sleep(1)  # what was written before is taken
    before, start, written = sequencer.cpu(), time.perf_counter(), 0
    while (now := time.perf_counter() - start) < seconds:
        if written < now * events:
            _change_stock(stage)
            written += 1
        else:
            time.sleep(0.02)
    after, lasted = sequencer.cpu(), time.perf_counter() - start
    return Cpu(100 * (after.python - before.python) / lasted, 100 * (after.database - before.database) / lasted)


@contextmanager
def _log_aside(stage: Stage) -> Iterator[None]:
    """Every change is a line of log, which nobody reads beside the table."""
    stderr = os.dup(2)
    with (stage.home / "feeding.log").open("ab") as log:
        os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)


def _change_stock(stage: Stage) -> None:
    from benchmarks.shop import level_id
    from inventory.services.adjust_stock import adjust_stock

    adjust_stock(level_id=level_id(1), quantity=1, reason="Counted", actor=stage.shop.actor)


def _wait_figures(rounds: list[tuple[float, list[float]]]) -> list[Figure]:
    waits = [1000 * percentile(seen, 0.99) for _rate, seen in rounds]
    return [
        Figure(NAME, "orders placed meanwhile", median(rate for rate, _seen in rounds), "/s", "asked for", RATE),
        Figure(NAME, "from a change to the feed, p99", median(waits), "ms", "at most", WAIT_MS),
        Figure(NAME, "the same, p50", median(1000 * percentile(seen, 0.5) for _rate, seen in rounds), "ms"),
    ]


def _backlog_figures(rounds: list[Backlog]) -> list[Figure]:
    return [
        Figure(NAME, "taken of a backlog", median(one.events / one.seconds for one in rounds), "/s", "at least", TAKEN),
        Figure(NAME, "CPU of the database for it", _each(rounds, "database"), "ms/1,000 events"),
        Figure(NAME, "CPU of Python for it", _each(rounds, "python"), "ms/1,000 events"),
    ]


def _each(rounds: list[Backlog], what: str) -> float:
    return median(1e6 * getattr(one, what) / one.events for one in rounds)


def _share_figures(name: str, share: Cpu, most: float) -> list[Figure]:
    both = share.python + share.database
    return [
        Figure(NAME, f"sequencer and its backend, {name}", both, "% of a core", "at most", most),
        Figure(NAME, f"of that Python, {name}", share.python, "% of a core"),
    ]
