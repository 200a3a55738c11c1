"""What a trace has of placing an order: that it waited for others and was written with them, and the transaction."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from orders.placing.attempt import Attempt, PlacementResult, place_batch
from shared.concurrency.together import BatchQueue
from shared.metrics.tracing import add_span, span

_TRANSACTION, _COUNT = "order.transaction", "kontor.orders"


@dataclass(slots=True)
class TracedResult(PlacementResult):
    """`began`, `ended`: of the transaction, in nanoseconds; `thread` ran it, for `count` orders."""

    began: int = 0
    ended: int = 0
    thread: int = 0
    count: int = 0


def place_traced(attempts: Sequence[Attempt]) -> list[PlacementResult]:
    """As place_batch."""
    with span(_TRANSACTION) as made:
        made.set_attribute(_COUNT, len(attempts))
        began = time.time_ns()
        tries = place_batch(attempts)
        ended = time.time_ns()
    thread, count = threading.get_ident(), len(attempts)
    return [
        TracedResult(
            *(tried.fingerprint, tried.refusal, tried.rows, tried.written),
            *(began, ended, thread, count),
        )
        for tried in tries
    ]


class TracedQueue(BatchQueue[Attempt, PlacementResult]):
    """Who was served by another thread has that transaction in its own trace, too."""

    def run(self, item: Attempt) -> PlacementResult:
        with span("order.together"):
            tried = super().run(item)
            if isinstance(tried, TracedResult) and tried.thread != threading.get_ident():
                add_span(_TRANSACTION, began=tried.began, ended=tried.ended, attributes={_COUNT: tried.count})
            return tried
