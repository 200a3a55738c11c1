"""Advisory locks on files (flock): the kernel drops them when the last holder dies, by kill -9 too.

Opened without inheritance across exec, a lock follows forks (a fork of a user is a user) but never reaches an
unrelated program started from here.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_lock(path: Path) -> int:
    """Open the lock file, creating it private and owned like its folder (root may run in a user's home)."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    adopt(descriptor, path.parent)
    return descriptor


def adopt(descriptor: int, folder: Path) -> None:
    """As root, give the open file to the folder's owner, who must be able to use it later without root."""
    owner = folder.stat()
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid != owner.st_uid:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def try_lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    """Take the lock if it is free at this moment."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock for the block, waiting for it as long as it takes."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        # Unlocked, not just closed: a process forked meanwhile by another thread has the descriptor too.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


@contextmanager
def exclusive_within(path: Path, seconds: float) -> Iterator[bool]:
    """Whether the lock is free, or is so soon; then it is held for the block."""
    descriptor, until = open_lock(path), time.monotonic() + seconds
    try:
        while not (is_held := try_lock(descriptor)) and time.monotonic() < until:
            time.sleep(0.1)
        yield is_held
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether anybody holds the lock exclusively."""
    descriptor = open_lock(path)
    try:
        return not try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)
