"""An order's life step by step, and reads, in CPU of web and database beside placing in the same round.

One client, in this process: nothing waits, so nothing is shared, and the clients' own work is in none of the figures.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks import traffic
from benchmarks.cpu import tree_seconds
from benchmarks.figures import Figure
from benchmarks.meters import audit
from benchmarks.options import Options
from benchmarks.requests import call
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


@dataclass(slots=True)
class Caller:
    """A key's requests about orders."""

    stage: Stage
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def place(self) -> str:
        from benchmarks.shop import CUSTOMERS, VARIANTS, customer_id, variant_id
        from shared.ids import new_id

        picked = [variant_id(number) for number in self.chance.sample(range(1, VARIANTS + 1), 3)]
        body = traffic.order_body(customer_id(self.chance.randint(1, CUSTOMERS)), picked)
        secret = self.stage.shop.secret
        return str(call("POST", traffic.PATH, secret=secret, body=body, key=str(new_id()))["id"])

    def send(self, method: str, path: str, body: object = None) -> None:
        call(method, path, secret=self.stage.shop.secret, body=body)


def run(stage: Stage, options: Options) -> list[Figure]:
    caller = Caller(stage)
    orders = max(4, int(options.seconds * ORDERS_A_SECOND))
    with _constant_view():
        _live(caller, WARM_UP_ORDERS)
        rounds = [_live(caller, orders) for _ in range(options.rounds)]
    audit()
    return [*_steps(rounds), *_lives(rounds), *_reads(rounds)]


def _live(caller: Caller, orders: int) -> Round:
    placed: list[str] = []
    path = traffic.PATH

    def of_order(method: str, rest: str = "", body: object = None) -> Callable[[str], None]:
        return lambda order: caller.send(method, f"{path}/{order}{rest}", body)

    def of_shop(address: str) -> Callable[[str], None]:
        return lambda _order: caller.send("GET", address)

    def measured(act: Callable[[str], None], each: Iterable[str]) -> Cpu:
        return _measured(caller.stage, act, list(each))

    found = {"placed": measured(lambda _: placed.append(caller.place()), [""] * orders)}
    paid, cancelled = placed[: orders // 2], placed[orders // 2 :]
    found |= {
        "cancelled": measured(of_order("DELETE"), cancelled),
        "paid": measured(of_order("PATCH", "/payment", {"status": "paid"}), paid),
        "moved on": measured(of_order("PATCH", "/status", {"status": "PROCESSING"}), paid),
        "shipped": measured(of_order("PATCH", "/status", {"status": "SHIPPED"}), paid),
        "refunded": measured(of_order("POST", "/refunds", {"amount": "1.00", "reason": "late"}), paid),
        "a constant": measured(of_shop("/api/v1/constant"), placed),
        "one order": measured(of_order("GET"), placed),
        "20 orders": measured(of_shop(path), paid),
        "20 variants": measured(of_shop("/api/v1/variants"), paid),
        "products with 212 variants": measured(of_shop("/api/v1/products"), paid),
    }
    return found


def _measured(stage: Stage, act: Callable[[str], None], each: list[str]) -> Cpu:
    web, database = time.process_time(), tree_seconds(stage.postmaster)
    for order in each:
        act(order)
    web, database = time.process_time() - web, tree_seconds(stage.postmaster) - database
    return Cpu(1000 * web / len(each), 1000 * database / len(each))


@contextmanager
def _constant_view() -> Iterator[None]:
    from django.conf import settings

    usual, settings.ROOT_URLCONF = settings.ROOT_URLCONF, "benchmarks.constant"
    try:
        yield
    finally:
        settings.ROOT_URLCONF = usual


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
