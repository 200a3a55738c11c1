"""The queues of jobs. See docs/decisions/worker.md."""

from enum import StrEnum


class Queue(StrEnum):
    """Money and stock; what goes to a mail server; what may take long and nobody waits for."""

    ORDERS = "orders"
    MAIL = "mail"
    REPORTS = "reports"


# How many jobs of a queue a worker runs at a time.
HANDS = {Queue.ORDERS: 2, Queue.MAIL: 2, Queue.REPORTS: 2}
# Where one worker takes from all of them (`worker --once`): higher is earlier.
PRIORITY = {Queue.ORDERS: 20, Queue.MAIL: 10, Queue.REPORTS: 0}
# Within its queue: a job that finds work for others does not wait behind all that it found before.
AHEAD = 5
