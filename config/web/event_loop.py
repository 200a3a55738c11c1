"""The event loop of one web process: it accepts, reads, sends what threads could not, and ends what is overdue."""

import faulthandler
import math
import os
import selectors
import signal
import socket
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from heapq import nsmallest
from types import FrameType
from typing import Any

import structlog

from config.web.answers import Application, FileBody, refusal
from config.web.board import Board
from config.web.connection import Connection
from config.web.limits import Limits
from config.web.requests import COMMON, Environ
from config.web.takeover import HAND_OVER
from config.web.threads import Pool
from shared.http.client_address import is_trusted_proxy, subscriber
from shared.http.leaving import is_leaving, leave

log = structlog.get_logger("kontor.web")

SWEEP_SECONDS = 1.0
REPORT_SECONDS = 60.0
YIELD_SECONDS = 0.002  # for a process with less to do to take a new connection first
# systemd tells each process to stop, and so does the parent: that is once. Told again later, it ends at once.
REPEAT_SECONDS = 2.0
HEALTH_PATHS = ("/healthz", "/readyz")
MOST_WAITING_FOR_HEALTH = 100
STUCK_EXIT_CODE = 70


class EventLoop:
    """`run()` serves until SIGTERM. `index` is this process's row on the board."""

    def __init__(
        self,
        application: Application,
        listener: socket.socket,
        limits: Limits,
        *,
        board: Board,
        index: int,
        threads: int,
    ) -> None:
        self.application = application
        self.limits = limits
        self.is_stopping = False
        self._hands_over = False
        self._listener = listener
        self._board, self._index = board, index
        self._selector = selectors.DefaultSelector()
        self._pool = Pool(threads, "request")
        self._health = {path: Pool(1, path.strip("/")) for path in HEALTH_PATHS}  # busy threads must not delay them
        self._connections: dict[Connection, None] = {}
        self._addresses: defaultdict[str, dict[Connection, None]] = defaultdict(dict)
        self._calls: deque[Callable[[], None]] = deque()
        self._waker, self._wakes = socket.socketpair()
        self._refusals: Counter[int] = Counter()
        self._held = 0
        self._accept_at = 0.0  # 0: the loop listens for new connections
        self._stop_at = math.inf
        self._told_at = -math.inf  # to stop

    # --- Running ---------------------------------------------------------------------------------------------------
    def run(self) -> None:
        for link in (self._waker, self._wakes, self._listener):
            link.setblocking(False)
        self._selector.register(self._wakes, selectors.EVENT_READ, self._on_wake)
        self._selector.register(self._listener, selectors.EVENT_READ, self._on_knock)
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(HAND_OVER, self._on_signal)
        self._report_at = time.monotonic() + REPORT_SECONDS
        sweep_at = 0.0
        while not self.is_stopping:
            wake_at = min(sweep_at, self._accept_at or sweep_at, self._stop_at)
            self._run_turn(max(0.0, wake_at - time.monotonic()))
            if (now := time.monotonic()) >= sweep_at:
                self._sweep_connections(now)
                sweep_at = now + SWEEP_SECONDS
            self.is_stopping = self.is_stopping or now >= self._stop_at
        self._begin_to_stop()

    def _run_turn(self, seconds: float) -> None:
        for key, _mask in self._selector.select(seconds):
            self._call_safely(key.data)
        while self._calls:
            self._call_safely(self._calls.popleft())
        if self._accept_at and time.monotonic() >= self._accept_at and not self.is_stopping:
            self._accept_at = 0.0
            self._selector.register(self._listener, selectors.EVENT_READ, self._on_knock)
            self._accept_connection()

    def _call_safely(self, call: Callable[[], None]) -> None:
        """A fault in serving one connection must not end those of all others."""
        try:
            call()
        except Exception:
            log.error("connection_failed", exc_info=True)
            if isinstance(connection := getattr(call, "__self__", None), Connection):
                connection.close()

    def call_soon(self, call: Callable[[], None]) -> None:
        """From any thread: have the loop call it."""
        self._calls.append(call)
        with suppress(BlockingIOError):  # full: it will wake anyway
            self._waker.send(b"\0")

    def _on_wake(self) -> None:
        self._wakes.recv(4096)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._hands_over = number == HAND_OVER
        now = time.monotonic()
        if self._hands_over or not self.limits.drain_seconds:
            self.is_stopping = True
        elif not is_leaving():  # /readyz says so first, that a balancer sends nothing more
            leave()
            self._told_at, self._stop_at = now, now + self.limits.drain_seconds
        elif now - self._told_at >= REPEAT_SECONDS:
            self.is_stopping = True
        with suppress(BlockingIOError):
            self._waker.send(b"\0")

    @property
    def breaks_promises(self) -> bool:
        """Whether a connection is closed though its last answer, written before the stop, said that it stays open."""
        return self.is_stopping and not self._hands_over

    def _begin_to_stop(self) -> None:
        """Close what is idle, finish what is under way. Where another server has taken over, idle connections are given
        a moment to ask once more, and are told by the answer to come back anew: closed at once, one might be asking."""
        if not self._accept_at:
            self._selector.unregister(self._listener)
        self._listener.close()
        seconds = self.limits.hand_over_seconds if self._hands_over else self.limits.stop_seconds
        deadline = time.monotonic() + seconds
        patient_until = time.monotonic() + (self.limits.goodbye_seconds if self._hands_over else 0.0)
        self._run_turn(0.0)  # a request that has arrived is served
        while (now := time.monotonic()) < deadline and (
            any(each.is_under_way for each in self._connections) or (self._connections and now < patient_until)
        ):
            for connection in list(self._connections):
                if connection.is_under_way:
                    connection.end_if_overdue(now)
                elif now >= patient_until:
                    connection.close()
            self._run_turn(0.1)
        for pool in (self._pool, *self._health.values()):
            pool.stop()
        self._pool.join(max(0.1, deadline - time.monotonic()))

    # --- Connections -----------------------------------------------------------------------------------------------
    def _on_knock(self) -> None:
        """One at a time, and not before a process with less to do had its chance: so they share what comes."""
        if self._board.is_busiest(self._index):
            self._pause_accepting(YIELD_SECONDS)
        else:
            self._accept_connection()

    def _pause_accepting(self, seconds: float) -> None:
        if not self._accept_at:
            self._selector.unregister(self._listener)
        self._accept_at = time.monotonic() + seconds

    def _accept_connection(self) -> None:
        try:
            link, peer = self._listener.accept()
        except BlockingIOError:
            return  # another process took it
        except OSError:
            if not self._make_room(self._connections):  # no file is left
                self._pause_accepting(SWEEP_SECONDS)
            return
        link.setblocking(False)
        with suppress(OSError):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address = "" if is_trusted_proxy(peer[0]) else subscriber(peer[0])
        if not self._has_room(address):
            with suppress(OSError):
                link.send(refusal(503, "Too many connections; try again."))
            link.close()
            return
        connection = Connection(self, link, self._environ_of(link, peer), address)
        self._connections[connection] = None
        self._addresses[address][connection] = None
        self.listen(connection, selectors.EVENT_READ)
        self._report_load()

    def _has_room(self, address: str) -> bool:
        """Whether one more is allowed, if need be in place of one that is idle."""
        of_address = self._addresses.get(address, {}) if address else {}
        if len(of_address) >= self.limits.connections_per_address and not self._make_room(of_address):
            return False
        return len(self._connections) < self.limits.connections or self._make_room(self._connections)

    def _make_room(self, among: dict[Connection, None]) -> bool:
        """Close those that have been idle for longest, rather such as never asked for anything.

        One in a hundred at once: looking for them takes time, and in a flood the next one knocks already.
        """
        idle = [connection for connection in among if connection.is_idle]
        count = 1 + len(among) // 100
        for connection in nsmallest(count, idle, key=lambda each: (each.served > 0, each.since)):
            connection.close()
        return bool(idle)

    def _environ_of(self, link: socket.socket, peer: Any) -> Environ:
        own = link.getsockname()
        return {
            **COMMON,
            "wsgi.file_wrapper": FileBody,
            "SERVER_NAME": own[0],
            "SERVER_PORT": str(own[1]),
            "REMOTE_ADDR": peer[0],
            "REMOTE_PORT": str(peer[1]),
        }

    def listen(self, connection: Connection, mask: int) -> None:
        """Hear of the connection when it can be read or written; 0: not at all."""
        if mask == connection.mask:
            return
        if not connection.mask:
            self._selector.register(connection.link, mask, connection.on_event)
        elif mask:
            self._selector.modify(connection.link, mask, connection.on_event)
        else:
            self._selector.unregister(connection.link)
        connection.mask = mask

    def forget(self, connection: Connection) -> None:
        self.listen(connection, 0)
        self._connections.pop(connection, None)
        of_address = self._addresses[connection.address]
        of_address.pop(connection, None)
        if not of_address:
            del self._addresses[connection.address]
        self._report_load()

    # --- Requests --------------------------------------------------------------------------------------------------
    def dispatch(self, connection: Connection, path: str) -> bool:
        """Queue it for a thread; False when too many wait."""
        health = self._health.get(path.removesuffix("/"))
        pool = health or self._pool
        if pool.waiting >= (MOST_WAITING_FOR_HEALTH if health else self.limits.waiting):
            return False
        pool.put(connection)
        return True

    def hold(self, count: int) -> None:
        """Count bytes of bodies. When they are too many, the largest that is on its way makes room."""
        self._held += count
        if count > 0 and self._held > self.limits.held_bytes:
            largest = max((each for each in self._connections if each.is_in_body), key=lambda each: each.weight)
            largest.refuse(503, "Too much is on its way; try again.")

    def count_refusal(self, status: int) -> None:
        self._refusals[status] += 1

    # --- Once a second ---------------------------------------------------------------------------------------------
    def _sweep_connections(self, now: float) -> None:
        self._board.beat(self._index)
        self._report_load()
        for connection in list(self._connections):
            connection.end_if_overdue(now)
        for address, connections in list(self._addresses.items()):
            if address and len(connections) > self.limits.slow_bodies_per_address:
                self._end_slowest_bodies(connections)
        if self._pool.stuck_seconds() > self.limits.stuck_seconds:
            self._give_up()
        if now >= self._report_at:
            self._report_at = now + REPORT_SECONDS
            if self._refusals:
                log.warning("requests_refused", **{f"status_{status}": n for status, n in self._refusals.items()})
                self._refusals.clear()

    def _end_slowest_bodies(self, connections: dict[Connection, None]) -> None:
        slow = sorted((each for each in connections if each.is_slow_body), key=Connection.body_rate)
        for connection in slow[: max(0, len(slow) - self.limits.slow_bodies_per_address)]:
            connection.refuse(408, "Too many bodies from this address come slowly.")

    def _report_load(self) -> None:
        self._board.report(self._index, connections=len(self._connections), waiting=self._pool.waiting)

    def _give_up(self) -> None:
        """No thread will ever answer: end, so that another process takes this one's place."""
        log.critical("web_process_stuck", seconds=round(self._pool.stuck_seconds()), waiting=self._pool.waiting)
        faulthandler.dump_traceback(all_threads=True)
        os._exit(STUCK_EXIT_CODE)
