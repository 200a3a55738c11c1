"""The worker: procrastinate on connections of its own to Django's database, some hands for each queue."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.signals import on_stop

from config.processes.heartbeats import BeatingConnector, Watchdog, queue_at_work
from config.processes.queues import HANDS, Queue
from config.processes.sequencing import SequencerThread
from config.processes.webhook_sending import WebhookThread
from events.services.sequence_events import sequence_events
from shared.database.backend.bounded import BoundedAsyncConnection
from shared.jobs import DEAD_AFTER_SECONDS

STOP_SECONDS = 8  # for jobs under way; one cut short is run again by retry_stalled_jobs


class WorkerEnded(Exception):
    """The work on a queue has ended though nobody asked for it, for want of the database most likely."""


def run_worker(
    *, once: bool = False, queues: Iterable[Queue] = tuple(Queue), silent_seconds: float = DEAD_AFTER_SECONDS
) -> None:
    """Run the jobs of these queues until SIGINT or SIGTERM; `once`: all there are, the most urgent first. Raises
    WorkerEnded when the database is away, and ends the process when it was not heard of for `silent_seconds`."""
    # At the same time at most: the jobs' states, the heartbeats, the schedule. Listening is outside the pool.
    connection.ensure_connection()  # finds out which settings the server does not know
    connection.close()
    connector = BeatingConnector(
        kwargs=connector_params("default"), connection_class=BoundedAsyncConnection, min_size=1, max_size=8
    )
    with django_app.replace_connector(connector) as app:
        if once:
            asyncio.run(_run_once(app))
            sequence_events()
            return
        queues = list(queues)
        connector.watch(queues)
        threads, watchdog = (SequencerThread(), WebhookThread()), Watchdog(connector, seconds=silent_seconds)
        for thread in (*threads, watchdog):
            thread.start()
        try:
            ended = asyncio.run(_run_queues(app, queues, threads))
        finally:
            watchdog.stop()
            for thread in threads:
                thread.stop()
        if ended:
            raise WorkerEnded(f"The work on the queue {ended[0]} ended by itself: the log says why.")


async def _run_once(app: App) -> None:
    async with app.open_async():
        await app.run_worker_async(
            name="kontor", wait=False, shutdown_graceful_timeout=STOP_SECONDS, stalled_worker_timeout=DEAD_AFTER_SECONDS
        )


async def _run_queues(app: App, queues: list[Queue], threads: Iterable[SequencerThread | WebhookThread]) -> list[str]:
    """Each queue is worked off by itself: whatever waits in one, or hangs, holds up no other. When one ends by itself
    the others are stopped, and the process ends with it. `threads` are told to stop with the jobs: one after the other,
    they would need more time than the supervisor gives. The queues whose work ended before anybody asked for it."""
    hands = sum(HANDS[queue] for queue in queues)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(hands, "job"))  # else it depends on the cores
    async with app.open_async(), asyncio.TaskGroup() as group:
        working = [group.create_task(_work_off(app, queue), name=queue) for queue in queues]
        asked: list[bool] = []

        def stop() -> None:
            asked.append(True)
            for thread in threads:
                thread.begin_to_stop()
            for task in working:
                task.cancel()  # which lets the jobs under way end

        with on_stop(stop):
            ended, _ = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            by_itself = [] if asked else sorted(task.get_name() for task in ended)
            if by_itself:  # for want of the database it ends in good order: the others would work on without it
                stop()
            await asyncio.wait(working)
            return by_itself


async def _work_off(app: App, queue: Queue) -> None:
    queue_at_work.set(queue)
    await app.run_worker_async(
        name=f"kontor {queue}",
        queues=[queue, "default"] if queue == Queue.REPORTS else [queue],  # where jobs of an earlier version wait
        concurrency=HANDS[queue],
        install_signal_handlers=False,
        shutdown_graceful_timeout=STOP_SECONDS,
        stalled_worker_timeout=DEAD_AFTER_SECONDS,
    )
