"""Making a backup of a running embedded server, and of the files beside it."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import psycopg

from embedded_postgres.backup.line import claim, line_of
from embedded_postgres.backup.manifest import CHECKSUMS, last_segment, verify_archive
from embedded_postgres.backup.repository import MANIFEST, Backup, Repository, now_text
from embedded_postgres.backup.sealing import check_recipient, seal, sync_folder
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.locks import open_lock, try_lock
from embedded_postgres.home.places import RunFolder
from embedded_postgres.lifecycle import bin_dir, ensure_running
from embedded_postgres.server.configuration import clean_environment
from embedded_postgres.server.roles import DATABASE_USER, SUPERUSER

Kind = Literal["full", "incremental"]
_DRAFT: Final = ".making-"


def take_backup(home: Path, folder: Path, *, kind: Kind | None, recipient: str, beside: Sequence[str]) -> Backup:
    """Copy the database and `beside` (names of files and folders in `home`) to a new backup in `folder`; what was made.

    `kind` unset: incremental where there is a backup to go on from. `recipient`: of age; "": as it is. While it is
    made orders are placed as ever. Verified before it counts. Raises EmbeddedPostgresError, and then nothing is left.
    Locks: run/backup.lock of the home.
    """
    check_recipient(recipient)
    home = Path(os.path.realpath(home))
    url, run = superuser_url(home), RunFolder.of(home).path
    with _alone(run), psycopg.connect(url, autocommit=True) as link:
        claim(folder, line_of(home, link), home=home)
        _note_changes(link)
        for left in (*folder.glob(f"{_DRAFT}*"), *run.glob(f"{_DRAFT}*")):
            shutil.rmtree(left)
        repository = Repository(folder)
        last = next(iter(reversed(repository.backups())), None)
        kind = kind or ("incremental" if last else "full")
        if kind == "incremental" and last is None:
            raise EmbeddedPostgresError(f"There is no backup in {folder} to go on from: begin with --full.")
        # What nobody may read is not written where it is kept before it is sealed.
        with _drafts(folder, run if recipient else folder) as (draft, plain):
            began_at, stamp = now_text(), datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            parent = last.name if last and kind == "incremental" else ""
            _copy_database(home, url, plain, manifest=folder / parent / MANIFEST if parent else None)
            pack(home, beside, plain / "files.tar.gz")
            last_wal = last_segment(plain / MANIFEST)
            sums = _seal_all(plain, draft, recipient)
            backup = Backup(f"{stamp}-{kind}", parent, began_at, now_text(), last_wal, sums)
            repository.describe(backup, draft)
            draft.rename(repository.path_of(backup))
            sync_folder(folder)
    return backup


@contextmanager
def _alone(run: Path) -> Iterator[None]:
    lock = open_lock(run / "backup.lock")
    try:
        if not try_lock(lock):
            raise EmbeddedPostgresError("Another backup of this database is being made.")
        yield
    finally:
        os.close(lock)


@contextmanager
def _drafts(folder: Path, hidden: Path) -> Iterator[tuple[Path, Path]]:
    """Where the backup grows, and where it does so unsealed; neither is there afterwards."""
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
    plain = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=hidden))
    try:
        yield draft, plain
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(plain, ignore_errors=True)


def superuser_url(home: Path) -> str:
    return ensure_running(home).replace(f"//{DATABASE_USER}@", f"//{SUPERUSER}@")


def _note_changes(link: psycopg.Connection) -> None:
    """Have the server note what changes, which incremental backups go by."""
    link.execute("ALTER SYSTEM SET summarize_wal = on")
    link.execute("SELECT pg_reload_conf()")


def _copy_database(home: Path, url: str, draft: Path, *, manifest: Path | None) -> None:
    goes_on = [f"--incremental={manifest}"] if manifest else []
    programs = bin_dir(home)
    run_program(
        "copying the database",
        programs / "pg_basebackup",
        *("--dbname", url, "--pgdata", str(draft), "--format=tar", "--gzip", "--compress=gzip:1"),
        *("--wal-method=stream", "--checkpoint=fast", f"--manifest-checksums={CHECKSUMS}", "--no-password", *goes_on),
    )
    verify_archive(draft / "base.tar.gz", draft / MANIFEST)


def run_program(doing: str, *command: object) -> str:
    """What it printed. Raises EmbeddedPostgresError with its words."""
    done = subprocess.run(  # noqa: S603 - our own programs
        [str(part) for part in command], env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EmbeddedPostgresError(f"Failed while {doing}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def pack(home: Path, names: Sequence[str], target: Path) -> None:
    """Those of these files and folders that are there, without what is removed while this goes through them."""
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for name in names:
            for path in (home / name, *sorted((home / name).rglob("*"))):
                with suppress(FileNotFoundError):
                    archive.add(path, arcname=path.relative_to(home), recursive=False)


def _seal_all(plain: Path, draft: Path, recipient: str) -> dict[str, str]:
    sums = {}
    for path in sorted(plain.glob("*.gz")):
        with path.open("rb") as source:
            final, digest = seal(source, draft / path.name, recipient)
        sums[final.name] = digest
        path.unlink()
    with (plain / MANIFEST).open("rb") as source:  # names and sums of the server's files: nobody's data
        _, sums[MANIFEST] = seal(source, draft / MANIFEST, "")
    return sums
