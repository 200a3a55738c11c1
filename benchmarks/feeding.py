"""Processes beside a run: one that makes the feed, as the worker's thread does, and one that reads it."""

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import psutil

from benchmarks.run import BenchmarkError
from benchmarks.stage import Stage

START_SECONDS = 60.0
LOOK_SECONDS = 0.02  # between two looks of the reader: what it measures is longer by up to that


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds so far."""

    python: float
    database: float


class _Beside:
    """A forked process, for as long as the `with` lasts."""

    def __init__(self, stage: Stage, work: Callable[[Stage, Connection], None]) -> None:
        self._stage, self._work = stage, work
        self._process: BaseProcess

    def __enter__(self) -> Any:
        from django.db import connections

        connections.close_all()  # a fork must not share them
        forks = multiprocessing.get_context("fork")
        self.pipe, theirs = forks.Pipe()
        self._process = forks.Process(target=self._work, args=(self._stage, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.backend = self._receive()
        return self

    def _receive(self) -> Any:
        if not self.pipe.poll(START_SECONDS):
            raise BenchmarkError("A process beside the run says nothing.")
        try:
            return self.pipe.recv()
        except EOFError:
            raise BenchmarkError(f"A process beside the run failed, see {self._stage.home / 'feeding.log'}.") from None

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


class Sequencing(_Beside):
    """`with Sequencing(stage) as sequencer:` the feed follows the ledgers."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, _sequence)

    def cpu(self) -> Cpu:
        return Cpu(_seconds_of(self._process.pid), _seconds_of(self.backend))


class Reading(_Beside):
    """`with Reading(stage) as reader:` reads every event as it comes."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, _read)

    def result(self) -> list[float]:
        """Seconds from when each event's row was written, before its commit, until it was read in the feed."""
        self.pipe.send("stop")
        found: list[float] = self._receive()
        return found


def _seconds_of(pid: int | None) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _begin(stage: Stage, pipe: Connection) -> None:
    """Says which backend serves this process."""
    from django.db import connection

    log = (stage.home / "feeding.log").open("ab")
    os.dup2(log.fileno(), 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pipe.send(cursor.fetchone()[0])


def _sequence(stage: Stage, pipe: Connection) -> None:
    from config.processes.sequencing import SequencerThread

    _begin(stage, pipe)
    SequencerThread().run()  # here and not as a thread: its connection is the one that was named


def _read(stage: Stage, pipe: Connection) -> None:
    from django.db import connection

    from events.models.event import Event

    last = Event.objects.order_by("-position").values_list("position", flat=True).first() or 0
    _begin(stage, pipe)
    seconds: list[float] = []
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT position, extract(epoch FROM clock_timestamp() - created_at)::float FROM events_event"
                " WHERE position > %s ORDER BY position LIMIT 5000",
                [last],
            )
            rows = cursor.fetchall()
            seconds += [age for _position, age in rows]
            last = rows[-1][0] if rows else last
            if not rows and pipe.poll():
                break
            time.sleep(LOOK_SECONDS)
    pipe.send(seconds)
