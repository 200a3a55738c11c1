"""The sender of webhooks beside the worker's jobs: a thread with an event loop, and one for the database."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from webhooks.sending.sender import Sender, close_connection
from webhooks.services.claim_deliveries import LEASE

# Names are looked up in threads, and a name server may be slow.
_LOOKUPS = 16


class WebhookThread(threading.Thread):
    """Any number of processes may run one: what one has taken, no other one sends."""

    def __init__(self, *, lease: timedelta = LEASE) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._lease = lease
        self._began = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sender: Sender | None = None

    def run(self) -> None:
        with ThreadPoolExecutor(1, "webhooks database") as database:
            try:
                asyncio.run(self._send(database))
            finally:
                self._began.set()
                database.submit(close_connection).result()

    def stop(self) -> None:
        """What is on its way has some seconds to end. What has not is sent again, by whoever runs next."""
        self._began.wait()
        if self._loop is not None and self._sender is not None and self.is_alive():
            self._loop.call_soon_threadsafe(self._sender.stop)
        self.join(timeout=10)

    async def _send(self, database: ThreadPoolExecutor) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS, "names"))
        self._sender = Sender(database, lease=self._lease)
        self._began.set()
        await self._sender.run()
