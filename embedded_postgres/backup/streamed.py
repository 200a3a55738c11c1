"""What was streamed, and up to when it reaches.

wal/<segment>[-<time>].gz[.age]   a whole segment; all that was committed before that time is in it or before it
wal/<segment>.partial.gz[.age]    the one that grows, written anew as it does
wal/status.json                   the last place that was sent on, and the time before which all was committed there
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from embedded_postgres.backup.sealing import write_text
from embedded_postgres.backup.wal_names import end_of, following, lsn_of

PARTIAL: Final = ".partial"
PACKED: Final = ".gz"
_STATUS: Final = "status.json"
_TIME: Final = "%Y%m%dT%H%M%S.%fZ"
_NAME: Final = re.compile(r"(?P<segment>[0-9A-F]{24})(?P<partial>\.partial)?(-(?P<at>[0-9T.]+Z))?\.gz(\.age)?")


@dataclass(frozen=True)
class Stored:
    """A segment as its file's name says. `at`: all that was committed before is in it, or before it; none: unknown."""

    segment: str
    is_partial: bool
    at: datetime | None


@dataclass(frozen=True)
class Mark:
    """All that was committed before the moment `at` is before the place `lsn`."""

    lsn: int
    at: datetime


@dataclass(frozen=True)
class Row:
    """Segments that go on from a backup without a gap, by name. `upto`: any moment until then can be restored.
    `missing`: the segment where there is a gap, "" if there is none."""

    segments: dict[str, Path]
    upto: datetime
    missing: str


def row_after(wal: Path, *, last_wal: str, ended: datetime) -> Row:
    """From the segment in which a backup ended on: what the backup has of that one may lack its last bytes."""
    whole, partial = _find(wal, timeline=last_wal[:8])
    row: dict[str, Path] = {}
    upto, name = ended, last_wal
    while name in whole:
        row[name], at = whole[name]
        upto = max(upto, at or upto)
        name = following(name)
    if name in partial:
        row[name] = partial[name]
    is_broken = any(other > name for other in (*whole, *partial))
    status = read_status(wal)
    if status and row and status.lsn <= end_of(max(row)):
        upto = max(upto, status.at)
    return Row(row, upto, name if is_broken else "")


def name_whole(segment: str, at: datetime | None) -> str:
    return f"{segment}-{at.astimezone(UTC).strftime(_TIME)}{PACKED}" if at else f"{segment}{PACKED}"


def stored_of(name: str) -> Stored | None:
    """None: it is no name of a segment."""
    found = _NAME.fullmatch(name)
    try:
        at = datetime.strptime(found["at"], _TIME).replace(tzinfo=UTC) if found and found["at"] else None
    except ValueError:
        return None
    return Stored(found["segment"], bool(found["partial"]), at) if found else None


def write_status(wal: Path, mark: Mark) -> None:
    lsn = f"{mark.lsn >> 32:X}/{mark.lsn & 0xFFFFFFFF:X}"
    write_text(wal / _STATUS, json.dumps({"lsn": lsn, "at": mark.at.astimezone(UTC).isoformat()}))


def read_status(wal: Path) -> Mark | None:
    """None: nothing was streamed, or the note is torn, which the next look of the stream mends."""
    try:
        return mark_of((wal / _STATUS).read_bytes())
    except FileNotFoundError:
        return None


def mark_of(note: bytes) -> Mark | None:
    """None: it is torn, or empty."""
    try:
        found = json.loads(note)
        return Mark(lsn_of(found["lsn"]), datetime.fromisoformat(found["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _find(wal: Path, *, timeline: str) -> tuple[dict[str, tuple[Path, datetime | None]], dict[str, Path]]:
    whole: dict[str, tuple[Path, datetime | None]] = {}
    partial: dict[str, Path] = {}
    for path in sorted(wal.glob(f"{timeline}*")):
        if not (found := stored_of(path.name)):
            continue
        if found.is_partial:
            partial[found.segment] = path
        else:
            whole[found.segment] = (path, found.at)
    return whole, partial
