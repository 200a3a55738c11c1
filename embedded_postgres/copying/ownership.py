"""Whose backups a copy has: of the same line as the folder that is copied (backup/line.py)."""

import json
from pathlib import Path

from embedded_postgres.backup.line import NOTE
from embedded_postgres.copying.place import Place
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.places import RunFolder

_KNOWN = "backup_copies"


def claim(place: Place, origin: Path, *, home: Path) -> None:
    """Have the copy be this line's. Raises EmbeddedPostgresError when it is another's, or was there and is not."""
    run = RunFolder.of(home)
    known = run.path / _KNOWN
    names = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    own, found = _own(origin), place.read(NOTE)
    if found is None:
        if place.shown in names:
            raise EmbeddedPostgresError(
                f"{place.shown} was used and has no {NOTE} any more: is the disk? If it is, remove {known}."
            )
        if any(name.startswith("wal/") or name.endswith("/backup.json") for name in place.sizes()):
            raise EmbeddedPostgresError(f"{place.shown} has backups but no {NOTE}: choose another place.")
        place.put_bytes(NOTE, own)
    else:
        _compare(found, own, place)
    if place.shown not in names:
        run.write(_KNOWN, "".join(f"{each}\n" for each in (*names, place.shown)))


def check_owner(place: Place, origin: Path) -> None:
    """Raises EmbeddedPostgresError where `claim` would have to, or nothing is there yet."""
    found = place.read(NOTE)
    if found is None:
        raise EmbeddedPostgresError(f"{place.shown} has no {NOTE}: nothing was copied there, or its disk is away.")
    _compare(found, _own(origin), place)


def _own(origin: Path) -> bytes:
    try:
        return (origin / NOTE).read_bytes()
    except FileNotFoundError:
        raise EmbeddedPostgresError(f"{origin} has no {NOTE}: there is nothing to copy, or its disk is away.") from None


def _compare(found: bytes, own: bytes, place: Place) -> None:
    try:
        is_own = json.loads(found) == json.loads(own)
    except ValueError as error:
        raise EmbeddedPostgresError(f"{NOTE} of {place.shown} cannot be read: {error}") from error
    if not is_own:
        raise EmbeddedPostgresError(f"{place.shown} has backups of another database: choose another place.")
