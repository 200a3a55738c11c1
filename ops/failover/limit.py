"""A drill that hangs says where, and ends."""

import faulthandler
import os
import signal
from types import FrameType
from typing import Final

from ops.failover.cluster import DrillError

CLEANING_SECONDS: Final = 300
_FAILED: Final = 2


def limit_time(seconds: int) -> None:
    """From now on. Then the main thread gets a DrillError, and what it started is stopped; if that hangs, too, the
    process ends, and what it started with it (embedded_postgres.server.processes)."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        faulthandler.dump_traceback(all_threads=True)
        signal.signal(signal.SIGALRM, end)
        signal.alarm(CLEANING_SECONDS)
        raise DrillError(f"It is not over after {seconds} s; above is what it was waiting for.")

    def end(_signal: int, _frame: FrameType | None) -> None:
        faulthandler.dump_traceback(all_threads=True)
        os._exit(_FAILED)

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
