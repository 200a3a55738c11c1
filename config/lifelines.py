"""Processes that do not outlive whoever started them, kill -9 included."""

import ctypes
import os
import signal
import sys
from pathlib import Path

PARENT_VARIABLE = "KONTOR_PARENT_PID"
PR_SET_PDEATHSIG = 1


def stop_with_supervisor() -> None:
    """In a child of the supervisor: stop when it dies. Started otherwise: do nothing."""
    parent = os.environ.pop(PARENT_VARIABLE, "")
    if parent:
        stop_with_parent(int(parent))


def stop_with_parent(parent: int) -> None:
    """Have the kernel send this process a SIGTERM when its parent dies.

    Linux only: elsewhere a kill -9 of the parent leaves it running, as with most servers.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        raise SystemExit("The process that started this one is gone already.")


class MakeWatch:
    """Notices that `make run` was told to stop when only make was told.

    GNU make passes a SIGTERM on to its recipe but not a SIGINT: on that it drops its handler and waits for
    the recipe to end by itself. So the dropped handler is the message.
    """

    def __init__(self) -> None:
        self._make = os.getppid()
        self._watching = _program(self._make) in {"make", "gmake"} and _catches_interrupt(self._make)

    def was_stopped(self) -> bool:
        """Whether make waits for us to end, or has died."""
        return self._watching and (os.getppid() != self._make or not _catches_interrupt(self._make))


def _program(pid: int) -> str:
    path = Path(f"/proc/{pid}/comm")
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _catches_interrupt(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False  # it has just died
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1 << (signal.SIGINT - 1))
