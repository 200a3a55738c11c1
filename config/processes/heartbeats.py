"""A worker that does nothing any more ends, so that whoever supervises it starts another one.

Each queue's worker tells the database every ten seconds that it is there. An event loop that hangs, or a connection
that is waited for in vain, lets that cease while the process lives: nobody would notice but its jobs.
"""

import faulthandler
import os
import threading
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Final

import structlog
from procrastinate import sql
from procrastinate.psycopg_connector import PsycopgConnector

log = structlog.get_logger("kontor.worker")

SILENT_EXIT_CODE: Final = 70
LOOK_SECONDS: Final = 1.0


# What the task works on, and all that it starts.
queue_at_work: ContextVar[str] = ContextVar("kontor_queue_at_work")


class BeatingConnector(PsycopgConnector):
    """Remembers when each queue's worker was last heard of in the database. By queue, not by the worker's id there: it
    is another one when the worker had to be registered anew."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.beats: dict[str, float] = {}

    def watch(self, queues: Iterable[str]) -> None:
        """From now on each of them is to be heard of, one that never begins to beat, too."""
        self.beats = dict.fromkeys(queues, time.monotonic())

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        await super().execute_query_async(query, **arguments)
        if query == sql.queries["update_heartbeat"]:
            self.beats[queue_at_work.get()] = time.monotonic()

    def silent_seconds(self) -> float:
        """For how long nothing was heard of the one that is silent for longest."""
        return time.monotonic() - min(self.beats.values())


class Watchdog(threading.Thread):
    """Ends the process, with its stacks in the log, when a heartbeat is silent for longer than `seconds`."""

    def __init__(self, connector: BeatingConnector, *, seconds: float) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._connector, self._seconds = connector, seconds
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            if (silent := self._connector.silent_seconds()) > self._seconds:
                log.critical("worker_silent", seconds=round(silent))
                faulthandler.dump_traceback(all_threads=True)
                os._exit(SILENT_EXIT_CODE)

    def stop(self) -> None:
        self._stopped.set()
