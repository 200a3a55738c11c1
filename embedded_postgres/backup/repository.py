"""A folder of backups, and what is in it.

<folder>/<time>-full|incremental   base.tar.gz, pg_wal.tar.gz, files.tar.gz (each may be .age), backup_manifest,
                                   and backup.json, which is written last: without it there is no backup
<folder>/wal                       segments that were streamed meanwhile, gzip, each may be .age; the newest is .partial
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from embedded_postgres.backup.sealing import SEALED, sum_of
from embedded_postgres.errors import EmbeddedPostgresError

DESCRIPTION: Final = "backup.json"
MANIFEST: Final = "backup_manifest"
PARTIAL: Final = ".partial"
PACKED: Final = ".gz"


@dataclass(frozen=True)
class Backup:
    """`parent`: the backup that an incremental one goes on from. `began_at`, `ended_at`: UTC, RFC 3339. `first_wal`:
    the segment that restoring begins with. `system`: the cluster's own number. `sums`: SHA-256 of each stored file."""

    name: str
    parent: str
    began_at: str
    ended_at: str
    first_wal: str
    system: str
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
        """All that are complete, oldest first. Raises EmbeddedPostgresError for one that cannot be read."""
        found = [self._read(path) for path in self.folder.glob(f"*/{DESCRIPTION}")]
        return sorted(found, key=lambda backup: backup.ended_at)

    def describe(self, backup: Backup, folder: Path) -> None:
        (folder / DESCRIPTION).write_text(json.dumps(asdict(backup), indent=1), encoding="utf-8")

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

    def segments(self, first: str) -> dict[str, Path]:
        """Streamed WAL by segment, from `first` on; a partial one only where it is not complete as well."""
        found: dict[str, Path] = {}
        for path in sorted(self.wal.glob("*")):
            name = path.name.removesuffix(SEALED).removesuffix(PACKED)
            segment = name.removesuffix(PARTIAL)
            if len(segment) == 24 and segment >= first and (name == segment or segment not in found):
                found[segment] = path
        return found

    def _read(self, path: Path) -> Backup:
        try:
            return Backup(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise EmbeddedPostgresError(f"{path} cannot be read: {error}") from error


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def missing_between(names: Sequence[str]) -> str:
    """The first segment that is missing in a row of them of one timeline, "" if none is."""
    for before, after in pairwise(names):
        if before[:8] == after[:8] and _number(after) - _number(before) > 1:
            return _name_of(before[:8], _number(before) + 1)
    return ""


_PER_LOG: Final = 256  # segments of 16 MB in one log number


def _number(name: str) -> int:
    return int(name[8:16], 16) * _PER_LOG + int(name[16:], 16)


def _name_of(timeline: str, number: int) -> str:
    return f"{timeline}{number // _PER_LOG:08X}{number % _PER_LOG:08X}"
