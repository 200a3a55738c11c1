"""From a copy that is no folder, what a restore needs of it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from embedded_postgres.backup.repository import DESCRIPTION, MANIFEST, Repository
from embedded_postgres.backup.restoring import identities_for, try_key
from embedded_postgres.backup.streamed import PARTIAL
from embedded_postgres.copying.kept import STATUS, WAL
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
    repository, names = Repository(folder), place.sizes()
    _fetch(place, folder, [name for name in names if name.endswith(f"/{DESCRIPTION}")])
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
    _fetch_stream(place, folder, chain[-1].last_wal)
    return folder


def _fetch_stream(place: Place, folder: Path, first: str) -> None:
    """As it is copied: how far it reaches is read first, and counts when all of it was fetched."""
    for _ in range(_TRIES):
        reached = place.read(STATUS)
        names = [name for name in place.sizes() if name[len(WAL) :][:8] == first[:8] and name[len(WAL) :] >= first]
        if _fetch(place, folder, [name for name in names if name.startswith(WAL) and _is_wanted(folder, name)]):
            if reached:
                (folder / STATUS).write_bytes(reached)
            return
    raise EmbeddedPostgresError(f"What is streamed to {place.shown} changes faster than it is fetched: try again.")


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
