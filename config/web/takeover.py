"""A new web server in the place of a running one, without a connection refused or broken: it is handed the listening
socket, serves beside the old one, and tells that to go once it is up. What waits to be accepted belongs to the socket
and not to a process, so that nothing is lost when the old one closes its copy (docs/decisions/takeover.md)."""

import os
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger("kontor.web")

HAND_OVER: Final = signal.SIGUSR1
_ALONE, _SUPERVISED = b"alone", b"supervised"
_CREDENTIALS: Final = struct.Struct("3i")  # process, user, group of the other side
_PATIENCE_SECONDS: Final = 10.0


class CannotTakeOver(Exception):
    """The running server is another's to stop; the message says whose."""


def door_of(home: Path, port: int) -> Path:
    """Where the server on this port can be asked for its socket."""
    return home / "run" / f"serve-{port}.sock"


class Door:
    """The running server's side. `answer()` is for its main loop: it never waits."""

    def __init__(self, path: Path, listener: socket.socket, *, is_supervised: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._listener = listener
        self._says = _SUPERVISED if is_supervised else _ALONE
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(FileNotFoundError):
            draft.unlink()
        self._door.bind(str(draft))
        draft.chmod(0o600)
        self._door.listen(4)
        self._door.setblocking(False)
        draft.replace(path)  # in one step: an old server's door becomes this one's

    def answer(self) -> None:
        """Give the socket to whoever asks and runs as the same user."""
        with suppress(BlockingIOError):
            link, _ = self._door.accept()
            with link:
                link.settimeout(1.0)
                if _user_of(link) in (os.geteuid(), 0):
                    with suppress(OSError):
                        socket.send_fds(link, [self._says], [self._listener.fileno()])


@dataclass
class Taken:
    """The listening socket of the server that runs as process `pid`."""

    listener: socket.socket
    pid: int

    def send_away(self) -> None:
        """Tell the old server to finish what it has and to end."""
        log.info("server_taken_over", process_id=self.pid)
        with suppress(ProcessLookupError):
            os.kill(self.pid, HAND_OVER)


def take_listener(door: Path) -> Taken | None:
    """What the running server hands over; None where none runs. Raises CannotTakeOver."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(_PATIENCE_SECONDS)
        try:
            link.connect(str(door))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        says, descriptors, _, _ = socket.recv_fds(link, 64, 1)
        if not descriptors:
            raise CannotTakeOver("The running server does not hand over its socket: it is another user's.")
        listener = socket.socket(fileno=descriptors[0])
        if says == _SUPERVISED:
            listener.close()
            raise CannotTakeOver("The running server is one of `manage.py run`, which would start it again: stop that.")
        return Taken(listener, _process_of(link))


def once(call: Callable[[], None]) -> Callable[[], None]:
    """A call of which all but the first do nothing."""
    calls = [call]
    return lambda: calls.pop()() if calls else None


def _user_of(link: socket.socket) -> int:
    return int(_CREDENTIALS.unpack(_peer(link))[1])


def _process_of(link: socket.socket) -> int:
    return int(_CREDENTIALS.unpack(_peer(link))[0])


def _peer(link: socket.socket) -> bytes:
    return link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
