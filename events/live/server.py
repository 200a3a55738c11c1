"""The live process: streams of events and of stock (docs/decisions/live.md)."""

import asyncio
import gc
import signal
import socket
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.conf import settings

from events.live.answers import cors_of, json_answer, preflight, problem_answer, problem_of
from events.live.connection import Connection, Head
from events.live.hub import Hub
from events.live.opening import Opening
from events.live.principals import LOOK_AGAIN_SECONDS, Principals
from events.live.stock import StockHub, StockStream
from events.live.threads import Threads
from shared.errors import Unavailable
from shared.http.client_address import is_trusted_proxy, subscriber
from shared.http.problem_details import problem_for_status

log = structlog.get_logger("kontor.live")

MOST_STREAMS: Final = 5_000
BEAT_SECONDS: Final = 15
SPARE: Final = 500  # connections that are not streams yet
RETRY_AFTER_SECONDS: Final = 10
STOP_SECONDS: Final = 3.0  # for what is on its way to readers
_PATHS: Final = ("/live/events", "/live/ws", "/live/stock", "/healthz")


@dataclass(frozen=True, slots=True)
class Limits:
    streams: int = MOST_STREAMS
    per_address: int = 2_000
    look_again_seconds: float = LOOK_AGAIN_SECONDS


class Full(Unavailable):
    title = "There are as many streams as this process holds"
    retry_after_seconds = RETRY_AFTER_SECONDS


class LiveServer:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        # The feed is read by a thread of its own: whoever comes, comes without slowing those who are here.
        polls, reads = Threads("live-feed", 1), Threads("live", 3)
        self._threads = (polls, reads)
        self._reads = reads
        self._principals = Principals(reads, look_again_seconds=limits.look_again_seconds)
        self._hub = Hub(polls, reads, self._principals)
        self._stock = StockHub(self._hub, reads)
        self._opening = Opening(self, self._hub, self._stock, self._principals, reads)
        self._connections: set[Connection] = set()
        self._streams: dict[Connection, None] = {}  # in the order in which they came
        self._addresses: dict[str, int] = {}
        self._slot = 0

    async def run(self, listener: socket.socket) -> None:
        """Until SIGINT or SIGTERM."""
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        server = await loop.create_server(
            lambda: Connection(self), sock=listener, backlog=2048
        )  # all come back at once
        looking = self._principals.look_again_forever(lambda: self._hub.position)
        works = (self._hub.run(), self._stock.run(), looking, self._beat())
        tasks = [asyncio.create_task(work) for work in works]
        for task in tasks:
            task.add_done_callback(lambda _: stopped.set())  # none of them ends unless it fails
        await stopped.wait()
        server.close()
        await self._say_goodbye()
        failures = [task.exception() for task in tasks if task.done() and not task.cancelled()]
        for task in tasks:
            task.cancel()
        for threads in self._threads:
            threads.stop()
        for failure in failures:
            if failure is not None:
                raise failure

    async def _say_goodbye(self) -> None:
        """Everybody comes back to the process that follows, each a little later than the other."""
        for connection in list(self._connections):
            connection.end(1001, "restarting")
        until = asyncio.get_running_loop().time() + STOP_SECONDS
        while self._connections and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)
        for connection in list(self._connections):
            connection.abort()
        await asyncio.sleep(0)

    async def _beat(self) -> None:
        """A sign of life for each stream every BEAT_SECONDS, not for all at once."""
        while True:
            for slot in range(BEAT_SECONDS):
                await asyncio.sleep(1)
                for connection in [one for one in self._streams if one.slot == slot]:
                    connection.beat()

    def arrived(self, connection: Connection) -> None:
        self._connections.add(connection)
        address = self._counted_as(connection)
        self._addresses[address] = self._addresses.get(address, 0) + 1
        too_many = bool(address) and self._addresses[address] > self._limits.per_address
        if too_many or len(self._connections) > self._limits.streams + SPARE:
            self.refuse_full(connection, "/")

    def left(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._streams.pop(connection, None)
        address = self._counted_as(connection)
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]

    def _counted_as(self, connection: Connection) -> str:
        """Proxies, and this machine, stand for many."""
        is_many = connection.address in ("127.0.0.1", "::1", "") or is_trusted_proxy(connection.address)
        return "" if is_many else subscriber(connection.address)

    def refuse(self, connection: Connection, status: int, why: str) -> None:
        connection.write(problem_answer(problem_for_status(status, why), "/", {}))
        connection.end()

    def refuse_full(self, connection: Connection, path: str) -> None:
        problem, headers = problem_of(Full(), path)
        connection.write(problem_answer(problem, path, headers))
        connection.end()

    async def answer(self, connection: Connection, head: Head, raw: bytes) -> None:
        """Answer the request, or make a stream of its connection."""
        path = head.target.partition(b"?")[0].decode("latin-1")
        public = path == "/live/stock"
        if path not in _PATHS:
            problem = problem_for_status(404, "There is nothing here.")
            connection.write(problem_answer(problem, path, {}))
        elif head.method == "OPTIONS":
            connection.write(preflight(head, public=public))
        elif head.method != "GET":
            connection.write(problem_answer(problem_for_status(405), path, {"Allow": "GET, OPTIONS"}))
        elif path == "/healthz":
            connection.write(json_answer(200, {"status": "ok", "streams": len(self._streams)}, {}))
        else:
            await self._open(connection, head, raw, path, public=public)
        if connection.stream is None:
            connection.end()

    async def _open(self, connection: Connection, head: Head, raw: bytes, path: str, *, public: bool) -> None:
        try:
            if public:
                await self._opening.open_stock(connection, head)
            elif path == "/live/ws":
                await self._opening.open_socket(connection, head, raw)
            else:
                await self._opening.open_events(connection, head)
        except Exception as error:
            problem, headers = problem_of(error, path)
            connection.write(problem_answer(problem, path, headers | cors_of(head, public=public)))

    def enlist(self, connection: Connection, stream: Any) -> None:
        connection.stream = stream
        self._slot = connection.slot = (self._slot + 1) % BEAT_SECONDS
        self._streams[connection] = None

    def make_room(self, *, public: bool) -> None:
        """Raises Full. For who signed in, the oldest public stream makes room: it comes back when there is some."""
        if len(self._streams) < self._limits.streams:
            return
        oldest = next((one for one in self._streams if isinstance(one.stream, StockStream) and one.is_open), None)
        if public or oldest is None:
            raise Full
        oldest.end()


def run_live(listener: socket.socket, *, connections: int, look_again_seconds: float) -> None:
    """Serve until SIGINT or SIGTERM, up to so many connections. The process has nothing else to do."""
    limits = Limits(
        streams=min(MOST_STREAMS, max(1, connections - SPARE)),
        per_address=settings.CONNECTIONS_PER_ADDRESS,
        look_again_seconds=look_again_seconds,
    )
    gc.collect()
    gc.freeze()  # what was loaded stays
    asyncio.run(LiveServer(limits).run(listener))
