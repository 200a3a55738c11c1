"""How far a copy is behind the folder that it is of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from embedded_postgres.backup.repository import DESCRIPTION
from embedded_postgres.backup.streamed import Mark, mark_of, read_status
from embedded_postgres.copying.kept import STATUS, WAL, File, backup_files, whole_segments
from embedded_postgres.copying.ownership import check_owner
from embedded_postgres.copying.place import Place


@dataclass(frozen=True)
class Behind:
    """`files`, `size`: what is missing. `seconds`: for how long the first of it is there to be copied, or by how much
    the stream is behind; `stream_seconds`: the stream alone. `upto`: all that was committed until then is there; none:
    nothing was streamed. `others`: files that have another size there. `sending`: what is missing of backups is on its
    way."""

    files: int
    size: int
    seconds: float
    stream_seconds: float
    upto: datetime | None
    others: list[str]
    sending: bool

    @property
    def late_seconds(self) -> float:
        """A backup takes its time, which is no fault while the stream is copied."""
        return self.stream_seconds if self.sending else self.seconds


def behind(place: Place, origin: Path, *, is_sending: bool = False) -> Behind:
    """Raises EmbeddedPostgresError when the place does not answer, or has another database's backups."""
    check_owner(place, origin)
    reached = read_status(origin / "wal")
    there, found = place.sizes(), mark_of(place.read(STATUS) or b"")
    files = [(file, file.path.stat().st_size) for file in (*backup_files(origin), *whole_segments(origin))]
    missing = [(file, size) for file, size in files if file.name not in there]
    waited = [_waited(file) for file, _ in missing]
    of_stream = [seconds for (file, _), seconds in zip(missing, waited, strict=True) if file.name.startswith(WAL)]
    return Behind(
        files=len(missing),
        size=sum(size for _, size in missing),
        seconds=max(0.0, _lag(reached, found), *waited),
        stream_seconds=max(0.0, _lag(reached, found), *of_stream),
        upto=found.at if found else None,
        others=[file.name for file, size in files if there.get(file.name, size) != size],
        sending=is_sending and len(of_stream) < len(missing),
    )


def _waited(file: File) -> float:
    """A backup is there to be copied since it has its description: some of its files are hours older."""
    path = file.path if file.name.startswith(WAL) else file.path.with_name(DESCRIPTION)
    return datetime.now(UTC).timestamp() - path.stat().st_mtime


def _lag(reached: Mark | None, found: Mark | None) -> float:
    if reached is None:
        return 0.0
    # Nothing there yet: as old as the note here, at least.
    return (reached.at - found.at if found else datetime.now(UTC) - reached.at).total_seconds()
