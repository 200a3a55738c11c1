"""Placing by processes without the web's cost, all for one variant, beside the same in plain SQL.

Raw SQL takes the hot level's lock once an order. Kontor takes it once for all orders that wait in one process, so
processes with one order at a time have nothing to gain by it; threads do, as in the web server, but share one
interpreter with the whole of Python's work. Lists as long as a web process's threads are many show the lock itself.
"""

from collections.abc import Callable

from benchmarks.buyers import buy_at_once, buy_together
from benchmarks.figures import Figure
from benchmarks.meters import audit, measured, measured_sql
from benchmarks.options import Options
from benchmarks.pgbench import shop_variables
from benchmarks.run import Run, interleave, middle
from benchmarks.stage import Stage

NAME = "without HTTP"
PROCESSES = 8
WEB_PROCESSES = 2  # as many as the web server's on two cores
GOAL_RATIO = 2.0


def run(stage: Stage, options: Options) -> list[Figure]:
    from benchmarks.shop import VARIANTS
    from config.web.server import THREADS_PER_WORKER

    def python(last: int, processes: int, threads: int = 1) -> Run:
        return _checked(
            stage,
            lambda: buy_at_once(
                stage, processes=processes, threads=threads, seconds=options.seconds, variants=range(1, last + 1)
            ),
        )

    def lists(last: int) -> Run:
        return _checked(
            stage,
            lambda: buy_together(
                stage,
                processes=WEB_PROCESSES,
                seconds=options.seconds,
                variants=range(1, last + 1),
                orders=THREADS_PER_WORKER,
            ),
        )

    def sql(last: int) -> Run:
        variables = shop_variables(stage) | {"first": 1, "last": last}
        return measured_sql(
            stage, "place_one.sql", clients=options.clients, seconds=options.seconds, variables=variables
        )

    runs = interleave(
        options.rounds,
        {
            "raw one": lambda: sql(1),
            "one": lambda: python(1, PROCESSES),
            "threads": lambda: python(1, WEB_PROCESSES, THREADS_PER_WORKER),
            "lists": lambda: lists(1),
            "raw many": lambda: sql(VARIANTS),
            "many": lambda: python(VARIANTS, PROCESSES),
        },
    )
    audit()
    return _figures(runs, THREADS_PER_WORKER)


def _checked(stage: Stage, buy: Callable[[], Run]) -> Run:
    return measured(stage, None, buy, orders=lambda run: run.done)


def _figures(runs: dict[str, list[Run]], together: int) -> list[Figure]:
    rate = {side: middle(rounds, lambda run: run.rate) for side, rounds in runs.items()}
    raw = rate["raw one"]
    cpu = {side: middle(runs[side], lambda run: run.web_cpu / run.done) * 1000 for side in ("many", "lists")}
    database = {
        side: middle(runs[side], lambda run: run.database_cpu / run.done) * 1000 for side in ("raw one", "lists")
    }
    lists = f"lists of {together} in {WEB_PROCESSES} processes"
    return [
        Figure(NAME, "raw SQL, one variant", raw, "orders/s"),
        Figure(NAME, f"one variant, {PROCESSES} processes", rate["one"], "orders/s", "raw SQL", raw),
        Figure(NAME, f"one variant, {WEB_PROCESSES} x {together} threads", rate["threads"], "orders/s", "raw SQL", raw),
        Figure(NAME, f"one variant, {lists}", rate["lists"], "orders/s", "raw SQL", raw),
        Figure(NAME, f"{lists} / raw SQL", rate["lists"] / raw, "", "at least", GOAL_RATIO),
        Figure(NAME, "120 variants", rate["many"], "orders/s", "raw SQL", rate["raw many"]),
        Figure(NAME, "CPU of Python", cpu["many"], "ms/order"),
        Figure(NAME, "CPU of Python, lists", cpu["lists"], "ms/order"),
        Figure(NAME, "CPU of the database, lists", database["lists"], "ms/order", "raw SQL", database["raw one"]),
    ]
