"""A receiver of webhooks: HTTP on a thread of its own, which answers what it is told to and keeps what came."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

PATIENCE_SECONDS = 60


@dataclass
class Came:
    """One request. `answered`: with which status."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    answered: int = 0

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified(self, secret: str) -> dict[str, Any]:
        """The event, if the official library takes the signature; else it raises."""
        found: dict[str, Any] = Webhook(secret).verify(self.body.decode(), self.headers)
        return found


@dataclass
class Receiver:
    """`answer` says status and headers for a request. `hold` keeps those that came from being answered while it is not
    set."""

    port: int = 0
    came: list[Came] = field(default_factory=list)
    answer: Callable[[Came], tuple[int, dict[str, str]]] = lambda _: (204, {})
    text: bytes = b""
    hold: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def taken(self, path: str = "") -> list[Came]:
        """Those that were answered with a 2xx, in the order in which they came."""
        return [one for one in list(self.came) if 200 <= one.answered < 300 and path in one.path]

    def wait_for(self, many: int, path: str = "") -> list[Came]:
        """So many that were taken."""
        wait_until(lambda: len(self.taken(path)) >= many, lambda: f"{len(self.taken(path))} of {many} came")
        return self.taken(path)


def wait_until(holds: Callable[[], bool], told: Callable[[], str] = lambda: "it did not come to that") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, told()
        time.sleep(0.01)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        came = Came(self.path, headers, body, time.monotonic())
        receiver.came.append(came)
        receiver.hold.wait(PATIENCE_SECONDS)
        status, more = receiver.answer(came)
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        text = b"" if status == 204 else receiver.text
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        came.answered = status
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever sent it may have been killed."""


@contextmanager
def receiver_running(port: int = 0) -> Iterator[Receiver]:
    server = _Server(("127.0.0.1", port), _Handler)
    receiver = Receiver(port=server.server_address[1])
    receiver.hold.set()
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()
