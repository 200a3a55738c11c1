"""A real proxy in front of PostgreSQL that cuts the connection at a COMMIT, or falls silent like a broken network."""

import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path

_LENGTH_BYTES = 4
_QUERY, _PARSE = b"Q", b"P"


class Silence(Enum):
    """What becomes of a COMMIT on a link that neither side sees broken. The client never has its answer."""

    UNSEEN = "the server never sees it and waits on"
    UNANSWERED = "the server has committed"


class Cut(Enum):
    """How far a COMMIT gets before both sides are cut off. The client never has its answer."""

    UNSEEN = "the server never sees it and rolls back"
    UNANSWERED = "the server has committed"
    UNDECIDED = "the server may still be at it when the client looks again"


class CuttingProxy:
    """Listens on a Unix socket in `folder`, like PostgreSQL on port 5432, and forwards to the real one.

    `cuts` holds what happens to the next COMMITs, first come first cut; when it is empty they pass. All other
    traffic passes, but while `is_silent` nothing does: links take what they are sent and lose it, for good, without a
    word to either side.
    """

    PORT = "5432"

    def __init__(self, folder: Path, upstream_host: str, upstream_port: int) -> None:
        self.cuts: deque[Cut | Silence] = deque()
        self.is_silent = False
        self.is_full = False  # each session, new or not, hears that there are too many
        self.unknown_setting = b""  # what this server's system does not support
        self.is_closed = threading.Event()
        self.cut_commits = 0
        self._upstream = (upstream_host, upstream_port)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / f".s.PGSQL.{self.PORT}"))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections, and hang up where nobody heard from the other."""
        self.is_closed.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            _Link(self, client, self._connect()).start()

    def _connect(self) -> socket.socket:
        host, port = self._upstream
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def next_cut(self) -> Cut | Silence | None:
        """What to do with the COMMIT that has just come."""
        if not self.cuts:
            return None
        self.cut_commits += 1
        return self.cuts.popleft()

    def refusal_of(self, message: bytes) -> bytes:
        """As PostgreSQL ends a session; empty: it does not."""
        if self.is_full:
            return _fatal(b"53300", b"sorry, too many clients already")
        if self.unknown_setting and self.unknown_setting in message:
            return _fatal(b"22023", self.unknown_setting + b" must be set to 0 on platforms without it.")
        return b""


class _Link:
    """One client's connection: two threads, one a direction."""

    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._cut_at_answer = threading.Event()
        self._lost_at_answer = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        answer = threading.Thread(target=self._until_closed, args=[self._answer], daemon=True)
        answer.start()
        self._until_closed(self._forward)
        answer.join()
        # Only now: a number of a socket closed earlier could belong to the next connection already.
        self._client.close()
        self._server.close()

    def _until_closed(self, pump: Callable[[], None]) -> None:
        with suppress(OSError, EOFError):  # one side hung up: so does the other
            pump()
        for side in (self._client, self._server):
            with suppress(OSError):  # hung up already
                side.shutdown(socket.SHUT_RDWR)

    def _forward(self) -> None:
        message = self._read_message(typed=False)
        while True:
            if self._proxy.is_silent:
                return self._lose_all()
            if refusal := self._proxy.refusal_of(message):
                self._client.sendall(refusal)
                return None
            self._server.sendall(message)
            message = self._read_message(typed=True)
            cut = self._proxy.next_cut() if _is_commit(message) else None
            if isinstance(cut, Silence):
                self._lost_at_answer.set()
                if cut is Silence.UNANSWERED:
                    self._server.sendall(message)
                return self._lose_all()
            if cut is Cut.UNSEEN:
                return None
            if cut is not None:
                self._cut_at_answer.set()  # before it is sent: the answer may come faster than we hang up
            if cut is Cut.UNDECIDED:
                self._server.sendall(message)
                return None

    def _lose_all(self) -> None:
        """The client may hang up; the server never learns of it."""
        with suppress(OSError):
            while self._client.recv(65536):
                pass
        self._proxy.is_closed.wait()

    def _answer(self) -> None:
        while data := self._server.recv(65536):
            if self._cut_at_answer.is_set():
                return
            if not (self._lost_at_answer.is_set() or self._proxy.is_silent):
                self._client.sendall(data)

    def _read_message(self, *, typed: bool) -> bytes:
        """One message of the protocol; only the very first has no type byte."""
        head = self._read(_LENGTH_BYTES + typed)
        length = int.from_bytes(head[-_LENGTH_BYTES:], "big")
        return head + self._read(length - _LENGTH_BYTES)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._client.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data


def _is_commit(message: bytes) -> bool:
    return message[:1] in (_QUERY, _PARSE) and b"COMMIT\0" in message


def _fatal(code: bytes, message: bytes) -> bytes:
    body = b"\0".join([b"SFATAL", b"VFATAL", b"C" + code, b"M" + message, b"", b""])
    return b"E" + (len(body) + _LENGTH_BYTES).to_bytes(_LENGTH_BYTES, "big") + body
