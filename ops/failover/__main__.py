"""make drill-failover: disasters of a cluster of three PostgreSQL servers while orders are placed over HTTP.

With --fast one leader is killed, and no more (CI). Prints a table; exit code 1 when an acknowledged order was lost, one
was placed twice, the books are wrong, or what is paid at the provider is not paid here. With --timed figures beyond
their goals fail, too: for a machine that does nothing else.
"""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from ops.failover.books import compare, let_deadlines_pass, orders_there, reconcile, sweep
from ops.failover.cluster import Cluster, DrillError
from ops.failover.disasters import CONTROL, EVERY, KILLED, Disaster
from ops.failover.limit import limit_time
from ops.failover.load import Load
from ops.failover.report import Report, Row, show
from ops.failover.shop import Shop, open_shop

ORDERS_BEFORE, ORDERS = 50, 500
ORDERS_FAST = 200
MOST_SECONDS = 600  # until so many are placed, on the busiest machine
SECONDS, SECONDS_FAST = 5400, 900  # in all
ANY_LAG = 1 << 40


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the cluster goes, too
    parser = argparse.ArgumentParser(prog="ops.failover", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="one kill, for CI")
    parser.add_argument("--timed", action="store_true", help="figures over their goals fail, too")
    options = parser.parse_args()
    began = time.monotonic()
    limit_time(SECONDS_FAST if options.fast else SECONDS)
    try:
        report = drill(fast=options.fast)
    except DrillError as error:
        print(f"The drill could not be carried out: {error}", file=sys.stderr)
        return 2
    print(show(report), f"{time.monotonic() - began:.0f} s in all.", sep="\n")
    faults = report.faults() + (report.delays() if options.timed else [])
    print(*(f"FAILED: {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


def drill(*, fast: bool) -> Report:
    """Raises DrillError when a disaster could not be brought about."""
    _say("Starting three servers ...")
    with tempfile.TemporaryDirectory(prefix="kontor-drill-") as home, Cluster() as cluster:
        _say("Setting up Kontor ...")
        with open_shop(cluster.url, Path(home)) as shop:
            wanted = ORDERS_FAST if fast else ORDERS
            rows = [_suffer(cluster, shop, each, wanted) for each in ((KILLED,) if fast else EVERY)]
            _say("Reconciling payments, sweeping ...")
            let_deadlines_pass(cluster)
            payments = reconcile(cluster, shop)
            overdue, held = sweep(cluster)
            if not fast:
                cluster.change_settings(
                    synchronous_mode=False, synchronous_mode_strict=False, maximum_lag_on_failover=ANY_LAG
                )
                rows.append(_suffer(cluster, shop, CONTROL, wanted))
    return Report(rows, payments, overdue, held)


def _suffer(cluster: Cluster, shop: Shop, disaster: Disaster, wanted: int) -> Row:
    cluster.wait_until_whole()
    _say(f"{disaster.name} ...")
    before = orders_there(cluster)
    with Load(shop) as load:
        load.wait_for_orders(ORDERS_BEFORE, seconds=MOST_SECONDS)
        disaster.cause(cluster, load)
        load.wait_for_orders(max(1, wanted - len(load.told.moments)), seconds=MOST_SECONDS)
    _say("Comparing ...")
    return Row(disaster, load.told, compare(cluster, load.told, before))


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
