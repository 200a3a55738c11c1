"""100,000 overdue reservations are released while buyers go on: how long it takes, and who has to wait for it."""

from dataclasses import dataclass
from statistics import median

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.many_orders import place_overdue
from benchmarks.meters import audit, measured_http, settle
from benchmarks.options import QUICK, Options
from benchmarks.run import BenchmarkError, percentile
from benchmarks.stage import Stage
from benchmarks.sweeper import Sweep, Sweeper
from benchmarks.web import Web, drive, serve

NAME = "sweep"
RESERVATIONS, QUICK_RESERVATIONS = 100_000, 2_000
ROUNDS = 3  # at most: making the overdue orders takes longer than sweeping them
SWEPT = range(1, 61)  # half of what buyers choose from, so they meet the sweep at some levels and not at others
PIECE_SECONDS = 2.0  # of buying, as long as the sweep runs
MOST_SECONDS, MOST_SLOWER, MOST_HELD_MS = 20.0, 2.0, 100.0


@dataclass(frozen=True, slots=True)
class Round:
    """Latencies in µs, of buying without and during the sweep."""

    sweep: Sweep
    calm: list[int]
    during: list[int]


def run(stage: Stage, options: Options) -> list[Figure]:
    reservations = QUICK_RESERVATIONS if options == QUICK else RESERVATIONS
    with serve(stage) as web:
        job = Job(web.port, options.clients, PIECE_SECONDS, traffic.orders(stage, lines=3), fresh_keys=True)
        measured_http(stage, web, job.lasting(0.5), expect=201)
        rounds = [_round(stage, web, job, reservations, options) for _ in range(min(ROUNDS, options.rounds))]
    audit()
    return _figures(rounds, reservations)


def _round(stage: Stage, web: Web, job: Job, reservations: int, options: Options) -> Round:
    place_overdue(stage, orders=reservations, variants=SWEPT)
    _analyze()
    settle()
    calm = _buy_for(web, job, options.seconds)
    settle()
    during: list[int] = []
    with Sweeper(stage) as sweeper:
        while sweeper.running:
            piece = _buy(web, job)
            if sweeper.running or not during:  # the last piece outlasted the sweep
                during += piece
        sweep = sweeper.result()
    if sweep.expired != reservations:
        raise BenchmarkError(f"{reservations} orders were overdue, {sweep.expired} were swept.")
    return Round(sweep, calm, during)


def _buy_for(web: Web, job: Job, seconds: float) -> list[int]:
    """In the same pieces as during the sweep, so that starting the clients weighs the same."""
    return [latency for _ in range(max(1, round(seconds / PIECE_SECONDS))) for latency in _buy(web, job)]


def _buy(web: Web, job: Job) -> list[int]:
    outcome = drive(web, job)
    if set(outcome.statuses) != {"201"}:
        raise BenchmarkError(f"Answers other than 201: {outcome.statuses} {outcome.samples}")
    return outcome.latencies_us


def _analyze() -> None:
    """Statistics as autovacuum would have them by then."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _figures(rounds: list[Round], reservations: int) -> list[Figure]:
    seconds = median(found.sweep.seconds for found in rounds)
    calm = median(percentile(found.calm, 0.99) / 1000 for found in rounds)
    during = median(percentile(found.during, 0.99) / 1000 for found in rounds)
    held = [1000 * one for found in rounds for one in found.sweep.held]
    return [
        Figure(NAME, f"{reservations:,} reservations released", seconds, "s", "at most", MOST_SECONDS),
        Figure(NAME, "placing meanwhile, p99", during, "ms", "without the sweep", calm),
        Figure(NAME, "p99 during / without", during / calm, "", "at most", MOST_SLOWER),
        Figure(NAME, "a level held, longest", max(held), "ms", "at most", MOST_HELD_MS),
        Figure(NAME, "a level held, p50", percentile(held, 0.5), "ms"),
    ]
