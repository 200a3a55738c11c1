"""Orders' e-mails, from the event to the mail server: what one costs the worker and the database, and how many go."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from benchmarks.cpu import tree_seconds
from benchmarks.figures import Figure
from benchmarks.mailbox import Mailbox
from benchmarks.many_orders import place_many
from benchmarks.meters import REAPED_SECONDS, settle
from benchmarks.options import QUICK, Options
from benchmarks.run import BenchmarkError
from benchmarks.stage import PROJECT, Stage

NAME = "mails"
MAILS, QUICK_MAILS = 5_000, 500
ROUNDS = 3  # at most
WORKER_MS, DATABASE_MS, RATE = 2.0, 1.0, 300.0
START_SECONDS, SEND_SECONDS = 60.0, 600.0


@dataclass(frozen=True, slots=True)
class Sent:
    """Seconds, of `mails` e-mails."""

    mails: int
    seconds: float
    worker_cpu: float
    database_cpu: float


def run(stage: Stage, options: Options) -> list[Figure]:
    mails = QUICK_MAILS if options == QUICK else MAILS
    rounds = [_round(stage, mails) for _ in range(min(ROUNDS, options.rounds))]
    return [
        Figure(NAME, "sent", median(one.mails / one.seconds for one in rounds), "/s", "at least", RATE),
        Figure(NAME, "CPU, worker", _each(rounds, "worker_cpu"), "ms", "at most", WORKER_MS),
        Figure(NAME, "CPU, database", _each(rounds, "database_cpu"), "ms", "at most", DATABASE_MS),
    ]


def _each(rounds: list[Sent], what: str) -> float:
    return median(1000 * getattr(one, what) / one.mails for one in rounds)


def _round(stage: Stage, mails: int) -> Sent:
    from benchmarks.shop import VARIANTS
    from crm.services.mail.queue_order_mails import queue_order_mails
    from shared.background.enqueue import enqueue

    queue_order_mails()  # what happened before is nobody's news
    with Mailbox() as mailbox, _worker(stage, mailbox.url) as pid:
        with _stopped(pid):  # so that the schedule does not begin before the clock
            place_many(stage, orders=mails, variants=range(1, VARIANTS + 1), lines=3)
            settle()
            enqueue("crm.queue_order_mails")
            before, start = (tree_seconds(pid), tree_seconds(stage.postmaster)), time.perf_counter()
        mailbox.wait_for(mails, seconds=SEND_SECONDS)
        seconds = time.perf_counter() - start
        time.sleep(REAPED_SECONDS)  # until what became of the last is written, too
        after = (tree_seconds(pid), tree_seconds(stage.postmaster))
    _check(mails)
    return Sent(mails, seconds, after[0] - before[0], after[1] - before[1])


def _check(mails: int) -> None:
    from crm.models.order_mail import OrderMail

    if left := OrderMail.objects.exclude(status="sent").count():
        raise BenchmarkError(f"{left} of {mails} e-mails are not noted as sent.")


@contextmanager
def _worker(stage: Stage, email_url: str) -> Iterator[int]:
    """One as `manage.py run` starts it, idle by now; its process id."""
    log = stage.home / "worker.log"
    with log.open("ab") as output:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env={**os.environ, "EMAIL_URL": email_url},
        )  # fmt: skip
    try:
        _wait_until_idle(worker)
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait(30)


@contextmanager
def _stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _wait_until_idle(worker: "subprocess.Popen[bytes]") -> None:
    """Its start, and what the schedule has for it at once, is over when it does nothing for half a second."""
    deadline = time.monotonic() + START_SECONDS
    before = -1.0
    while time.monotonic() < deadline and worker.poll() is None:
        used = tree_seconds(worker.pid)
        if 1.0 < used < before + 0.05:
            return
        before = used
        time.sleep(0.5)
    raise BenchmarkError("The worker does not come to rest.")
