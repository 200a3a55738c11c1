"""The worker: procrastinate on connections of its own to Django's database."""

import asyncio

from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from shared.jobs import DEAD_AFTER_SECONDS
from shared.postgres.backend.bounded import BoundedAsyncConnection

STOP_SECONDS = 8  # for jobs under way; one cut short is run again by retry_stalled_jobs


def run_worker(*, once: bool = False) -> None:
    """Run jobs until SIGINT or SIGTERM; `once`: until there are none."""
    # At the same time at most: two jobs' states, the heartbeat, the schedule. Listening is outside the pool.
    connection.ensure_connection()  # finds out which settings the server does not know
    connection.close()
    connector = PsycopgConnector(
        kwargs=connector_params("default"), connection_class=BoundedAsyncConnection, min_size=1, max_size=5
    )
    with django_app.replace_connector(connector) as app:
        asyncio.run(_run(app, once=once))


async def _run(app: App, *, once: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            name="kontor",
            concurrency=1 if once else 2,  # a long import or export holds up nothing else
            wait=not once,
            shutdown_graceful_timeout=STOP_SECONDS,
            stalled_worker_timeout=DEAD_AFTER_SECONDS,
        )
