"""A connection that became a WebSocket."""

import asyncio
from typing import Any, Final

from websockets.frames import Opcode
from websockets.server import ServerProtocol

from events.live.streams import Sink

MESSAGE_BYTES: Final = 4 * 1024


class WebSocket:
    """The library's protocol without a network. What is said after the first message is not listened to."""

    __slots__ = ("_late_answer", "_protocol", "_sink", "first")

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._protocol = ServerProtocol(max_size=MESSAGE_BYTES)
        self._late_answer = b""
        self.first: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def shake_hands(self, raw: bytes) -> bool:
        self._protocol.receive_data(raw)
        for request in self._protocol.events_received():
            response: Any = self._protocol.accept(request)  # type: ignore[arg-type]
            if response.status_code == 101:
                self._protocol.send_response(response)
                self._flush()
                return True
        return False

    def receive(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            frame: Any = event
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY) and not self.first.done():
                self.first.set_result(bytes(frame.data) if frame.fin else b"")
        self._answer()
        if self._protocol.close_expected():
            self._flush()
            self._sink.end()

    def say(self, body: bytes) -> None:
        self._protocol.send_text(body)
        self._flush()

    def ping(self) -> None:
        if not self._sink.is_paused:
            self._protocol.send_ping(b"")
            self._flush()

    def say_goodbye(self, code: int, reason: str) -> None:
        if self._protocol.state.name == "OPEN":
            self._protocol.send_close(code, reason)
            self._flush()

    def _answer(self) -> None:
        """A peer that takes nothing, and pings, is answered later, its last ping alone (RFC 6455, 5.5.3): one answer
        waits, whatever comes."""
        if not self._sink.is_paused:
            self._flush()
            return
        for data in self._protocol.data_to_send():
            self._late_answer = data or self._late_answer

    def _flush(self) -> None:
        late, self._late_answer = self._late_answer, b""
        for data in (late, *self._protocol.data_to_send()):
            if data:
                self._sink.write(data)
