"""The threads that run the application."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

import structlog
from django.db import connections

log = structlog.get_logger("kontor.web")


class Job(Protocol):
    """A complete request that waits for a thread."""

    def run_in_thread(self, touch: Callable[[], None]) -> None: ...


class Pool:
    """`size` threads, each with database connections of its own."""

    def __init__(self, size: int, name: str) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._touched = [0.0] * size  # when each thread began its request or made progress; 0: it has none
        self._threads = [
            threading.Thread(target=self._work_through_jobs, args=[number], name=f"{name}-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: Job) -> None:
        self._jobs.put(job)

    @property
    def waiting(self) -> int:
        return self._jobs.qsize()

    def stuck_seconds(self) -> float:
        """For how long no thread has moved; 0 while one is free."""
        return time.monotonic() - max(self._touched) if all(self._touched) else 0.0

    def stop(self) -> None:
        """Let the threads end after what waits; does not wait for them."""
        for _ in self._threads:
            self._jobs.put(None)

    def join(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work_through_jobs(self, number: int) -> None:
        touched = self._touched

        def touch() -> None:
            touched[number] = time.monotonic()

        while (job := self._jobs.get()) is not None:
            touch()
            try:
                job.run_in_thread(touch)
            except Exception:  # a fault of the server's own: the next request must find the thread
                log.error("thread_failed", exc_info=True)
            touched[number] = 0.0
        connections.close_all()
