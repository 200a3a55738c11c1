"""Copying for as long as the process runs: `python -m embedded_postgres.copying.following HOME FOLDER`, where to in
the variable COPY_VARIABLE, as others see the arguments of a process.

A process of its own beside the stream: a storage that is slow or away holds up neither shop nor stream.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.place import place_of
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.server.processes import PARENT_VARIABLE, stop_with_parent

COPY_VARIABLE: Final = "KONTOR_BACKUP_COPY"  # config.processes.running sets it, and imports nothing of this
PAUSE_SECONDS: Final = 5.0
AFTER_FAULT_SECONDS: Final = 20.0
_SAID_AT: Final = 2


def follow(copying: Copying) -> None:
    """For ever. A fault is said when it is met twice in a row, as the folder may be about to be made; and that it is
    over."""
    faults = 0
    while True:
        try:
            copying.bring()
            if faults >= _SAID_AT:
                _say("The copy of the backups is made again.")
            faults = 0
        except (EmbeddedPostgresError, OSError) as error:
            faults += 1
            if faults == _SAID_AT:
                _say(str(error))
        time.sleep(AFTER_FAULT_SECONDS if faults >= _SAID_AT else PAUSE_SECONDS)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main(arguments: list[str]) -> int:
    home, origin = arguments
    if parent := os.environ.pop(PARENT_VARIABLE, ""):
        stop_with_parent(int(parent))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)  # whatever it is at: what was half-way is gone on with
    try:
        place = place_of(json.loads(os.environ.pop(COPY_VARIABLE)))
        follow(Copying(Path(os.path.realpath(home)), Path(origin), place))
    except EmbeddedPostgresError as error:
        sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
