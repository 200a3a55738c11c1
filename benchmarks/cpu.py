"""CPU time of whole process trees, in seconds."""

from contextlib import suppress

import psutil


def tree_seconds(pid: int) -> float:
    """User and system time of a process and all below it, ended ones that were waited for included."""
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):  # ended meanwhile: its parent has its time by now
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def machine_seconds() -> float:
    """What all processors together have worked so far, for whomever."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - _counted_twice(times))


def _counted_twice(times: object) -> float:
    """Linux counts the time of virtual machines' guests as user time too."""
    return float(getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0))
