"""An order's life step by step, and reads, in CPU of web and database beside placing in the same round.

One client, in this process: nothing waits, so nothing is shared, and the clients' own work is in none of the figures.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.cpu import tree_seconds
from benchmarks.figures import Figure
from benchmarks.life_steps import Caller, Step, constant_view, life_of_orders
from benchmarks.meters import audit
from benchmarks.options import Options
from benchmarks.stage import Stage

NAME = "life"
ORDERS_A_SECOND = 12  # so many orders live for each second of a run
WARM_UP_ORDERS = 12  # prepared statements, and SQL that is made once
# At most, as a share of placing, or of the view that answers a constant.
STEPS = {"paid": 1.0, "moved on": 1.5, "shipped": 1.5, "refunded": 1.5, "cancelled": 1.5}
LIVES = {"placed and paid": ("placed", "paid"), "placed, paid, shipped": ("placed", "paid", "moved on", "shipped")}
LIFE_LIMITS = {"placed and paid": 2.0, "placed, paid, shipped": 5.0}
READS = {"one order": 2.0, "20 orders": 4.0, "20 variants": 2.5, "products with 212 variants": 6.0}


@dataclass(frozen=True, slots=True)
class Cpu:
    """Milliseconds a request."""

    web: float
    database: float

    @property
    def both(self) -> float:
        return self.web + self.database


Round = dict[str, Cpu]


def run(stage: Stage, options: Options) -> list[Figure]:
    caller = Caller(stage)
    orders = max(4, int(options.seconds * ORDERS_A_SECOND))
    with constant_view():
        _live(caller, WARM_UP_ORDERS)
        rounds = [_live(caller, orders) for _ in range(options.rounds)]
    audit()
    return [*_steps(rounds), *_lives(rounds), *_reads(rounds)]


def _live(caller: Caller, orders: int) -> Round:
    return {step.name: _measured(caller.stage, step) for step in life_of_orders(caller, orders)}


def _measured(stage: Stage, step: Step) -> Cpu:
    web, database = time.process_time(), tree_seconds(stage.postmaster)
    for order in step.orders:
        step.act(order)
    web, database = time.process_time() - web, tree_seconds(stage.postmaster) - database
    return Cpu(1000 * web / len(step.orders), 1000 * database / len(step.orders))


def _steps(rounds: list[Round]) -> Iterator[Figure]:
    for name in ("placed", *STEPS):
        yield Figure(NAME, f"{name}, CPU web", median(one[name].web for one in rounds), "ms")
        yield Figure(NAME, f"{name}, CPU database", median(one[name].database for one in rounds), "ms")
        if name in STEPS:
            share = median(one[name].both / one["placed"].both for one in rounds)
            yield Figure(NAME, f"{name} / placed", share, "", "at most", STEPS[name])


def _lives(rounds: list[Round]) -> Iterator[Figure]:
    for name, steps in LIVES.items():
        both = [sum(one[step].both for step in steps) for one in rounds]
        share = median(life / one["placed"].both for life, one in zip(both, rounds, strict=True))
        yield Figure(NAME, f"{name}, CPU both", median(both), "ms/order")
        yield Figure(NAME, f"{name} / placed", share, "", "at most", LIFE_LIMITS[name])


def _reads(rounds: list[Round]) -> Iterator[Figure]:
    yield Figure(NAME, "a constant, CPU both", median(one["a constant"].both for one in rounds), "ms")
    for name, limit in READS.items():
        share = median(one[name].both / one["a constant"].both for one in rounds)
        yield Figure(NAME, f"{name}, CPU both", median(one[name].both for one in rounds), "ms")
        yield Figure(NAME, f"{name} / a constant", share, "", "at most", limit)
    share = median(one["one order"].both / one["placed"].both for one in rounds)
    yield Figure(NAME, "one order / placed", share, "", "at most", 1.0)
