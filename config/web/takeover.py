"""A new web server in the place of a running one, without a connection refused or broken: it is handed the listening
socket, serves beside the old one, and tells that to go once it is up. What waits to be accepted belongs to the socket
and not to a process, so that nothing is lost when the old one closes its copy (docs/decisions/takeover.md)."""

import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
        self._path = path
        self._listener = listener
        self._says = _SUPERVISED if is_supervised else _ALONE
        self._door: socket.socket | None = None

    def open(self) -> None:
        """Once this server serves: until then the one before it is the one to ask. Without a door the server is as good
        as any, but cannot be taken over."""
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            with _short(draft) as address:
                door.bind(address)
            draft.chmod(0o600)
            door.listen(4)
            door.setblocking(False)
            draft.replace(self._path)  # in one step: the old server's door becomes this one's
        except OSError as error:
            door.close()
            log.warning("server_without_a_door", error=str(error))
        else:
            self._door = door

    def answer(self) -> None:
        """Give the socket to whoever asks and runs as the same user."""
        if self._door is None:
            return
        with suppress(OSError):  # nobody asks, or has gone again
            link, _ = self._door.accept()
            with link:
                link.settimeout(1.0)
                if _user_of(link) in (os.geteuid(), 0):
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
            with _short(door) as address:
                link.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        try:
            says, descriptors, _, _ = socket.recv_fds(link, 64, 1)
        except OSError as error:
            raise CannotTakeOver(f"The running server does not hand over its socket: {error}.") from error
        if not descriptors:
            raise CannotTakeOver("The running server does not hand over its socket: it is another user's.")
        listener = socket.socket(fileno=descriptors[0])
        if says == _SUPERVISED:
            listener.close()
            raise CannotTakeOver("The running server is one of `manage.py run`, which would start it again: stop that.")
        process = _process_of(link)
        if process <= 0:  # of another container: it could not be told to go
            listener.close()
            raise CannotTakeOver("The running server is a process of another container.")
        return Taken(listener, process)


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address of the path that fits into a socket's some hundred bytes, however deep the home lies. Linux only."""
    if sys.platform != "linux":
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


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
