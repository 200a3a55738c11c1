"""Who uses the running server of a home. Each user holds a shared lock; the keeper stops the server after the last.

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
    """Whether any user holds the lock at this moment. The keeper that holds it alone, as it does while it stops the
    server, is none."""
    descriptor = locks.open_lock(run.users_lock)
    try:
        return locks.try_lock(descriptor, fcntl.LOCK_SH) and not locks.try_lock(descriptor)
    finally:
        os.close(descriptor)
