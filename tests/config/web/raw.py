"""Clients that say exactly what a test wants, byte by byte."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.shop.servers.processes import MANAGE, running, wait_for

TINY = [MANAGE[0], "-m", "tests.config.web.tiny_server"]
HOST = b"Host: localhost\r\n"
PATIENCE_SECONDS = 30.0


@dataclass
class Server:
    """A web server on a port of its own; `pid` is the process that started its web processes."""

    port: int
    pid: int = 0

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def ask(self, head: bytes, body: bytes = b"") -> bytes:
        """Everything that comes until the server hangs up."""
        with self.connect() as link:
            link.sendall(head + body)
            return read_all(link)

    def get(self, path: str, *headers: bytes) -> bytes:
        """The whole answer to a request of its own connection."""
        lines = b"".join([HOST, *headers, b"Connection: close\r\n"])
        return self.ask(b"GET %b HTTP/1.1\r\n%b\r\n" % (path.encode(), lines))

    def body(self, path: str, *headers: bytes) -> bytes:
        return self.get(path, *headers).partition(b"\r\n\r\n")[2]

    def answers(self) -> bool:
        with suppress(OSError):
            return self.get("/healthz").startswith(b"HTTP/1.1 200")
        return False


def read_all(link: socket.socket) -> bytes:
    """Until the other side hangs up, be it rudely."""
    answer = b""
    with suppress(ConnectionError):
        while part := link.recv(65_536):
            answer += part
    return answer


def is_closed(link: socket.socket) -> bool:
    """Whether the other side has hung up, with nothing left to read."""
    link.setblocking(False)
    try:
        return link.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def tiny_server(log: Path, **settings: float | list[str]) -> Iterator[Server]:
    """The web server with the application of `tests.config.web.tiny_server`, and these limits."""
    server = Server(free_port())
    with running([*TINY, str(server.port), json.dumps(settings)], log) as process:
        server.pid = process.pid
        wait_for(server.answers, f"the server answers: {log}")
        yield server
        process.terminate()
        process.wait(PATIENCE_SECONDS)
