"""Everybody buys one variant, beside everybody buying one of 120: is the hot row slower, is it fair?"""

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.meters import audit, measured_http
from benchmarks.options import Options
from benchmarks.run import Run, interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import Web, serve

NAME = "contention"
CLIENTS = (16, 64, 200)
GOAL_RATIO, GOAL_SPREAD = 0.9, 20.0


def run(stage: Stage, options: Options) -> list[Figure]:
    figures: list[Figure] = []
    with serve(stage) as web:
        for clients in CLIENTS:
            figures += _with(stage, web, options, clients)
    audit()
    return figures


def _with(stage: Stage, web: Web, options: Options, clients: int) -> list[Figure]:
    one = Job(
        web.port,
        clients,
        options.seconds,
        traffic.orders(stage, lines=1, variants=range(1, 2)),
        fresh_keys=True,
    )
    many = Job(web.port, clients, options.seconds, traffic.orders(stage, lines=1), fresh_keys=True)
    measured_http(stage, web, many.lasting(0.5), expect=201)
    runs = interleave(
        options.rounds,
        {
            "one": lambda: measured_http(stage, web, one, expect=201),
            "many": lambda: measured_http(stage, web, many, expect=201),
        },
    )
    return _figures(clients, runs["one"], runs["many"])


def _figures(clients: int, one: list[Run], many: list[Run]) -> list[Figure]:
    rate, wide = middle(one, lambda run: run.rate), middle(many, lambda run: run.rate)
    spread = middle(one, lambda run: run.milliseconds(0.99) / run.milliseconds(0.5))
    return [
        Figure(NAME, f"one variant, {clients} clients", rate, "orders/s", "120 variants", wide),
        Figure(NAME, f"one / 120 variants, {clients} clients", rate / wide, "", "at least", GOAL_RATIO),
        Figure(NAME, f"p99 / p50, {clients} clients", spread, "", "at most", GOAL_SPREAD),
    ]
