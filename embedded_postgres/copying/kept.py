"""What is to be in a copy: the backups of a folder, then what was streamed beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embedded_postgres.backup.repository import DESCRIPTION, Repository
from embedded_postgres.backup.sealing import sum_of
from embedded_postgres.backup.streamed import PARTIAL, stored_of

WAL: Final = "wal/"
STATUS: Final = "wal/status.json"


@dataclass(frozen=True)
class File:
    """A file that is never changed. `sum`: SHA-256, "" where nobody has written it down."""

    name: str
    path: Path
    sum: str


def backup_files(folder: Path) -> Iterator[File]:
    """Of each backup what goes on from none, or from what came before; and what describes it, by which it counts, at
    its end."""
    repository = Repository(folder)
    for backup in repository.backups():
        where = repository.path_of(backup)
        for name, expected in sorted(backup.sums.items()):
            yield File(f"{backup.name}/{name}", where / name, expected)
        yield File(f"{backup.name}/{DESCRIPTION}", where / DESCRIPTION, sum_of(where / DESCRIPTION))


def whole_segments(folder: Path) -> list[File]:
    return [File(f"{WAL}{path.name}", path, "") for path in _segments(folder) if PARTIAL not in path.name]


def growing_segments(folder: Path) -> list[File]:
    """These are written anew again and again."""
    return [File(f"{WAL}{path.name}", path, "") for path in _segments(folder) if PARTIAL in path.name]


def overtaken(names: set[str]) -> list[str]:
    """What grew once, where the whole of it is there, too."""
    whole = {name[len(WAL) :][:24] for name in names if name.startswith(WAL) and PARTIAL not in name}
    return [name for name in names if PARTIAL in name and name[len(WAL) :][:24] in whole]


def _segments(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "wal").glob("*") if stored_of(path.name))
