"""Orders of three lines from three sellers, each with a part for every seller, beside three lines from one seller."""

from collections.abc import Callable

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.meters import audit, measured_http
from benchmarks.options import Options
from benchmarks.run import Run, interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import serve

NAME = "sellers"
WARM_UP_SECONDS = 1.0
MOST = 1.5


def run(stage: Stage, options: Options) -> list[Figure]:
    with serve(stage) as web:

        def job(requests: list[tuple[str, str]]) -> Job:
            return Job(web.port, options.clients, options.seconds, requests, fresh_keys=True)

        one, three = job(traffic.orders(stage, lines=3)), job(traffic.orders_over_sellers(stage))
        for warm_up in (one, three):
            measured_http(stage, web, warm_up.lasting(min(WARM_UP_SECONDS, options.seconds)), expect=201)
        runs = interleave(
            options.rounds,
            {
                "one": lambda: measured_http(stage, web, one, expect=201),
                "three": lambda: measured_http(stage, web, three, expect=201),
            },
        )
    audit()

    def both(what: Callable[[Run], float]) -> tuple[float, float]:
        return middle(runs["three"], what), middle(runs["one"], what)

    time = both(lambda run: 1000 / run.rate)
    cost = both(lambda run: 1000 * (run.web_cpu + run.database_cpu) / run.done)
    p50 = both(lambda run: run.milliseconds(0.5))
    return [
        Figure(NAME, "three sellers, a share of the time", time[0], "ms/order", "one seller", time[1]),
        Figure(NAME, "three / one", time[0] / time[1], "", "at most", MOST),
        Figure(NAME, "three sellers, CPU of both", cost[0], "ms/order", "one seller", cost[1]),
        Figure(NAME, "three sellers, p50", p50[0], "ms", "one seller", p50[1]),
    ]
