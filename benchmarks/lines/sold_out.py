"""Refusing an order of a sold-out variant, beside reading that variant."""

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.meters import measured_http
from benchmarks.options import Options
from benchmarks.run import interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import serve

NAME = "sold out"


def run(stage: Stage, options: Options) -> list[Figure]:
    from benchmarks.shop import SOLD_OUT, VARIANTS, variant_id

    gone = range(VARIANTS + 1, VARIANTS + SOLD_OUT + 1)
    reads = traffic.gets(stage, [f"/api/v1/variants/{variant_id(number)}" for number in gone])
    with serve(stage) as web:
        buy = Job(
            web.port,
            options.clients,
            options.seconds,
            traffic.orders(stage, lines=1, variants=gone),
            fresh_keys=True,
        )
        read = Job(web.port, options.clients, options.seconds, reads, fresh_keys=False)
        measured_http(stage, web, buy.lasting(0.5), expect=409)
        runs = interleave(
            options.rounds,
            {
                "buy": lambda: measured_http(stage, web, buy, expect=409),
                "read": lambda: measured_http(stage, web, read, expect=200),
            },
        )
    rate, read_rate = (middle(runs[side], lambda run: run.rate) for side in ("buy", "read"))
    return [
        Figure(NAME, "refusals", rate, "answers/s", "GET of the variant", read_rate),
        Figure(NAME, "refusals p50", middle(runs["buy"], lambda run: run.milliseconds(0.5)), "ms"),
    ]
