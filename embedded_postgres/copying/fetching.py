"""From a copy that is no folder, what a restore needs of it."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from embedded_postgres.backup.repository import BACKUP_NAME, DESCRIPTION, MANIFEST, Repository
from embedded_postgres.backup.restoring import identities_for, try_key
from embedded_postgres.backup.streamed import PARTIAL, stored_of
from embedded_postgres.copying.kept import STATUS, WAL, overtaken
from embedded_postgres.copying.place import Place
from embedded_postgres.errors import EmbeddedPostgresError

_TRIES: Final = 5


@contextmanager
def fetched(place: Place, home: Path, *, at: datetime | None, identity: Path | None) -> Iterator[Path]:
    """A folder beside the new home with what is needed to come to that moment; it is gone after the block. A wrong key
    shows before anything large is fetched. Raises EmbeddedPostgresError, in which that folder has the copy's name."""
    home.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{home.name}-fetched-", dir=home.parent))
    try:
        yield _fetch_needed(place, folder, at=at, identity=identity)
    except EmbeddedPostgresError as error:
        raise EmbeddedPostgresError(str(error).replace(f"{folder}", place.shown.rstrip("/"))) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fetch_needed(place: Place, folder: Path, *, at: datetime | None, identity: Path | None) -> Path:
    repository, names = Repository(folder), _listed(place)
    _fetch(place, folder, [name for name in names if _is_description(name)])
    if faults := repository.faults():
        raise EmbeddedPostgresError(f"{' '.join(faults)} Nothing was restored: remove it from there first.")
    chain = repository.chain_to(at)
    identities = identities_for(chain, identity)
    stored = [f"{backup.name}/{name}" for backup in chain for name in backup.sums]
    smallest = min(
        (name for name in stored if name.startswith(chain[-1].name) and not name.endswith(MANIFEST)),
        key=lambda name: names.get(name, 0),
    )
    if _fetch(place, folder, [smallest]):
        try_key(folder / smallest, identities)
    _fetch(place, folder, [name for name in stored if name != smallest])
    _fetch_stream(place, folder, chain[-1].last_wal, at)
    return folder


def _listed(place: Place) -> Mapping[str, int]:
    """A bucket says what is in it, and is not to say where else a restore writes: of its names only those are used that
    Kontor gives, and one that leads elsewhere is no accident. Raises EmbeddedPostgresError naming it."""
    names = place.sizes()
    for name in names:
        if ".." in name.split("/") or name.startswith("/"):
            raise EmbeddedPostgresError(f"{place.shown} has {name!r}, which is none of Kontor's: nothing was restored.")
    return names


def _is_description(name: str) -> bool:
    folder, _, base = name.partition("/")
    return base == DESCRIPTION and bool(BACKUP_NAME.fullmatch(folder))


def _fetch_stream(place: Place, folder: Path, first: str, at: datetime | None) -> None:
    """As it is copied: how far it reaches is read first, and counts when all of it was fetched."""
    for _ in range(_TRIES):
        reached = place.read(STATUS)
        names = _needed_segments(set(_listed(place)), first, at)
        if _fetch(place, folder, [name for name in names if _is_wanted(folder, name)]):
            if reached:
                (folder / STATUS).write_bytes(reached)
            return
    raise EmbeddedPostgresError(f"What is streamed to {place.shown} changes faster than it is fetched: try again.")


def _needed_segments(names: set[str], first: str, at: datetime | None) -> list[str]:
    """From that segment on, to the first one that says that all before `at` is in it or before it."""
    found = []
    for name in sorted(names - set(overtaken(names))):
        stored = stored_of(name.removeprefix(WAL)) if name.startswith(WAL) else None
        if stored is None or stored.segment < first or stored.segment[:8] != first[:8]:
            continue
        found.append(name)
        if at and stored.at and stored.at >= at:
            break
    return found


def _is_wanted(folder: Path, name: str) -> bool:
    """What grows is another one the next time."""
    return PARTIAL in name or not (folder / name).exists()


def _fetch(place: Place, folder: Path, names: list[str]) -> bool:
    """Whether all were there. What is missing is named by who reads the folder."""
    are_there = []
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        are_there.append(place.fetch(name, folder / name))
    return all(are_there)
