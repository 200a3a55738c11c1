"""A mail server that takes everything and counts it: SMTP over a socket, in a process of its own, so that its CPU time
is nobody's who is measured."""

import multiprocessing
import re
import socketserver
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from benchmarks.run import BenchmarkError

_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ENDED = b"\r\n.\r\n"


class Mailbox:
    """`with Mailbox() as mailbox:` listens at `url` (EMAIL_URL)."""

    def __enter__(self) -> "Mailbox":
        from django.db import connections

        connections.close_all()  # a fork must not share them
        forks = multiprocessing.get_context("fork")
        self._pipe, theirs = forks.Pipe()
        self._process: BaseProcess = forks.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.url = f"smtp://127.0.0.1:{self._pipe.recv()}?tls=0"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def wait_for(self, mails: int, *, seconds: float) -> None:
        """Until so many have come. Raises BenchmarkError when they do not, or when one came twice."""
        deadline = time.monotonic() + seconds
        while (came := self._ask())[0] < mails:
            if time.monotonic() > deadline:
                raise BenchmarkError(f"{came[0]} of {mails} e-mails have come.")
            time.sleep(0.02)
        if came[1]:
            raise BenchmarkError(f"{came[1]} e-mails came twice.")

    def _ask(self) -> tuple[int, int]:
        self._pipe.send(None)
        came: tuple[int, int] = self._pipe.recv()
        return came


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        ids: Counter[bytes] = self.server.ids  # type: ignore[attr-defined]
        self.wfile.write(b"220 mailbox\r\n")
        while verb := self.rfile.readline()[:4].upper():
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while not letter.endswith(_ENDED):
                    letter += self.rfile.readline()
                found = _MESSAGE_ID.search(letter)
                ids[found[1] if found else b""] += 1
            self.wfile.write(b"250 ok\r\n" if verb != b"QUIT" else b"221 bye\r\n")


def _serve(pipe: Connection) -> None:
    import threading

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        ids: Counter[bytes] = Counter()
        server.ids = ids  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pipe.send(server.server_address[1])
        while _told(pipe) is None:
            pipe.send((ids.total(), ids.total() - len(ids)))


def _told(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return EOFError
