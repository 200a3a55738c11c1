"""Processes that do not outlive whoever started them, kill -9 included."""

import os
import signal
import threading
import time
from pathlib import Path

from embedded_postgres.server.processes import PARENT_VARIABLE, stop_with_parent

LOOK_SECONDS = 0.2


def stop_with_supervisor() -> None:
    """In a child of the supervisor: stop when it dies. Started otherwise: do nothing."""
    global _supervised  # noqa: PLW0603 - told once, at the start
    parent = os.environ.pop(PARENT_VARIABLE, "")
    _supervised = bool(parent)
    if parent:
        stop_with_parent(int(parent))


_supervised = False


def is_supervised() -> bool:
    """Whether stop_with_supervisor found one, who would start this process again."""
    return _supervised


def stop_with_make() -> None:
    """Started by `make run`: stop when only make was told to, or has died. Call once, with signal handlers in place.

    GNU make passes a SIGTERM on to its recipe but not a SIGINT: on that it drops its own handler and waits for the
    recipe to end by itself. So the dropped handler is the message.
    """
    make = os.getppid()
    if _program_name(make) in {"make", "gmake"} and _catches_interrupt(make):
        threading.Thread(target=_watch_parent, args=[make], name="watch-make", daemon=True).start()


def _watch_parent(make: int) -> None:
    while os.getppid() == make and _catches_interrupt(make):
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGINT)


def _program_name(pid: int) -> str:
    path = Path(f"/proc/{pid}/comm")
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _catches_interrupt(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False  # it has just died
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1 << (signal.SIGINT - 1))
