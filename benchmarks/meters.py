"""One measured run: settle, count orders and CPU before and after, check that the books are right."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from benchmarks.cpu import machine_seconds, tree_seconds
from benchmarks.load import Job, Outcome
from benchmarks.pgbench import pgbench
from benchmarks.run import BenchmarkError, Run
from benchmarks.stage import Stage
from benchmarks.web import Web, drive

REAPED_SECONDS = 0.2  # until the postmaster has waited for backends that ended


@dataclass(frozen=True, slots=True)
class _Sample:
    """CPU seconds so far, at one moment."""

    at: float
    machine: float
    database: float
    web: float


def measured(stage: Stage, web: Web | None, run: Callable[[], Run], *, orders: Callable[[Run], int]) -> Run:
    """`run` with CPU times filled in.

    Raises BenchmarkError unless it left as many orders as `orders` says and a ledger that adds up.
    """
    settle()
    placed, before = count_orders(), _sample(stage, web)
    result = run()
    time.sleep(REAPED_SECONDS)
    after = _sample(stage, web)
    check_orders(count_orders() - placed, orders(result))
    check_ledger()
    used = result.client_cpu + result.web_cpu + (after.web - before.web) + (after.database - before.database)
    return replace(
        result,
        web_cpu=result.web_cpu + after.web - before.web,
        database_cpu=after.database - before.database,
        others=max(0.0, after.machine - before.machine - used) / (after.at - before.at),
    )


def measured_http(stage: Stage, web: Web, job: Job, *, expect: int) -> Run:
    """A run over HTTP in which every answer must have the status `expect`; each 201 must be a new order."""

    def run() -> Run:
        outcome = drive(web, job)
        if set(outcome.statuses) != {str(expect)}:
            raise BenchmarkError(f"Answers other than {expect}: {outcome.statuses} {outcome.samples}")
        return run_of(outcome)

    return measured(stage, web, run, orders=lambda result: result.statuses[201])


def measured_sql(stage: Stage, script: str, *, clients: int, seconds: float, variables: Mapping[str, object]) -> Run:
    """A run of pgbench; each transaction must be a new order."""

    def run() -> Run:
        return pgbench(stage, script, clients=clients, seconds=seconds, variables=variables)

    return measured(stage, None, run, orders=lambda result: result.done)


def run_of(outcome: Outcome) -> Run:
    statuses = Counter({int(status): count for status, count in outcome.statuses.items()})
    return Run(outcome.seconds, outcome.latencies_us, statuses, client_cpu=outcome.cpu)


def _sample(stage: Stage, web: Web | None) -> _Sample:
    server = tree_seconds(web.pid) if web else 0.0
    return _Sample(time.perf_counter(), machine_seconds(), tree_seconds(stage.postmaster), server)


def settle() -> None:
    """Leave no writing or cleaning of the run before to the next one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM inventory_stock_level")
        cursor.execute("CHECKPOINT")


def count_orders() -> int:
    from orders.models.order import Order

    return Order.objects.filter(parent=None).count()


def check_orders(found: int, expected: int) -> None:
    if found != expected:
        raise BenchmarkError(f"{expected} orders were acknowledged, {found} were placed.")


def check_ledger() -> None:
    """Every stock level is the sum of its ledger."""
    from orders.audit import ledger

    _check([check for check in ledger.CHECKS if check.name.startswith("level_equals")])


def audit() -> None:
    """Everything `manage.py audit` checks."""
    from orders.services.upkeep.audit_books import CHECKS

    _check([check for check in CHECKS if check.is_discrepancy])


def _check(checks: list) -> None:
    from orders.services.upkeep.audit_books import audit_books

    if discrepancies := [finding for finding in audit_books(checks=checks, rows_per_check=3) if finding.count]:
        raise BenchmarkError(f"The books are wrong: {discrepancies}")
