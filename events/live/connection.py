"""A client's connection: one request, which is answered at once or becomes a stream."""

import asyncio
import socket
from typing import TYPE_CHECKING, Any, Final

import httptools

from events.live.websocket import WebSocket

if TYPE_CHECKING:
    from events.live.server import LiveServer

HEAD_SECONDS: Final = 10.0
HEAD_BYTES: Final = 16 * 1024
HEADERS: Final = 64
# What waits in this process for a reader; the system's own buffers hold more.
HIGH, LOW = 16 * 1024, 2 * 1024
# A peer that takes nothing for so long is gone, or as good as gone.
GONE_MILLISECONDS: Final = 60_000


class Head:
    """The request's first lines. Names of headers are in lower case."""

    def __init__(self) -> None:
        self.method = ""
        self.target = b""
        self.headers: dict[str, str] = {}
        self._many = 0

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._many += 1
        if self._many > HEADERS:
            raise ValueError("too many headers")
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")


class Connection(asyncio.Protocol):
    __slots__ = ("_buffer", "_deadline", "_server", "_socket", "_task", "address", "is_open", "is_paused", "slot",
                 "stream", "transport")  # fmt: skip

    transport: asyncio.Transport

    def __init__(self, server: "LiveServer") -> None:
        self._server = server
        self._buffer: bytes | None = b""
        self._deadline: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket: WebSocket | None = None
        self.address = ""
        self.stream: Any = None
        self.is_open = False
        self.is_paused = False
        self.slot = 0

    def connection_made(self, transport: Any) -> None:
        self.transport, self.is_open = transport, True
        transport.set_write_buffer_limits(high=HIGH, low=LOW)
        self.address = (transport.get_extra_info("peername") or ("",))[0]
        _bound_silence(transport.get_extra_info("socket"))
        self._deadline = asyncio.get_running_loop().call_later(HEAD_SECONDS, self.abort)
        self._server.arrived(self)

    def data_received(self, data: bytes) -> None:
        if self._socket is not None:
            self._socket.receive(data)
        elif self._buffer is not None:
            self._buffer += data
            end = self._buffer.find(b"\r\n\r\n")
            if 0 <= end <= HEAD_BYTES:
                self._read_head(self._buffer[: end + 4])
            elif len(self._buffer) > HEAD_BYTES:
                self._server.refuse(self, 431, "The head of a request may have up to 16 KiB.")

    def _read_head(self, raw: bytes) -> None:
        self._buffer = None
        if self._deadline is not None:
            self._deadline.cancel()
        head = Head()
        try:
            parser = httptools.HttpRequestParser(head)
            parser.feed_data(raw)
            head.method = parser.get_method().decode()
        except httptools.HttpParserUpgrade:
            head.method = parser.get_method().decode()
        except (httptools.HttpParserError, ValueError):
            self._server.refuse(self, 400, "That is no HTTP request.")
            return
        self._task = asyncio.create_task(self._server.answer(self, head, raw))
        self._task.add_done_callback(self._answered)

    def _answered(self, done: asyncio.Task[None]) -> None:
        self._task = None
        if not done.cancelled() and done.exception() is not None:
            self.abort()
            done.result()

    def open_socket(self, raw: bytes) -> WebSocket | None:
        """The WebSocket that the head asks for, once it is agreed on."""
        socket_of_it = WebSocket(self)
        if socket_of_it.shake_hands(raw):
            self._socket = socket_of_it
            return socket_of_it
        return None

    def write(self, data: bytes) -> None:
        self.is_open = self.is_open and not self.transport.is_closing()
        if self.is_open:
            self.transport.write(data)

    def beat(self) -> None:
        """A sign of life, so that nothing in between takes the connection for idle."""
        if self._socket is not None:
            self._socket.ping()
        elif self.stream is not None:
            self.stream.beat()

    def end(self, code: int = 1000, reason: str = "") -> None:
        """After what is on its way."""
        if self.is_open:
            if self._socket is not None:
                self._socket.say_goodbye(code, reason)
            self.is_open = False
            self.transport.close()

    def abort(self) -> None:
        self.is_open = False
        self.transport.abort()

    def pause_writing(self) -> None:
        self.is_paused = True

    def resume_writing(self) -> None:
        self.is_paused = False
        if self.stream is not None:
            self.stream.resume()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = self.is_paused = False
        if self._deadline is not None:
            self._deadline.cancel()
        if self._task is not None:
            self._task.cancel()
        if self._socket is not None:
            self._socket.first.cancel()
        self._server.left(self)
        if self.stream is not None:
            stream, self.stream = self.stream, None
            stream.close()


def _bound_silence(connected: Any) -> None:
    """The system gives up a peer that is gone without a word, or takes nothing."""
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_USER_TIMEOUT", GONE_MILLISECONDS)):
        if hasattr(socket, name):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
