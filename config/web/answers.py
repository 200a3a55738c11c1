"""What the application answers becomes bytes, sent without ever waiting for the client."""

import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from http import HTTPStatus
from typing import IO, Any

from config.web.requests import Environ
from shared.http.problem_details import CODES, CONTENT_TYPE, TYPE_PREFIX

PIECE_BYTES = 64 * 1024
IN_MEMORY_BYTES = 1024 * 1024  # of an answer that is made faster than its client reads it; more goes to a file
WITHOUT_BODY = ("204", "304")

Application = Callable[[Environ, Callable[..., Any]], Any]


class Outgoing:
    """What is still to be sent: bytes, then what a file has. `sent` counts bytes."""

    def __init__(self, data: bytes, source: Any = None) -> None:
        self.sent = 0
        self._data = memoryview(data)
        self._source = source

    def pump(self, link: socket.socket) -> bool:
        """Send what the socket takes now; whether all is sent. Raises OSError when the client is gone."""
        while True:
            if not self._data:
                self._data = memoryview(self._more_bytes())
                if not self._data:
                    return True
            try:
                count = link.send(self._data)
            except BlockingIOError:
                return False
            self.sent += count
            self._data = self._data[count:]

    def _more_bytes(self) -> bytes:
        return self._source.read(PIECE_BYTES) if self._source else b""

    def close(self) -> None:
        self._data = memoryview(b"")
        if self._source:
            self._source.close()


class Stream(Outgoing):
    """Pieces that are made while others are sent: what the client does not take waits in memory, then in a file."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._written = self._read = 0

    def add(self, data: bytes) -> None:
        if self._source is None:
            self._source = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - see close()
        self._source.seek(self._written)
        self._written += self._source.write(data)

    def _more_bytes(self) -> bytes:
        if self._read == self._written:
            return b""
        self._source.seek(self._read)
        piece: bytes = self._source.read(PIECE_BYTES)
        self._read += len(piece)
        if self._read == self._written:  # all of it is on its way: begin again at the front
            self._read = self._written = 0
            self._source.seek(0)
            self._source.truncate()
        return piece


class FileBody:
    """`wsgi.file_wrapper`: a file that the event loop sends, without a thread."""

    def __init__(self, file: IO[bytes], block_size: int = PIECE_BYTES) -> None:
        self.read = file.read
        self.close = file.close


class Answer:
    """One answer: `start` is WSGI's start_response, `head` the bytes before the body."""

    __slots__ = ("_headers", "_may_keep_alive", "_method", "_version", "keep_alive", "status")

    def __init__(self, environ: Environ, *, keep_alive: Callable[[], bool]) -> None:
        self.keep_alive = False
        self._may_keep_alive = keep_alive
        self.status = ""
        self._method = environ["REQUEST_METHOD"]
        self._version = environ["SERVER_PROTOCOL"]
        self._headers: list[tuple[str, str]] = []

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self._headers = status, headers

    @property
    def has_body(self) -> bool:
        return self._method != "HEAD" and not self.status.startswith(WITHOUT_BODY)

    def head(self, length: int | None) -> tuple[bytes, bool]:
        """The bytes, and whether the body is sent in chunks. `length` unset: whatever the headers say."""
        self.keep_alive = self._may_keep_alive()
        lines = [f"HTTP/1.1 {self.status}\r\n"]
        sized = False
        for name, value in self._headers:
            sized = sized or name.lower() == "content-length"
            lines.append(f"{name}: {value}\r\n")
        chunked = False
        if not sized and not self.status.startswith(WITHOUT_BODY):
            if length is not None:
                lines.append(f"Content-Length: {length}\r\n")
            elif self._version == "HTTP/1.1":
                chunked = True
                lines.append("Transfer-Encoding: chunked\r\n")
            else:
                self.keep_alive = False
        if not self.keep_alive:
            lines.append("Connection: close\r\n")
        lines.append(_date_line())
        return "".join(lines).encode("latin-1"), chunked and self.has_body


def _date_line() -> str:
    """`Date` and the end of the headers; made once a second."""
    global _date  # noqa: PLW0603 - a memory of one line
    now = int(time.time())
    if _date[0] != now:
        _date = now, f"Date: {formatdate(now, usegmt=True)}\r\n\r\n"
    return _date[1]


_date: tuple[int, str] = (0, "")


def framed(pieces: Iterable[bytes], *, chunked: bool) -> Iterable[bytes]:
    """The body as it goes over the wire."""
    for piece in pieces:
        if piece:
            yield b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
    if chunked:
        yield b"0\r\n\r\n"


def refusal(status: int, detail: str, path: str = "/") -> bytes:
    """A whole answer of the server's own, after which the connection is closed."""
    title = HTTPStatus(status).phrase
    code = CODES.get(status, f"http_{status}")
    body = json.dumps(
        {
            "type": f"{TYPE_PREFIX}{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": path,
            "code": code,
        }
    ).encode()
    retry = "Retry-After: 2\r\n" if status in {429, 503} else ""
    head = (
        f"HTTP/1.1 {status} {title}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n"
        f"{retry}Connection: close\r\n{_date_line()}"
    )
    return head.encode("latin-1") + body
