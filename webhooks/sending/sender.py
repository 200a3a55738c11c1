"""Sends what is due, until it is told to stop."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from concurrent.futures import Executor
from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import UUID

import structlog
from aiohttp import ClientSession
from aiohttp.abc import AbstractResolver
from django.db import connection

from webhooks.endpoints.url_rules import is_allowed_anyway
from webhooks.sending.connector import guarded_session, unguarded_session
from webhooks.sending.post import Post, send_post
from webhooks.sending.rounds import Rounds, by_endpoint
from webhooks.services.claim_deliveries import LEASE
from webhooks.services.record_attempts import Outcome

log = structlog.get_logger("kontor.webhooks")

# On their way to an endpoint at once, and to all of them; taken of all together, waiting for their turn included. The
# wait is no part of a try: receivers that hang may make others wait, and no more.
AT_ONCE_AN_ENDPOINT = 10
MOST_AT_ONCE = 200
MOST_TAKEN = 1_000
# Between two looks, in seconds: while there is nothing to do, and when the database does not answer.
IDLE, AWAY = 0.25, 2.0
# What has ended within so short a time is written down together.
_GATHER = 0.02
STOP_SECONDS = 5.0


class Sender:
    """`database`: a thread of its own for all that is asked of the database. Any number of processes may send."""

    def __init__(
        self, database: Executor, *, lease: timedelta = LEASE, resolver: AbstractResolver | None = None
    ) -> None:
        self._database = database
        self._rounds = Rounds(lease=lease)
        self._resolver = resolver
        self._ended: list[tuple[UUID, Outcome]] = []
        self._taken: Counter[UUID] = Counter()
        self._turns: dict[UUID, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE_AN_ENDPOINT))
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._on_the_way: set[asyncio.Task[None]] = set()
        self._something_ended = asyncio.Event()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        async with AsyncExitStack() as stack:
            guarded = await stack.enter_async_context(guarded_session(resolver=self._resolver))
            unguarded = await stack.enter_async_context(unguarded_session())
            while not self._stopped.is_set():
                posts = await self._look(MOST_TAKEN - len(self._on_the_way))
                for post in posts or ():
                    self._begin(post, unguarded if is_allowed_anyway(post.url) else guarded)
                await self._wait(AWAY if posts is None else IDLE)
            await self._finish()

    def stop(self) -> None:
        """Send nothing more. What is on its way has some seconds; what has not ended then is sent again."""
        self._stopped.set()
        self._rounds.stop()
        self._something_ended.set()

    async def _look(self, room: int) -> list[Post] | None:
        """Up to `room` more; None when the database did not answer: what has ended is written down at the next look."""
        ended, self._ended = by_endpoint(self._ended), []
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._database, self._rounds.run, ended, dict(self._taken), room)
        except Exception:  # whatever it is: without this thread nothing would be sent any more, and nobody notice
            log.error("webhook_sender_waits", exc_info=True)
            await loop.run_in_executor(self._database, close_connection)
            return None
        finally:
            self._ended += [(endpoint_id, outcome) for endpoint_id, told in ended.items() for outcome in told]

    def _begin(self, post: Post, session: ClientSession) -> None:
        self._taken[post.endpoint_id] += 1
        task = asyncio.create_task(self._send(post, session))
        self._on_the_way.add(task)
        task.add_done_callback(self._on_the_way.discard)

    async def _send(self, post: Post, session: ClientSession) -> None:
        try:
            async with self._turns[post.endpoint_id], self._room:
                if self._stopped.is_set() or time.monotonic() > post.begun_by:
                    return  # its lease ends, and it is taken anew
                outcome = await send_post(post, session)
            self._ended.append((post.endpoint_id, outcome))
        finally:
            self._taken[post.endpoint_id] -= 1
            if not self._taken[post.endpoint_id]:
                del self._taken[post.endpoint_id], self._turns[post.endpoint_id]
            self._something_ended.set()

    async def _wait(self, seconds: float) -> None:
        """Until something has ended, or for so long."""
        try:
            async with asyncio.timeout(seconds * random.uniform(0.9, 1.1)):  # noqa: S311
                await self._something_ended.wait()
            await asyncio.sleep(_GATHER)
        except TimeoutError:
            pass
        self._something_ended.clear()

    async def _finish(self) -> None:
        if self._on_the_way:
            _, late = await asyncio.wait(self._on_the_way, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        ended, loop = by_endpoint(self._ended), asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._database, self._rounds.write_down, ended)
        except Exception:  # what is not written down is sent again
            log.error("webhook_outcomes_unwritten", exc_info=True)


def close_connection() -> None:
    """That of the thread which calls this."""
    connection.close()
