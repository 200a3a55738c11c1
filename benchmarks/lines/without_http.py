"""The placing function called by several processes, all for one variant, beside the same in plain SQL."""

from benchmarks.buyers import buy_at_once
from benchmarks.figures import Figure
from benchmarks.meters import audit, measured, measured_sql
from benchmarks.options import Options
from benchmarks.pgbench import shop_variables
from benchmarks.run import Run, interleave, middle
from benchmarks.stage import Stage

NAME = "without HTTP"
PROCESSES = 8
GOAL_RATIO = 2.0


def run(stage: Stage, options: Options) -> list[Figure]:
    from benchmarks.shop import VARIANTS

    def python(last: int) -> Run:
        def buy() -> Run:
            return buy_at_once(stage, processes=PROCESSES, seconds=options.seconds, variants=range(1, last + 1))

        return measured(stage, None, buy, orders=lambda run: run.done)

    def sql(last: int) -> Run:
        variables = shop_variables(stage) | {"first": 1, "last": last}
        return measured_sql(
            stage, "place_one.sql", clients=options.clients, seconds=options.seconds, variables=variables
        )

    runs = interleave(
        options.rounds,
        {
            "raw one": lambda: sql(1),
            "one": lambda: python(1),
            "raw many": lambda: sql(VARIANTS),
            "many": lambda: python(VARIANTS),
        },
    )
    audit()
    return _figures(runs)


def _figures(runs: dict[str, list[Run]]) -> list[Figure]:
    rate = {side: middle(rounds, lambda run: run.rate) for side, rounds in runs.items()}
    python_cpu = middle(runs["many"], lambda run: run.web_cpu / run.done) * 1000
    return [
        Figure(NAME, "raw SQL, one variant", rate["raw one"], "orders/s"),
        Figure(NAME, "one variant", rate["one"], "orders/s", "raw SQL", rate["raw one"]),
        Figure(NAME, "one variant / raw SQL", rate["one"] / rate["raw one"], "", "at least", GOAL_RATIO),
        Figure(NAME, "120 variants", rate["many"], "orders/s", "raw SQL", rate["raw many"]),
        Figure(NAME, "CPU of Python", python_cpu, "ms/order"),
    ]
