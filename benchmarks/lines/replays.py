"""Answering a repeated request with the order it placed, beside reading an order."""

from benchmarks import traffic
from benchmarks.figures import Figure
from benchmarks.load import Job
from benchmarks.meters import measured_http
from benchmarks.options import Options
from benchmarks.run import interleave, middle
from benchmarks.stage import Stage
from benchmarks.web import drive, serve

NAME = "replays"
KEYS = 50


def run(stage: Stage, options: Options) -> list[Figure]:
    repeated = traffic.replays(stage, keys=KEYS)
    with serve(stage) as web:
        for one in repeated:
            drive(web, Job(web.port, 1, 0, [one], fresh_keys=False))
        reads = traffic.gets(stage, [f"{traffic.PATH}/{order}" for order in _newest(KEYS)])
        replay = Job(web.port, options.clients, options.seconds, repeated, fresh_keys=False)
        read = Job(web.port, options.clients, options.seconds, reads, fresh_keys=False)
        runs = interleave(
            options.rounds,
            {
                "replay": lambda: measured_http(stage, web, replay, expect=200),
                "read": lambda: measured_http(stage, web, read, expect=200),
            },
        )
    rate, read_rate = (middle(runs[side], lambda run: run.rate) for side in ("replay", "read"))
    return [
        Figure(NAME, "replays", rate, "answers/s", "GET of an order", read_rate),
        Figure(NAME, "replays p50", middle(runs["replay"], lambda run: run.milliseconds(0.5)), "ms"),
    ]


def _newest(count: int) -> list[str]:
    from orders.models.order import Order

    return [str(pk) for pk in Order.objects.order_by("-created_at").values_list("pk", flat=True)[:count]]
