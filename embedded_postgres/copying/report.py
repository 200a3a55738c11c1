"""What backups there are, whether they are whole, up to when one can go, and how the second copy is: for who asks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from embedded_postgres.backup.repository import Backup, Repository
from embedded_postgres.backup.streamed import read_status
from embedded_postgres.copying.behind import Behind, behind
from embedded_postgres.copying.note import read_pass
from embedded_postgres.copying.place import Place
from embedded_postgres.errors import EmbeddedPostgresError

SILENCE: Final = timedelta(minutes=1)  # stream and copy give a sign of life several times as often


@dataclass(frozen=True)
class Kept:
    name: str
    ended_at: datetime
    size: int


@dataclass(frozen=True)
class Copy:
    place: str
    behind: Behind | None  # None: it could not be asked


@dataclass
class Report:
    """`upto`: any moment from `since` to then, but what is in `gaps`. `faults`: what is to be acted on, in words."""

    folder: str
    backups: list[Kept] = field(default_factory=list)
    since: datetime | None = None
    upto: datetime | None = None
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list)
    copy: Copy | None = None
    faults: list[str] = field(default_factory=list)


def report_on(folder: Path, *, is_streamed: bool, copy: Place | None, home: Path) -> Report:
    """Reads every file of the backups. `home`: of the shop, which notes there how copying goes."""
    repository, report = Repository(folder), Report(str(folder))
    backups = repository.backups()
    report.faults += repository.faults()
    for backup in backups:
        size = sum(path.stat().st_size for path in repository.path_of(backup).iterdir())
        report.backups.append(Kept(backup.name, backup.ended, size))
        report.faults += _faults_of(repository, backup)
    if backups:
        _find_reach(repository, backups, report)
    else:
        report.faults.append(f"There is no backup in {folder}.")
    if is_streamed:
        report.faults += _silence_of_the_stream(repository)
    if copy:
        _ask_copy(copy, folder, report, is_sending=_is_sending(home))
    return report


def _faults_of(repository: Repository, backup: Backup) -> list[str]:
    try:
        repository.check([backup])
        repository.chain_to(backup.ended)
    except EmbeddedPostgresError as error:
        return [str(error)]
    return []


def _find_reach(repository: Repository, backups: list[Backup], report: Report) -> None:
    """Since when and up to when one can go, and between which moments not; a gap that no backup has mended."""
    rows = [repository.row_after(backup) for backup in backups]
    report.since, report.upto = backups[0].ended, rows[-1].upto
    for row, later in zip(rows, backups[1:], strict=False):
        if row.upto < later.ended and later.last_wal not in row.segments:
            report.gaps.append((row.upto, later.ended))
    if missing := rows[-1].missing:
        report.faults.append(f"The segment {missing} is missing in {repository.wal}: make a backup.")


def _silence_of_the_stream(repository: Repository) -> list[str]:
    """BACKUP_DIR is streamed to while Kontor runs."""
    status = read_status(repository.wal)
    if status is None:
        return [f"Nothing was streamed to {repository.wal}: is Kontor running?"]
    if datetime.now(UTC) - status.at > SILENCE:
        return [f"The stream is silent since {status.at.isoformat(timespec='seconds')}: is Kontor running?"]
    return []


def _is_sending(home: Path) -> bool:
    """Whether a backup is on its way, and nothing was wrong with it."""
    last = read_pass(home)
    is_recent = last and last.streamed_at and datetime.now(UTC) - last.streamed_at <= SILENCE
    return bool(last and is_recent and last.sending and not last.fault)


def _ask_copy(place: Place, origin: Path, report: Report, *, is_sending: bool) -> None:
    try:
        found = behind(place, origin, is_sending=is_sending)
    except (EmbeddedPostgresError, OSError) as error:
        report.copy = Copy(place.shown, None)
        report.faults.append(str(error))
        return
    report.copy = Copy(place.shown, found)
    report.faults += [f"{name} is another one in {place.shown}: remove the one that is wrong." for name in found.others]
    if found.late_seconds > SILENCE.total_seconds():
        report.faults.append(f"The copy in {place.shown} is {found.late_seconds:.0f} s behind: manage.py backup_copy.")
