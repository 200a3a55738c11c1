"""Whether a copy has what it is to have, read back."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from embedded_postgres.backup.repository import DESCRIPTION, described
from embedded_postgres.backup.sealing import sum_of
from embedded_postgres.backup.streamed import Mark, mark_of, read_status, stored_of
from embedded_postgres.backup.wal_names import end_of
from embedded_postgres.copying.kept import STATUS, WAL, File, backup_files, whole_segments
from embedded_postgres.copying.ownership import check_owner
from embedded_postgres.copying.place import Place


def verify(place: Place, origin: Path) -> list[str]:
    """Read all of the copy back: what is missing there of the folder's backups and of what the copy says is streamed,
    what differs, and what is wrong in backups that only the copy has. Raises EmbeddedPostgresError where the place
    does not answer, or has nothing of this database."""
    check_owner(place, origin)
    # What is here before the copy is listed; how far the copy says it reaches, too.
    files, segments, here = list(backup_files(origin)), whole_segments(origin), read_status(origin / "wal")
    reached, there = mark_of(place.read(STATUS) or b""), place.sizes()
    faults = []
    if not any(name.endswith(f"/{DESCRIPTION}") for name in there):
        faults.append(f"There is no backup in {place.shown}.")
    if here and not reached:
        faults.append(f"{STATUS} is missing in {place.shown}.")
    for file in files:
        faults += _faults(place, there, file.name, file.sum)
    for file in segments:
        if file.name in there or _is_due(file, reached):
            with suppress(FileNotFoundError):  # it was removed here meanwhile
                faults += _faults(place, there, file.name, sum_of(file.path))
    known = {file.name for file in files}
    return faults + list(_faults_of_its_own(place, there, known))


def _is_due(file: File, reached: Mark | None) -> bool:
    """What is whole here only since may be on its way: backup_status says for how long."""
    stored = stored_of(file.name.removeprefix(WAL))
    return bool(stored and reached and end_of(stored.segment) <= reached.lsn)


def _faults(place: Place, there: Mapping[str, int], name: str, expected: str) -> list[str]:
    if name not in there:
        return [f"{name} is missing in {place.shown}."]
    if place.sum_of(name) != expected:
        return [f"{name} was changed in {place.shown}."]
    return []


def _faults_of_its_own(place: Place, there: Mapping[str, int], known: set[str]) -> Iterator[str]:
    """Of backups that the folder has no more, by what describes them in the copy."""
    for name in sorted(there):
        folder, _, base = name.partition("/")
        if base != DESCRIPTION or name in known:
            continue
        try:
            backup = described(place.read(name) or b"", folder)
        except (ValueError, TypeError) as error:
            yield f"{name} cannot be read in {place.shown}: {error}."
            continue
        for file, expected in backup.sums.items():
            yield from _faults(place, there, f"{folder}/{file}", expected)
