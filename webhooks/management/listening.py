"""A receiver of webhooks for one's own machine: it says what comes, and whether it is signed as it should be."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import orjson

from webhooks.endpoints.secrets import is_signed

HOST: Final = "127.0.0.1"  # for whoever develops here; it is no server
_MOST_BYTES = 2**20


class Listener(ThreadingHTTPServer):
    """Answers 204 to what is signed with `secret`, 400 to anything else, and hands a line of each to `say`. Raises
    OSError for a port that is taken."""

    daemon_threads = True

    def __init__(self, port: int, *, say: Callable[[str], None], secret: str = "") -> None:
        super().__init__((HOST, port), _Handler)
        self.say, self.secret = say, secret

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 15
    server: Listener

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self.close_connection = True
            self._answer(413)
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_ours = is_signed(self.server.secret, headers=headers, body=body, now=time.time())
        self.server.say(_line_of(body) if is_ours else "not signed with this secret, or too old: refused")
        self._answer(204 if is_ours else 400)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """What came is said by `say`."""


def _line_of(body: bytes) -> str:
    event = orjson.loads(body)
    record = event["aggregate"]
    data = orjson.dumps(event["data"]).decode()
    return f"{event['position']} {event['type']} {record['type']} {record['id']} #{event['sequence']} {data}"
