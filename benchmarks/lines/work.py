"""What each step of an order's life, and each read, asks of Python and PostgreSQL, beside what was last accepted.

Counts, no times: a guard that a noisy machine cannot fool. `--accept` makes what was found the measure.
"""

from benchmarks.figures import Figure
from benchmarks.life_steps import Caller, constant_view, life_of_orders
from benchmarks.many_orders import place_many
from benchmarks.meters import audit
from benchmarks.options import Options
from benchmarks.stage import Stage
from benchmarks.work.accepted import NAME, accept, figures
from benchmarks.work.counting import count_work, quiet_database

__all__ = ["NAME", "run"]
ORDERS = 24
ORDERS_BEFORE = 4000  # so many that PostgreSQL reads by indexes, as in a shop that has been open for a while
WARM_UP_ORDERS = 12  # prepared statements, and SQL that is made once


def run(stage: Stage, options: Options) -> list[Figure]:
    from benchmarks.shop import VARIANTS

    caller = Caller(stage)
    with constant_view(), quiet_database(stage) as observer:
        place_many(stage, orders=ORDERS_BEFORE, variants=range(1, VARIANTS + 1), lines=3)
        observer.execute("VACUUM ANALYZE")
        for step in life_of_orders(caller, WARM_UP_ORDERS):
            for order in step.orders:
                step.act(order)
        found = {step.name: count_work(observer, step) for step in life_of_orders(caller, ORDERS)}
        postgres = str(observer.info.server_version // 10000)
    audit()
    if options.accept:
        accept(found, postgres)
    return list(figures(found, postgres))
