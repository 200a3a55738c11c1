"""A peer that pings and reads nothing fills no memory."""

import asyncio

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from events.live.websocket import WebSocket


class Sink:
    """A connection whose peer may stop reading."""

    def __init__(self) -> None:
        self.is_paused, self.is_open, self.written = False, True, list[bytes]()

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def end(self, code: int = 1000, reason: str = "") -> None:
        self.is_open = False

    def abort(self) -> None:
        self.is_open = False


def agreed(sink: Sink) -> tuple[WebSocket, ClientProtocol]:
    peer = ClientProtocol(parse_uri("ws://live.example/live/ws"))
    peer.send_request(peer.connect())
    link = WebSocket(sink)
    assert link.shake_hands(b"".join(peer.data_to_send()))
    heard(sink, peer)
    return link, peer


def heard(sink: Sink, peer: ClientProtocol) -> list[tuple[Opcode, bytes]]:
    """What the peer reads now."""
    peer.receive_data(b"".join(sink.written))
    sink.written.clear()
    return [(frame.opcode, bytes(frame.data)) for frame in peer.events_received() if isinstance(frame, Frame)]


def ping(link: WebSocket, peer: ClientProtocol, text: bytes) -> None:
    peer.send_ping(text)
    link.receive(b"".join(peer.data_to_send()))


def test_of_the_pings_of_a_peer_that_reads_nothing_the_last_is_answered_once_it_reads() -> None:
    async def run() -> None:
        sink = Sink()
        link, peer = agreed(sink)
        ping(link, peer, b"soon")
        assert heard(sink, peer) == [(Opcode.PONG, b"soon")]

        sink.is_paused = True
        for number in range(1_000):
            ping(link, peer, b"%d" % number)
        assert sink.written == []

        sink.is_paused = False
        link.say(b"{}")
        assert heard(sink, peer) == [(Opcode.PONG, b"999"), (Opcode.TEXT, b"{}")]

    asyncio.run(run())


def test_a_peer_that_reads_nothing_and_closes_is_let_go() -> None:
    async def run() -> None:
        sink = Sink()
        link, peer = agreed(sink)
        sink.is_paused = True
        ping(link, peer, b"one")

        peer.send_close(1000)
        link.receive(b"".join(peer.data_to_send()))

        assert not sink.is_open

    asyncio.run(run())
