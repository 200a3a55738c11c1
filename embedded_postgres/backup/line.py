"""Whose backups a folder has: of one database that only ever went on.

A database that was restored is another line: what it commits has the same numbers as what the first one committed after
that moment. So a mark lies in the data, which restoring takes away, and a folder takes one line only.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psycopg

from embedded_postgres.backup.sealing import write_text
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home import locks
from embedded_postgres.home.accounts import choose_account
from embedded_postgres.home.places import RunFolder, Server, data_owner

NOTE: Final = "line.json"
_MARK: Final = "kontor_line"
_KNOWN: Final = "backup_folders"
_IDENTIFY: Final = """
    SELECT system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system()
"""


@dataclass(frozen=True)
class Line:
    """`system`: the cluster's own number. `timeline`: as names of segments begin. `mark`: of this copy of it."""

    system: str
    timeline: str
    mark: str


def line_of(home: Path, link: psycopg.Connection) -> Line:
    """Of a running server; marks its data the first time. Locks: run/line.lock, let go."""
    run = RunFolder.of(home)
    server = Server.read(run)
    if server is None:
        raise EmbeddedPostgresError(f"The embedded PostgreSQL of {home} does not say where its data is.")
    path = Path(server.data) / _MARK
    with locks.exclusive(run.path / "line.lock"):
        if not path.exists():
            choose_account(data_owner(home)).write(path, secrets.token_hex(16))
        mark = path.read_text(encoding="ascii")
    ((system, timeline),) = link.execute(_IDENTIFY).fetchall()
    return Line(str(system), str(timeline), mark)


def claim(folder: Path, line: Line, *, home: Path) -> None:
    """Have the folder be this line's. Raises EmbeddedPostgresError when it is another's, or was there and is not."""
    note, run, name = folder / NOTE, RunFolder.of(home), os.path.realpath(folder)
    known = run.path / _KNOWN
    names = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    if not note.exists() and name in names:  # what is written to the empty place of a mount fills the shop's disk
        raise EmbeddedPostgresError(f"{note} is not there any more: is the disk? If it is, remove {known}.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _note_or_compare(folder, note, line)
    if name not in names:
        run.write(_KNOWN, "".join(f"{each}\n" for each in (*names, name)))


def _note_or_compare(folder: Path, note: Path, line: Line) -> None:
    if not note.exists():
        if any(folder.glob("*/backup.json")) or any(folder.glob("wal/*.gz*")):
            raise EmbeddedPostgresError(f"{folder} has backups but no {NOTE}: choose another folder.")
        write_text(note, json.dumps(asdict(line)))
        return
    try:
        found = Line(**json.loads(note.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise EmbeddedPostgresError(f"{note} cannot be read: {error}") from error
    if found != line:
        why = "this one was restored since" if found.system == line.system else f"the other's number is {found.system}"
        raise EmbeddedPostgresError(f"{folder} has backups of another database ({why}): choose another folder.")


def forget(data: Path) -> None:
    """Data that is being restored begins a line of its own."""
    (data / _MARK).unlink(missing_ok=True)
