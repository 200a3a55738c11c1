"""Asking the database from an event loop: in a few threads, with a connection each."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from shared.database import time_limit as database_time

log = structlog.get_logger("kontor.live")

P = ParamSpec("P")
Answer = TypeVar("Answer")
# What takes longer is given up and asked again, so that the process also ends in time.
DATABASE_SECONDS = 8.0
AWAY_PAUSE_SECONDS = 1.0


class Threads:
    """`count` of them. A connection that failed is closed: the next question opens another."""

    def __init__(self, name: str, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, name)

    async def run(self, ask: Callable[P, Answer], *args: P.args, **named: P.kwargs) -> Answer:
        def asked() -> Answer:
            with database_time.at_most(DATABASE_SECONDS):
                try:
                    return ask(*args, **named)
                except (OperationalError, InterfaceError):
                    connection.close()  # it may have been cut long ago: a new one tells
                try:
                    return ask(*args, **named)
                except (DatabaseError, InterfaceError):
                    connection.close()
                    raise

        return await asyncio.get_running_loop().run_in_executor(self._pool, asked)

    async def insist(self, ask: Callable[P, Answer], *args: P.args, **named: P.kwargs) -> Answer:
        """As `run`, again and again while the database is away."""
        while True:
            try:
                return await self.run(ask, *args, **named)
            except (DatabaseError, InterfaceError) as error:
                log.warning("live_waits", why=_first_line(error))
                await asyncio.sleep(AWAY_PAUSE_SECONDS)

    def stop(self) -> None:
        """Whatever hangs is left behind."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _first_line(error: Any) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
