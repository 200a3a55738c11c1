"""Streaming what is committed into the backup folder, for as long as the process runs.

`python -m embedded_postgres.backup.streaming HOME FOLDER [RECIPIENT]`: PostgreSQL's pg_receivewal writes to a spool in
the home as the server does; every second what is new goes on, packed and encrypted, to FOLDER/wal: whole segments once,
the one that grows again and again as .partial.
"""

import gzip
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from embedded_postgres.backup.repository import PACKED, PARTIAL, Repository
from embedded_postgres.backup.sealing import check_recipient, seal
from embedded_postgres.backup.taking import SLOT, run_program, superuser_url
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.lifecycle import bin_dir
from embedded_postgres.server.configuration import clean_environment
from embedded_postgres.server.processes import end_with_parent

TICK_SECONDS: Final = 1.0
_MOST_IN_MEMORY: Final = 32 << 20


class Streaming:
    """`run()` until SIGTERM or until the receiver ends."""

    def __init__(self, home: Path, folder: Path, recipient: str) -> None:
        check_recipient(recipient)
        self.home = home
        self.wal = Repository(folder).wal
        self.recipient = recipient
        self.spool = home / "run" / "wal"
        self._shipped: dict[str, int] = {}  # the time of change of the partial one that was shipped last
        self._is_stopping = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self.spool.mkdir(parents=True, exist_ok=True)
        self.wal.mkdir(mode=0o700, parents=True, exist_ok=True)
        receiver = self._start_receiver()
        try:
            while receiver.poll() is None and not self._is_stopping:
                time.sleep(TICK_SECONDS)
                self.ship()
        finally:
            receiver.terminate()
            receiver.wait()
            self.ship()
        return 0 if self._is_stopping else 1

    def ship(self) -> None:
        """Send on what is new in the spool."""
        for path in sorted(self.spool.glob("[0-9A-F]*")):
            is_partial = path.name.endswith(PARTIAL)
            with suppress(FileNotFoundError):  # it has just become a whole one: that is the next look's
                changed = path.stat().st_mtime_ns
                if is_partial and self._shipped.get(path.name) == changed:
                    continue
                self._ship_file(path)
                if is_partial:
                    self._shipped = {path.name: changed}
                else:
                    path.unlink()
                    for late in self.wal.glob(f"{path.name}{PARTIAL}*"):
                        late.unlink()

    def _ship_file(self, path: Path) -> None:
        with path.open("rb") as source, tempfile.SpooledTemporaryFile(max_size=_MOST_IN_MEMORY) as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            packed.seek(0)
            seal(packed, self.wal / f"{path.name}{PACKED}", self.recipient)

    def _start_receiver(self) -> "subprocess.Popen[bytes]":
        url, programs = superuser_url(self.home), bin_dir(self.home)
        options = ("--dbname", url, "--slot", SLOT, "--no-password")
        run_program(
            "making a place in the stream", programs / "pg_receivewal", *options, "--create-slot", "--if-not-exists"
        )
        return subprocess.Popen(  # noqa: S603 - PostgreSQL's program
            [programs / "pg_receivewal", *options, "--directory", str(self.spool), "--synchronous", "--no-loop"],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent(),  # noqa: PLW1509 - this process has one thread
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True


def main(arguments: list[str]) -> int:
    home, folder, *rest = arguments
    try:
        return Streaming(Path(os.path.realpath(home)), Path(folder), rest[0] if rest else "").run()
    except EmbeddedPostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
