"""How the keeper's children end with it, and its orphans with them. Linux only; elsewhere nothing is done."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

PARENT_VARIABLE = "KONTOR_PARENT_PID"  # whose death a process that was started is to die of
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def end_with_parent() -> Callable[[], None] | None:
    """For the child, before exec: a fast shutdown when this process dies, by kill -9 too. Linux only."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def stop_with_parent(parent: int) -> None:
    """Have the kernel send this process a SIGTERM when its parent dies.

    Linux only: elsewhere a kill -9 of the parent leaves it running, as with most servers.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        raise SystemExit("The process that started this one is gone already.")


def adopt_orphans() -> None:
    """Become the parent of what outlives the postmaster (shortly, its logger), so that a stop waits."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def reap_adopted() -> None:
    """Wait up to 5 s for what the postmaster left."""
    deadline = time.monotonic() + 5
    with contextlib.suppress(ChildProcessError):  # raised when no child is left
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
