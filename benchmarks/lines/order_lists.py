"""A page of orders, newest first, asked for by one client at a time."""

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.meters import count_orders, measured_http
from benchmarks.options import Options
from benchmarks.run import interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import serve

NAME = "order lists"
# p50 in ms of a customer's order list with 50,000 orders, and of the order list with 100,000 orders.
VENDURE_MS, SALEOR_MS = 85.0, 261.0


def run(stage: Stage, options: Options) -> list[Figure]:
    from benchmarks.shop import CUSTOMERS, customer_id

    own = [f"{traffic.PATH}?customer={customer_id(number)}" for number in range(1, CUSTOMERS + 1)]
    with serve(stage) as web:
        every = Job(web.port, 1, options.seconds, traffic.gets(stage, [traffic.PATH]), fresh_keys=False)
        one = Job(web.port, 1, options.seconds, traffic.gets(stage, own), fresh_keys=False)
        runs = interleave(
            options.rounds,
            {
                "every": lambda: measured_http(stage, web, every, expect=200),
                "one": lambda: measured_http(stage, web, one, expect=200),
            },
        )
    there = f"of {count_orders():,} orders"
    every_ms, one_ms = (middle(runs[side], lambda run: run.milliseconds(0.5)) for side in ("every", "one"))
    return [
        Figure(NAME, f"page {there}, p50", every_ms, "ms", "Saleor 3.23 at 100,000", SALEOR_MS),
        Figure(NAME, f"a customer's page {there}, p50", one_ms, "ms", "Vendure 3.7 at 50,000", VENDURE_MS),
    ]
