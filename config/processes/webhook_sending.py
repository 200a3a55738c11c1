"""The sender of webhooks beside the worker's jobs: a thread with an event loop, and one for the database."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog

from webhooks.sending.sender import AWAY, Sender, close_connection
from webhooks.services.claim_deliveries import LEASE

log = structlog.get_logger("kontor.webhooks")

# Names are looked up in threads, and a name server may be slow.
_LOOKUPS = 16


class WebhookThread(threading.Thread):
    """Any number of processes may run one: what one has taken, no other one sends."""

    def __init__(self, *, lease: timedelta = LEASE) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._lease = lease
        self._is_stopping = threading.Event()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sender: Sender | None = None

    def run(self) -> None:
        with ThreadPoolExecutor(1, "webhooks database") as database:
            try:
                while not self._is_stopping.is_set():
                    self._send_until_it_ends(database)
            finally:
                database.submit(close_connection).result()

    def begin_to_stop(self) -> None:
        """What is on its way has some seconds to end. What has not is sent again, by whoever runs next."""
        self._is_stopping.set()
        with self._lock:
            if self._loop is not None and self._sender is not None:
                self._loop.call_soon_threadsafe(self._sender.stop)

    def stop(self) -> None:
        self.begin_to_stop()
        self.join(timeout=10)

    def _send_until_it_ends(self, database: ThreadPoolExecutor) -> None:
        try:
            asyncio.run(self._send(database))
        except Exception:  # whatever it is: without this thread nothing would be sent any more, and nobody notice
            log.error("webhook_sender_begins_anew", exc_info=True)
            self._is_stopping.wait(AWAY)

    async def _send(self, database: ThreadPoolExecutor) -> None:
        loop, sender = asyncio.get_running_loop(), Sender(database, lease=self._lease)
        loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS, "names"))
        with self._lock:
            self._loop, self._sender = loop, sender
        if self._is_stopping.is_set():
            sender.stop()
        try:
            await sender.run()
        finally:
            with self._lock:  # nobody calls into a loop that is closed
                self._loop = self._sender = None
