"""Streaming what is committed into the backup folder, for as long as the process runs.

`python -m embedded_postgres.backup.streaming HOME FOLDER [RECIPIENT]`: PostgreSQL's pg_receivewal writes to a spool in
the home as the server does; every second what is new goes on, packed and encrypted, to FOLDER/wal: whole segments once,
the one that grows again and again as .partial.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

import psycopg

from embedded_postgres.backup.line import claim, line_of
from embedded_postgres.backup.repository import Repository
from embedded_postgres.backup.sealing import check_recipient
from embedded_postgres.backup.shipping import Shipping
from embedded_postgres.backup.streamed import Mark
from embedded_postgres.backup.taking import superuser_url
from embedded_postgres.backup.wal_names import lsn_of
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.locks import open_lock, try_lock
from embedded_postgres.home.places import RunFolder
from embedded_postgres.lifecycle import bin_dir
from embedded_postgres.server.configuration import clean_environment
from embedded_postgres.server.processes import PARENT_VARIABLE, end_with_parent, stop_with_parent

TICK_SECONDS: Final = 1.0
SLOT: Final = "kontor_backup"
# The spool is on the shop's disk: with so much in it nothing more is received, and the server's own limit counts.
MOST_SPOOLED: Final = 256 << 20
_PLACES: Final = """
    SELECT pg_current_wal_flush_lsn()::text, clock_timestamp(), restart_lsn::text FROM pg_replication_slots
    WHERE slot_name = %s
"""


class Streaming:
    """`run()` until SIGTERM or until the receiver ends."""

    def __init__(self, home: Path, folder: Path, recipient: str) -> None:
        check_recipient(recipient)
        self.home = home
        self.folder = folder
        self.shipping = Shipping(RunFolder.of(home).path / "wal", Repository(folder).wal, recipient)
        self._is_stopping = False

    def run(self) -> int:
        """0 after a SIGTERM, 1 when the receiver ended. Raises what goes wrong on the way."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        url = superuser_url(self.home)
        if not try_lock(open_lock(RunFolder.of(self.home).path / "stream.lock")):  # held until this process ends
            raise EmbeddedPostgresError(f"Another process streams from {self.home}.")
        with psycopg.connect(url, autocommit=True) as link:
            claim(self.folder, line_of(self.home, link), home=self.home)
            self.shipping.prepare()
            self.shipping.ship()  # a folder that cannot be written shows before anything more is received
            self._make_slot(link)
            return self._stream(link, url)

    def _stream(self, link: psycopg.Connection, url: str) -> int:
        while not self._is_stopping:
            receiver = self._start_receiver(url)
            try:
                while receiver.poll() is None and not self._is_stopping:
                    time.sleep(TICK_SECONDS)
                    self._send_on(link)
                    if self.shipping.spooled_bytes() > MOST_SPOOLED:
                        receiver.terminate()
                        break
                else:
                    if not self._is_stopping:
                        return 1
            finally:
                receiver.terminate()
                receiver.wait()
            self._send_on(link)
        return 0

    def _send_on(self, link: psycopg.Connection) -> None:
        """Ask first, ship then: what the server says was there before."""
        found = link.execute(_PLACES, [SLOT]).fetchone()
        if found:
            self.shipping.note(Mark(lsn_of(found[0]), found[1]))
        self.shipping.ship()
        if found and found[2]:
            self.shipping.tell(lsn_of(found[2]))

    def _make_slot(self, link: psycopg.Connection) -> None:
        """The server keeps for a slot what was not received yet, up to a limit; beyond it the slot is lost."""
        found = link.execute("SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s", [SLOT]).fetchone()
        if found and found[0] == "lost":
            link.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])
            self.shipping.forget_partial()
            sys.stderr.write("The stream to the backups has a gap: it was away for too long. Make a backup now.\n")
            found = None
        if not found:
            link.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])

    def _start_receiver(self, url: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - PostgreSQL's program
            [
                bin_dir(self.home) / "pg_receivewal",
                *("--dbname", url, "--slot", SLOT, "--directory", str(self.shipping.spool)),
                *("--synchronous", "--no-loop", "--no-password"),
            ],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent(),  # noqa: PLW1509 - this process has one thread
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True


def main(arguments: list[str]) -> int:
    home, folder, *rest = arguments
    if parent := os.environ.pop(PARENT_VARIABLE, ""):
        stop_with_parent(int(parent))
    try:
        return Streaming(Path(os.path.realpath(home)), Path(folder), rest[0] if rest else "").run()
    except (EmbeddedPostgresError, OSError, psycopg.Error) as error:
        sys.stderr.write(f"The stream to the backups: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
