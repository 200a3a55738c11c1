"""A folder of backups, and what is in it.

<folder>/line.json                 which database they are of (line.py)
<folder>/<time>-full|incremental   base.tar.gz, pg_wal.tar.gz, files.tar.gz (each may be .age), backup_manifest,
                                   and backup.json, which is written last: without it there is no backup
<folder>/wal                       what was streamed meanwhile (streamed.py)
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from embedded_postgres.backup.sealing import SEALED, sum_of, write_text
from embedded_postgres.backup.streamed import Row, row_after
from embedded_postgres.errors import EmbeddedPostgresError

DESCRIPTION: Final = "backup.json"
MANIFEST: Final = "backup_manifest"
BACKUP_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{12}Z-(full|incremental)")
_STORED: Final = re.compile(rf"((base|pg_wal|files)\.tar\.gz(\.age)?|{MANIFEST})")
_STORED_FILES: Final = 4
_SUM: Final = re.compile(r"[0-9a-f]{64}")
_SEGMENT: Final = re.compile(r"[0-9A-F]{24}")


@dataclass(frozen=True)
class Backup:
    """`parent`: the backup that an incremental one goes on from. `began_at`, `ended_at`: UTC, RFC 3339. `last_wal`:
    the segment in which it ends. `sums`: SHA-256 of each stored file."""

    name: str
    parent: str
    began_at: str
    ended_at: str
    last_wal: str
    sums: dict[str, str]

    @property
    def is_full(self) -> bool:
        return not self.parent

    @property
    def ended(self) -> datetime:
        return datetime.fromisoformat(self.ended_at)


@dataclass(frozen=True)
class Repository:
    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    def path_of(self, backup: Backup) -> Path:
        return self.folder / backup.name

    def backups(self) -> list[Backup]:
        """All that are complete, oldest first; what cannot be read is not among them."""
        return self._read()[0]

    def faults(self) -> list[str]:
        """What cannot be read, and why."""
        return self._read()[1]

    def row_after(self, backup: Backup) -> Row:
        """What was streamed after it."""
        return row_after(self.wal, last_wal=backup.last_wal, ended=backup.ended)

    def describe(self, backup: Backup, folder: Path) -> None:
        write_text(folder / DESCRIPTION, json.dumps(asdict(backup), indent=1))

    def chain_to(self, at: datetime | None) -> list[Backup]:
        """What is needed to come to that moment (none: to the end): a full backup and what goes on from it, oldest
        first. Raises EmbeddedPostgresError when there is none so old, or one of them is missing."""
        every = self.backups()
        if not every:
            raise EmbeddedPostgresError(f"There is no backup in {self.folder}.")
        early = [backup for backup in every if at is None or backup.ended <= at]
        if not early:
            raise EmbeddedPostgresError(
                f"The first backup in {self.folder} ended at {every[0].ended_at}, later than that."
            )
        known = {backup.name: backup for backup in every}
        chain = [early[-1]]
        while chain[0].parent:
            if chain[0].parent not in known:
                raise EmbeddedPostgresError(f"{chain[0].name} goes on from {chain[0].parent}, which is missing.")
            chain.insert(0, known[chain[0].parent])
        return chain

    def check(self, chain: Sequence[Backup]) -> None:
        """Compare every stored file with its sum. Raises EmbeddedPostgresError naming what is missing or changed."""
        faults = []
        for backup in chain:
            for name, expected in backup.sums.items():
                path = self.path_of(backup) / name
                if not path.is_file():
                    faults.append(f"{path} is missing")
                elif sum_of(path) != expected:
                    faults.append(f"{path} was changed since it was written")
        if faults:
            raise EmbeddedPostgresError("; ".join(faults) + ".")

    def _read(self) -> tuple[list[Backup], list[str]]:
        found, faults = [], []
        for path in sorted(self.folder.glob(f"[0-9]*/{DESCRIPTION}")):
            try:
                found.append(described(path.read_bytes(), path.parent.name))
            except (ValueError, TypeError) as error:
                faults.append(f"{path} cannot be read: {error}")
        return sorted(found, key=lambda backup: backup.ended_at), faults


def described(text: bytes, folder: str) -> Backup:
    """What describes the backup in the folder of that name. Raises ValueError, TypeError for what Kontor would not
    have written: whoever can write where backups are chooses none of the paths that a restore writes to."""
    backup = Backup(**json.loads(text))
    texts = (backup.name, backup.parent, backup.began_at, backup.ended_at, backup.last_wal)
    if not all(isinstance(each, str) for each in texts) or not isinstance(backup.sums, dict):
        raise TypeError("it has values of another kind")
    if backup.name != folder or not BACKUP_NAME.fullmatch(folder):
        raise ValueError(f"it is named {backup.name!r}")
    if backup.parent and not BACKUP_NAME.fullmatch(backup.parent):
        raise ValueError(f"it goes on from {backup.parent!r}")
    if not _SEGMENT.fullmatch(backup.last_wal) or backup.ended.tzinfo is None:
        raise ValueError(f"it ended in {backup.last_wal!r} at {backup.ended_at!r}")
    for name, expected in backup.sums.items():
        if not _STORED.fullmatch(name) or not _SUM.fullmatch(str(expected)):
            raise ValueError(f"it has a file {name!r} of the sum {expected!r}")
    if len({name.removesuffix(SEALED) for name in backup.sums}) < _STORED_FILES:
        raise ValueError("files are missing in it")
    return backup


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
