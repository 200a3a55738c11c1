"""The drills there are. What a drill asserts stands in the program or the test that it runs."""

import sys
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Drill:
    name: str
    disaster: str
    command: tuple[str, ...]
    fast_command: tuple[str, ...] = ()
    """Instead of `command` where time is short; empty: the drill has one form."""

    def command_line(self, *, fast: bool) -> list[str]:
        return [sys.executable, "-m", *(self.fast_command if fast and self.fast_command else self.command)]


def _tests(name: str, disaster: str, *files: str) -> Drill:
    paths = (f"tests/outages/test_{file}.py" for file in files)
    # Some are marked as too long for every run of the suite: here they are the point.
    return Drill(name, disaster, ("pytest", "-q", "-n0", "-m", "system or not system", *paths))


DRILLS: Final = (
    Drill(
        "failover",
        "a cluster's leader is killed and frozen, its standbys are frozen",
        ("ops.failover",),
        fast_command=("ops.failover", "--fast"),
    ),
    Drill("restore", "a table is dropped, and the moment before is brought back", ("ops.restoring",)),
    _tests("pooler", "orders through a pooler, and one that does harm", "pooler"),
    _tests("standbys", "a primary freezes and its standby takes over, or its standbys are gone", "failover"),
    _tests("replicas", "replicas lag, stop, die and are promoted", "replicas"),
    _tests("kills", "web, worker, live and the database are killed again and again", "crash", "killed_in_a_loop"),
    _tests("lost answers", "the connection is lost at COMMIT", "lost_commit", "lost_refund"),
    _tests("silence", "the database freezes, fills its disk, or says nothing", "database_down", "silent_network"),
    _tests("workers", "a worker hangs, or has lost the database", "worker_without_database"),
    Drill(
        "cells",
        "the entry to several cells is killed at every point of an order",
        ("benchmarks.cells", "--rounds=0"),
    ),
    _tests("clocks", "a server's clock is slow", "slow_clock"),
)
