"""A mail server of the tests: SMTP over a socket, on a thread of its own, which takes or refuses what it is told to."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.test import override_settings


class Letters:
    """What came to `port`; `refusals` are answers to RCPT by address, `sender_answer` is that to MAIL; `greeting` is
    the server's first line, before which it does `on_connect`;
    `hangs_up`: it takes a letter and never says so; until `is_open` is set it takes none and lets its clients wait.
    With `closes_after` it is shut by itself once so many are taken.
    `begun` counts those that came as far as that, `connections` those who came. After `most` letters a connection is
    closed, with `farewell` if there is one."""

    def __init__(self) -> None:
        self.port = 0
        self.messages: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.greeting = "220 letters"
        self.sender_answer = "250 ok"
        self.on_connect: Callable[[], object] = bool
        self.hangs_up = False
        self.closes_after: int | None = None
        self.begun = 0
        self.connections = 0
        self.most = 1_000_000
        self.farewell = ""
        self.is_open = threading.Event()
        self.is_open.set()

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["To"] == address]


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        letters: Letters = self.server.letters  # type: ignore[attr-defined]
        letters.connections += 1
        taken = 0
        letters.on_connect()
        self._say(letters.greeting)
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].upper().split(" ")[0]
            if verb == "MAIL" and taken == letters.most:
                self.wfile.write(letters.farewell.encode())
                return
            if verb == "DATA":
                if letters.begun == letters.closes_after:
                    letters.is_open.clear()
                letters.begun += 1
                letters.is_open.wait()
                self._say("354 go on")
                letter = self._letter()
                if letter is None:
                    return
                letters.messages.append(message_from_bytes(letter, policy=policy.default))
                if letters.hangs_up:
                    return
                taken += 1
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(self._answer(letters, verb, line))

    def _answer(self, letters: Letters, verb: str, line: str) -> str:
        if verb == "MAIL":
            return letters.sender_answer
        return letters.refusals.get(line.partition("<")[2].partition(">")[0], "250 ok") if verb == "RCPT" else "250 ok"

    def _letter(self) -> bytes | None:
        """None: the client is gone before its end."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(**settings: Any) -> Iterator[Letters]:
    """Django's e-mails go there meanwhile, as they would with EMAIL_URL=smtp://127.0.0.1:port?tls=0."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.letters = letters = Letters()  # type: ignore[attr-defined]
        letters.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            with override_settings(
                EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=server.server_address[1],
                EMAIL_USE_TLS=False,
                EMAIL_TIMEOUT=5,
                **settings,
            ):
                yield letters
        finally:
            letters.is_open.set()
            server.shutdown()
