"""What grows, one thing at a time: each function gives curves, all else being the ordinary shop of the benchmarks."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks import traffic
from benchmarks.cpu import tree_seconds
from benchmarks.growth.curve import Curve
from benchmarks.load import Job
from benchmarks.meters import REAPED_SECONDS, audit, measured_http, settle
from benchmarks.options import Options
from benchmarks.placer import request_placer
from benchmarks.run import Run, interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import Web, serve

LINES = (1, 3, 10, 30, 100, 200)
SELLERS = (1, 2, 5, 10)
VARIANTS = (1, 12, 120)
WORKERS = (1, 2)
CLIENTS = (1, 4, 16, 64, 200, 1000)
WARM_UP = 10  # statements that PostgreSQL prepares after five
# Numbers of variants that the ordinary shop does not have: one seller with many, and many sellers with ten each.
MANY = range(1_001, 1_401)
OF_ONE_SELLER = 10
FIRST_OF_SELLERS = 2_001


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one order: milliseconds of CPU of web and database, and bytes of WAL."""

    web: float
    database: float
    wal: float


def against_orders(stage: Stage, options: Options, sizes: Sequence[int]) -> list[Curve]:
    """The table is filled by `generate_orders`, each size on top of the one before."""
    from orders.generator.generate import generate_orders

    place = request_placer(stage, lines=3, variants=range(1, 121), seed=1)
    costs, there = {}, 0
    for size in sizes:
        if size > there:
            generate_orders(orders=size - there, customers=max(1, (size - there) // 20), seed=size, say=lambda _: None)
            there = size
        costs[size] = _middle([_cost(stage, place, options) for _ in range(options.rounds)])
    return _curves("orders in the table", costs)


def against_lines(stage: Stage, options: Options) -> list[Curve]:
    return _in_process(
        "lines an order",
        options,
        stage,
        {lines: request_placer(stage, lines=lines, variants=MANY, seed=lines) for lines in LINES},
    )


def against_sellers(stage: Stage, options: Options) -> list[Curve]:
    """Ten lines, over more and more sellers."""
    places = {sellers: partial(_place_over, stage, sellers) for sellers in SELLERS}
    return _in_process("sellers of ten lines", options, stage, places)


def _place_over(stage: Stage, sellers: int) -> None:
    from benchmarks.requests import call
    from benchmarks.shop import customer_id, variant_id
    from shared.ids import new_id

    numbers = [FIRST_OF_SELLERS + OF_ONE_SELLER * (line % sellers) + line // sellers for line in range(10)]
    body = traffic.order_body(customer_id(1), [variant_id(number) for number in numbers])
    call("POST", traffic.PATH, secret=stage.shop.secret, body=body, key=str(new_id()))


def against_variants(stage: Stage, options: Options) -> list[Curve]:
    """One line, of one of so many variants."""
    with serve(stage) as web:
        jobs = {
            count: Job(web.port, options.clients, options.seconds, requests, fresh_keys=True)
            for count in VARIANTS
            for requests in [traffic.orders(stage, lines=1, variants=range(1, count + 1))]
        }
        runs = _over_http(stage, web, options, jobs)
    return _curves_of_runs("variants that all buy", runs)


def against_workers(stage: Stage, options: Options) -> list[Curve]:
    runs: dict[int, list[Run]] = {workers: [] for workers in WORKERS}
    requests = traffic.orders(stage, lines=3)
    for _ in range(options.rounds):
        for workers in WORKERS:
            with serve(stage, workers) as web:
                job = Job(web.port, options.clients, options.seconds, requests, fresh_keys=True)
                measured_http(stage, web, job.lasting(1), expect=201)
                runs[workers].append(measured_http(stage, web, job, expect=201))
    return _curves_of_runs("web processes", runs)


def against_clients(stage: Stage, options: Options) -> list[Curve]:
    requests = traffic.orders(stage, lines=3)
    with serve(stage) as web:
        jobs = {clients: Job(web.port, clients, options.seconds, requests, fresh_keys=True) for clients in CLIENTS}
        runs = _over_http(stage, web, options, jobs)
    return _curves_of_runs("clients at once", runs)


def stock_up_for_growth() -> None:
    """The goods that the curves above need beside the ordinary ones."""
    from benchmarks.shop import stock_up
    from catalog.models.seller import Seller
    from inventory.models.location import StockLocation
    from inventory.services.ensure_location import ensure_location

    main = StockLocation.objects.order_by("seller__priority", "created_at")[0]
    stock_up(main, MANY, MANY)
    for number in range(max(SELLERS)):
        seller = Seller.objects.create(name=f"Growth {number}", slug=f"growth-{number}", priority=500 + number)
        first = FIRST_OF_SELLERS + OF_ONE_SELLER * number
        own = range(first, first + OF_ONE_SELLER)
        stock_up(ensure_location(seller=seller), own, own)


def _in_process(chart: str, options: Options, stage: Stage, places: dict[int, Callable[[], None]]) -> list[Curve]:
    sides = {str(x): partial(_cost, stage, place, options) for x, place in places.items()}
    costs = interleave(options.rounds, sides)
    audit()
    return _curves(chart, {x: _middle(costs[str(x)]) for x in places})


def _cost(stage: Stage, place: Callable[[], None], options: Options) -> Cost:
    """Of orders placed one after the other in this process for the time that the options give."""
    for _ in range(WARM_UP):
        place()
    settle()
    database, web, wal, done = tree_seconds(stage.postmaster), time.process_time(), _wal(), 0
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        place()
        done += 1
    web, wal = time.process_time() - web, _wal() - wal
    time.sleep(REAPED_SECONDS)
    return Cost(1000 * web / done, 1000 * (tree_seconds(stage.postmaster) - database) / done, wal / done)


def _wal() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])


def _middle(costs: Iterable[Cost]) -> Cost:
    found = list(costs)
    return Cost(*(median(getattr(cost, name) for cost in found) for name in ("web", "database", "wal")))


def _curves(chart: str, costs: dict[int, Cost]) -> list[Curve]:
    def curve(figure: str, unit: str, of: Callable[[Cost], float]) -> Curve:
        return Curve(chart, figure, unit, tuple((x, of(cost)) for x, cost in costs.items()))

    return [
        curve("web", "ms of CPU an order", lambda cost: cost.web),
        curve("database", "ms of CPU an order", lambda cost: cost.database),
        curve("WAL", "kB an order", lambda cost: cost.wal / 1024),
    ]


def _over_http(stage: Stage, web: Web, options: Options, jobs: dict[int, Job]) -> dict[int, list[Run]]:
    for job in jobs.values():
        measured_http(stage, web, job.lasting(min(1.0, options.seconds)), expect=201)
    sides = {str(x): partial(measured_http, stage, web, job, expect=201) for x, job in jobs.items()}
    runs = interleave(options.rounds, sides)
    audit()
    return {x: runs[str(x)] for x in jobs}


def _curves_of_runs(chart: str, runs: dict[int, list[Run]]) -> list[Curve]:
    def curve(figure: str, unit: str, of: Callable[[Run], float]) -> Curve:
        return Curve(chart, figure, unit, tuple((x, middle(found, of)) for x, found in runs.items()))

    return [
        curve("web", "ms of CPU an order", lambda run: 1000 * run.web_cpu / run.done),
        curve("database", "ms of CPU an order", lambda run: 1000 * run.database_cpu / run.done),
        curve("placed", "orders a second", lambda run: run.rate),
        curve("p50", "ms", lambda run: run.milliseconds(0.5)),
        curve("p99", "ms", lambda run: run.milliseconds(0.99)),
    ]
