"""A process that sweeps as the worker does, and says how long it took and how long it held stock levels."""

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from benchmarks.run import BenchmarkError
from benchmarks.stage import Stage

STOP_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """`held` has one entry a batch: seconds from asking for the locks on its levels until after the commit, so
    waiting for other buyers' locks is in it."""

    expired: int
    seconds: float
    held: list[float]


class Sweeper:
    """`with Sweeper(stage) as sweeper:` sweeps until nothing is overdue."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._process: BaseProcess

    def __enter__(self) -> "Sweeper":
        from django.db import connections

        connections.close_all()  # a fork must not share them
        forks = multiprocessing.get_context("fork")
        self._results, sender = forks.Pipe(duplex=False)
        self._process = forks.Process(target=_sweep, args=(self._stage, sender), daemon=True)
        self._process.start()
        sender.close()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.is_alive():
            self._process.terminate()
        self._process.join()

    @property
    def running(self) -> bool:
        return not self._results.poll()

    def result(self) -> Sweep:
        """Wait for the end. Raises BenchmarkError when there is none."""
        if not self._results.poll(STOP_SECONDS):
            raise BenchmarkError("The sweep does not end.")
        try:
            found: Sweep = self._results.recv()
        except EOFError:
            raise BenchmarkError(f"The sweep failed, see {self._stage.home / 'sweep.log'}.") from None
        return found


def _sweep(stage: Stage, sender: Connection) -> None:
    from django.db import connection

    from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders

    with (stage.home / "sweep.log").open("ab") as log:
        os.dup2(log.fileno(), 2)  # one line of log an order
    held: list[float] = []
    connection.ensure_connection()
    with connection.execute_wrapper(_watch(held)):
        start = time.perf_counter()
        expired = expire_unpaid_orders()
        seconds = time.perf_counter() - start
    sender.send(Sweep(expired, seconds, held))


def _watch(held: list[float]) -> Callable[..., Any]:
    """Notes when a statement begins that locks levels, and when its transaction has committed."""
    from django.db import transaction

    def run(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "FOR NO KEY UPDATE" in sql and "inventory_stock_level" in sql:
            asked = time.perf_counter()
            transaction.on_commit(lambda: held.append(time.perf_counter() - asked))
        return execute(sql, params, many, context)

    return run
