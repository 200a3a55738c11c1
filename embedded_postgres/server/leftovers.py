"""Ending what remains of a server nobody keeps any more.

A killed postmaster leaves backends that hold its shared memory, and a pid file whose number may be another
program's by now. So no pid is read from a file: a process is ours when the kernel says that it runs a program
`postgres` inside this very data folder, and it is signalled by a handle that cannot come to mean another.
"""

import os
import signal
import time
from pathlib import Path

PROC = Path("/proc")


def end_leftovers(data: Path) -> bool:
    """Stop every process of this cluster; False when one cannot be stopped. Runs as the cluster's account.

    Waits up to 10 s for an orderly end, 3 s for an abrupt one (the next start then recovers), then kills.
    """
    return (
        _end_processes(data, to_postmaster=signal.SIGINT, to_orphans=signal.SIGTERM, seconds=10)
        or _end_processes(data, to_postmaster=signal.SIGQUIT, to_orphans=signal.SIGQUIT, seconds=3)
        or _end_processes(data, to_postmaster=signal.SIGKILL, to_orphans=signal.SIGKILL, seconds=3)
        or _end_processes(data, to_postmaster=signal.SIGKILL, to_orphans=signal.SIGKILL, seconds=3)
    )


def _end_processes(data: Path, *, to_postmaster: signal.Signals, to_orphans: signal.Signals, seconds: float) -> bool:
    """Signal the postmaster, which ends its own children; only without one, the orphans."""
    processes = _processes_of(data)
    postmasters = [pid for pid in processes if _is_postmaster(pid)]
    for pid in postmasters or processes:
        _send_signal(pid, to_postmaster if postmasters else to_orphans, data)
    deadline = time.monotonic() + seconds
    while _processes_of(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _processes_of(data: Path) -> list[int]:
    return [int(entry.name) for entry in PROC.glob("[0-9]*") if _is_ours(int(entry.name), data)]


def _is_ours(pid: int, data: Path) -> bool:
    try:
        program = Path(os.readlink(PROC / str(pid) / "exe").removesuffix(" (deleted)"))
        return program.name == "postgres" and os.path.samefile(PROC / str(pid) / "cwd", data)
    except OSError:
        return False  # gone meanwhile, or another user's


def _is_postmaster(pid: int) -> bool:
    """Its children write over their command line with a title; the postmaster keeps its own."""
    try:
        return b"-D" in (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False  # gone meanwhile


def _send_signal(pid: int, number: signal.Signals, data: Path) -> None:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if _is_ours(pid, data):
            signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        pass  # it ended by itself, which was the aim
    finally:
        os.close(handle)
