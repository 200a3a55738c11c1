"""Who uses the running server of a home: every user holds a shared lock, and the keeper stops the server after the last.

For processes that only see to it that a server stays: nothing of a database driver is imported.
"""

import fcntl
import os
import time
from pathlib import Path

from embedded_postgres.home import locks
from embedded_postgres.home.places import RunFolder


def become_user(home: Path) -> int:
    """Keep the server, which somebody else who uses it has started, from stopping: until the descriptor that is
    returned is closed, or this process ends."""
    descriptor = locks.open_lock(RunFolder.of(home).users_lock)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def wait_while_stopping(home: Path, *, seconds: float) -> None:
    """Wait until the server has stopped after its last user, not longer than that, nor while anybody uses it."""
    run = RunFolder.of(home)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and is_kept(run) and not has_users(run):
        time.sleep(0.05)


def is_kept(run: RunFolder) -> bool:
    """Whether a keeper lives: the server runs, starts or stops."""
    return locks.is_locked(run.keeper_lock)


def has_users(run: RunFolder) -> bool:
    """Whether any process holds the users' lock at this moment."""
    descriptor = locks.open_lock(run.users_lock)
    try:
        return not locks.try_lock(descriptor)
    finally:
        os.close(descriptor)
