"""How far a copy is behind the folder that it is of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from embedded_postgres.backup.streamed import Mark, mark_of, read_status
from embedded_postgres.copying.kept import STATUS, backup_files, whole_segments
from embedded_postgres.copying.ownership import check_owner
from embedded_postgres.copying.place import Place


@dataclass(frozen=True)
class Behind:
    """`files`, `size`: what is missing. `seconds`: for how long the first of it is there to be copied, or by how much
    the stream is behind. `upto`: all that was committed until then is there; none: nothing was streamed. `others`:
    files that have another size there."""

    files: int
    size: int
    seconds: float
    upto: datetime | None
    others: list[str]


def behind(place: Place, origin: Path) -> Behind:
    """Raises EmbeddedPostgresError when the place does not answer, or has another database's backups."""
    check_owner(place, origin)
    reached = read_status(origin / "wal")
    there, found = place.sizes(), mark_of(place.read(STATUS) or b"")
    files = [(file, file.path.stat()) for file in (*backup_files(origin), *whole_segments(origin))]
    missing = [stat for file, stat in files if file.name not in there]
    waited = [datetime.now(UTC).timestamp() - stat.st_mtime for stat in missing]
    return Behind(
        len(missing),
        sum(stat.st_size for stat in missing),
        max(0.0, _lag(reached, found), *waited),
        found.at if found else None,
        [file.name for file, stat in files if there.get(file.name, stat.st_size) != stat.st_size],
    )


def _lag(reached: Mark | None, found: Mark | None) -> float:
    if reached is None:
        return 0.0
    # Nothing there yet: as old as the note here, at least.
    return (reached.at - found.at if found else datetime.now(UTC) - reached.at).total_seconds()
