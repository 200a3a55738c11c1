"""One client's connection: reading, waiting for a thread, running in it, sending, lingering.

The event loop's thread owns it, except while a thread of the pool runs its request (`State.RUNNING`).
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, cast

from config.web.answers import Outgoing, refusal
from config.web.performing import perform
from config.web.requests import Environ, Refused, Request, RequestReader
from shared.http.areas import count_refused

if TYPE_CHECKING:
    from config.web.event_loop import EventLoop

RECEIVE_BYTES = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class State(Enum):
    READING = auto()
    WAITING = auto()
    RUNNING = auto()
    SENDING = auto()
    LINGERING = auto()
    CLOSED = auto()


class Connection:
    """`address` is whom its use counts for, `weight` the bytes of a body that is here or on its way."""

    def __init__(self, loop: "EventLoop", link: socket.socket, environ: Environ, address: str) -> None:
        self.link = link
        self.address = address
        self.state = State.READING
        self.mask = 0  # what the loop listens for
        self.served = 0
        self.weight = 0
        self.since = time.monotonic()  # of the state, or of the last request
        self.deadline = self.since + loop.limits.header_seconds
        self.reader = RequestReader(environ, loop.limits)
        self._loop = loop
        self._lock = threading.Lock()  # of `state` and `_is_deaf`, when loop and thread may meet
        self._is_deaf = False  # something came while a request was served; it is read afterwards
        self._request: Request | None = None
        self._outgoing: Outgoing | None = None
        self._refused: Refused | None = None  # what followed on complete requests
        self._discarded = 0
        self._window_began = self.since
        self._window_from = 0  # bytes of the body or the answer when it began

    def on_event(self) -> None:
        """The socket can be read, or written when sending."""
        with self._lock:
            if self.state in {State.WAITING, State.RUNNING}:
                self._is_deaf = True
                self._loop.listen(self, 0)
                return
        if self.state is State.READING:
            self._read_link()
        elif self.state is State.SENDING:
            self._send_on()
        elif self.state is State.LINGERING:
            self._discard_input()

    @property
    def is_idle(self) -> bool:
        """Whether closing it breaks nothing off."""
        return self.state is State.READING and not self.reader.in_body

    @property
    def is_under_way(self) -> bool:
        """Whether a request is being read, waits, runs or is answered."""
        if self.state is State.READING:
            return not self.reader.is_between_requests
        return self.state in {State.WAITING, State.RUNNING, State.SENDING}

    @property
    def is_in_body(self) -> bool:
        return self.state is State.READING and self.reader.in_body

    @property
    def is_slow_body(self) -> bool:
        return self.is_in_body and time.monotonic() - self.reader.body_began > self._loop.limits.slow_body_seconds

    def body_rate(self) -> float:
        """Bytes a second so far."""
        return self.reader.body_received / (time.monotonic() - self.reader.body_began + 0.001)

    def _read_link(self) -> None:
        try:
            data = self.link.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        reader = self.reader
        if reader.is_between_requests:
            self.deadline = time.monotonic() + self._loop.limits.header_seconds
        try:
            reader.feed(data)
        except Refused as refused:
            self._refused = refused
        if reader.complete or self._refused:
            self._take_next()
        elif reader.in_body:
            self._count_weight()
            if reader.wants_continue and self.state is State.READING:
                reader.wants_continue = False
                self._try_to_send(CONTINUE)

    def _count_weight(self) -> None:
        """Count what came of a body that needs more than one read."""
        if not self.weight:
            self._open_window(0)
        more, self.weight = self.reader.body_received - self.weight, self.reader.body_received
        self._loop.hold(more)

    def _take_next(self) -> None:
        """Serve the next complete request, refuse what followed, or read on."""
        if self.reader.complete:
            self._request = self.reader.complete.popleft()
            self.since = time.monotonic()
            self.state = State.WAITING
            if not self._loop.dispatch(self, self._request.path):
                self.refuse(503, "Too many requests are waiting; try again.")
        elif self._refused:
            self.refuse(self._refused.status, self._refused.detail)
        else:
            self._read_on()
            self._is_deaf = False
            self._loop.listen(self, EVENT_READ)

    def _read_on(self) -> None:
        limits, now = self._loop.limits, time.monotonic()
        idle = self.reader.is_between_requests
        self.since = now
        self.deadline = now + (limits.idle_seconds if idle else limits.header_seconds)
        self.state = State.READING

    def run_in_thread(self, touch: Callable[[], None]) -> None:
        """Serve the request; on the way out, wake the loop only if there is something for it to do."""
        with self._lock:
            if self.state is not State.WAITING:  # it had waited for too long
                return
            self.state = State.RUNNING
        request = cast(Request, self._request)
        loop = self._loop
        outgoing, is_sent, keep_alive = perform(
            loop.application, request, self.link, touch=touch, is_stopping=lambda: loop.is_stopping
        )
        self.served += 1
        with self._lock:
            self._request = None
            simple = is_sent and keep_alive and not (self.weight or self._is_deaf or self._refused)
            if simple and not self.reader.complete and not self._loop.is_stopping:
                self._read_on()
                return
        self._loop.call_soon(lambda: self._after_answer(outgoing, is_sent=is_sent, keep_alive=keep_alive))

    def _after_answer(self, outgoing: Outgoing, *, is_sent: bool, keep_alive: bool) -> None:
        self._release_weight()
        self._outgoing, self._keep_alive = outgoing, keep_alive
        if is_sent:
            self._finish_answer()
        else:
            self._open_window(outgoing.sent)
            self.state = State.SENDING
            self._loop.listen(self, EVENT_WRITE)

    def _send_on(self) -> None:
        outgoing = cast(Outgoing, self._outgoing)
        try:
            is_sent = outgoing.pump(self.link)
        except OSError:
            self.close()
            return
        if is_sent:
            outgoing.close()
            self._finish_answer()

    def _finish_answer(self) -> None:
        self._outgoing = None
        if self._keep_alive and not self._loop.breaks_promises:
            self._take_next()
        else:
            self._linger_before_close()

    def refuse(self, status: int, detail: str) -> None:
        """Answer and close; what is still on its way is thrown away."""
        path = self._request.path if self._request else self.reader.path
        method = self._request.environ["REQUEST_METHOD"] if self._request else ""
        self._request = None
        self._loop.count_refusal(status)
        count_refused(method, path, status)
        self._try_to_send(refusal(status, detail, path))
        self._linger_before_close()

    def _try_to_send(self, data: bytes) -> None:
        with suppress(OSError):
            self.link.send(data)

    def _linger_before_close(self) -> None:
        """Say that nothing more comes, and let the client say it too: closing at once, with something unread, would
        take the answer away from a client that is still sending."""
        self._release_weight()
        self.reader.complete.clear()
        try:
            self.link.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()
            return
        self.state = State.LINGERING
        self.deadline = time.monotonic() + self._loop.limits.linger_seconds
        self._loop.listen(self, EVENT_READ)

    def _discard_input(self) -> None:
        try:
            count = len(self.link.recv(RECEIVE_BYTES))
        except BlockingIOError:
            return
        except OSError:
            count = 0
        self._discarded += count
        if not count or self._discarded > self._loop.limits.linger_bytes:
            self.close()

    def end_if_overdue(self, now: float) -> None:
        """Called about once a second."""
        if self.state is State.READING:
            if self.reader.in_body:
                self._end_slow_body(now)
            elif now > self.deadline:
                self._end_silence()
        elif self.state is State.WAITING:
            self._end_waiting(now)
        elif self.state is State.SENDING:
            if self._is_too_slow(now, cast(Outgoing, self._outgoing).sent):
                self.close()
        elif self.state is State.LINGERING and now > self.deadline:
            self.close()

    def _end_silence(self) -> None:
        if self.reader.is_between_requests:
            self.close()
        else:
            self.refuse(408, "The headers took too long.")

    def _end_slow_body(self, now: float) -> None:
        is_overdue = now - self.reader.body_began > self._loop.limits.body_seconds
        if is_overdue or self._is_too_slow(now, self.reader.body_received):
            self.refuse(408, "The body came too slowly.")

    def _is_too_slow(self, now: float, count: int) -> bool:
        """Whether a window has passed with less than is asked for; else the next one begins."""
        limits = self._loop.limits
        if now - self._window_began <= limits.window_seconds:
            return False
        is_slow = count - self._window_from < limits.window_seconds * limits.least_rate
        self._open_window(count)
        return is_slow

    def _open_window(self, count: int) -> None:
        self._window_began = time.monotonic()
        self._window_from = count

    def _end_waiting(self, now: float) -> None:
        with self._lock:
            if self.state is not State.WAITING or now - self.since <= self._loop.limits.queue_seconds:
                return
            self.state = State.LINGERING  # no thread takes it any more
        self.refuse(503, "The server is busy; try again.")

    def _release_weight(self) -> None:
        self._loop.hold(-self.weight)
        self.weight = 0

    def close(self) -> None:
        """Not while a thread runs its request: the socket's number could be another client's by the time it answers."""
        self._release_weight()
        if self._outgoing:
            self._outgoing.close()
        self.state = State.CLOSED
        self._loop.forget(self)
        self.link.close()
