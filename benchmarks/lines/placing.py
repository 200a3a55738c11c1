"""Orders of three lines through HTTP beside the same transaction as plain SQL under pgbench, in turn."""

from collections.abc import Callable

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.meters import audit, measured_http, measured_sql
from benchmarks.options import Options
from benchmarks.pgbench import shop_variables
from benchmarks.run import Run, interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import serve

NAME = "placing"
WARM_UP_SECONDS = 1.0
# Other shops with the same three-line order on two cores, as measured when Kontor was designed.
VENDURE_RATE, VENDURE_CPU_MS = 7.0, 200.0
SALEOR_RATE, SALEOR_CPU_MS = 1.0, 860.0
LEAST_RATIO, MOST_CPU_MS, MOST_SPREAD = 0.20, 2.5, 8.0


def run(stage: Stage, options: Options) -> list[Figure]:
    variables = shop_variables(stage)
    with serve(stage) as web:
        job = Job(web.port, options.clients, options.seconds, traffic.orders(stage, lines=3), fresh_keys=True)
        measured_http(stage, web, job.lasting(min(WARM_UP_SECONDS, options.seconds)), expect=201)
        runs = interleave(
            options.rounds,
            {
                "raw": lambda: measured_sql(
                    stage,
                    "place_three.sql",
                    clients=options.clients,
                    seconds=options.seconds,
                    variables=variables,
                ),
                "http": lambda: measured_http(stage, web, job, expect=201),
            },
        )
    audit()
    sides = runs["raw"], runs["http"]
    return _speed(*sides) + _patience(*sides) + _cost(*sides)


def _speed(raw: list[Run], http: list[Run]) -> list[Figure]:
    raw_rate, rate = middle(raw, lambda run: run.rate), middle(http, lambda run: run.rate)
    return [
        Figure(NAME, "raw SQL", raw_rate, "orders/s"),
        Figure(NAME, "over HTTP", rate, "orders/s", "raw SQL", raw_rate),
        Figure(NAME, "over HTTP / raw SQL", rate / raw_rate, "", "at least", LEAST_RATIO),
        Figure(NAME, "over HTTP", rate, "orders/s", "Vendure 3.7", VENDURE_RATE),
        Figure(NAME, "over HTTP", rate, "orders/s", "Saleor 3.23", SALEOR_RATE),
    ]


def _patience(raw: list[Run], http: list[Run]) -> list[Figure]:
    raw50, p50 = (middle(runs, lambda run: run.milliseconds(0.5)) for runs in (raw, http))
    raw99, p99 = (middle(runs, lambda run: run.milliseconds(0.99)) for runs in (raw, http))
    return [
        Figure(NAME, "p50", p50, "ms", "raw SQL", raw50),
        Figure(NAME, "p99", p99, "ms", "raw SQL", raw99),
        Figure(NAME, "p99 / p50", p99 / p50, "", "at most", MOST_SPREAD),
    ]


def _cost(raw: list[Run], http: list[Run]) -> list[Figure]:
    """CPU of whole process trees. The clients' is shown because they take it from the same processors."""

    def per_order(runs: list[Run], what: Callable[[Run], float]) -> float:
        return 1000 * middle(runs, lambda run: what(run) / run.done)

    both = per_order(http, lambda run: run.web_cpu + run.database_cpu)
    raw_database = per_order(raw, lambda run: run.database_cpu)
    pgbench = per_order(raw, lambda run: run.client_cpu)
    return [
        Figure(NAME, "CPU, web", per_order(http, lambda run: run.web_cpu), "ms/order"),
        Figure(
            NAME, "CPU, database", per_order(http, lambda run: run.database_cpu), "ms/order", "raw SQL", raw_database
        ),
        Figure(NAME, "CPU, both", both, "ms/order", "at most", MOST_CPU_MS),
        Figure(NAME, "CPU, both", both, "ms/order", "Vendure 3.7", VENDURE_CPU_MS),
        Figure(NAME, "CPU, both", both, "ms/order", "Saleor 3.23", SALEOR_CPU_MS),
        Figure(NAME, "CPU, HTTP clients", per_order(http, lambda run: run.client_cpu), "ms/order", "pgbench", pgbench),
        Figure(NAME, "busy elsewhere, HTTP", middle(http, lambda run: run.others), "cores"),
        Figure(NAME, "busy elsewhere, raw SQL", middle(raw, lambda run: run.others), "cores"),
    ]
