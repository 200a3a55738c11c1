"""Making a backup of a running embedded server, and of the files beside it."""

import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import psycopg

from embedded_postgres.backup.manifest import CHECKSUMS, verify_archive
from embedded_postgres.backup.repository import MANIFEST, Backup, Repository, now_text
from embedded_postgres.backup.sealing import check_recipient, seal
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.lifecycle import bin_dir, ensure_running
from embedded_postgres.server.configuration import clean_environment
from embedded_postgres.server.roles import DATABASE_USER, SUPERUSER

Kind = Literal["full", "incremental"]
SLOT: Final = "kontor_backup"
_FIRST_WAL: Final = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")
_DRAFT: Final = ".making-"


def take_backup(home: Path, folder: Path, *, kind: Kind | None, recipient: str, beside: Sequence[str]) -> Backup:
    """Copy the database and `beside` (names of files and folders in `home`) to a new backup in `folder`; what was made.

    `kind` unset: incremental where there is a backup to go on from. `recipient`: of age; "": as it is. While it is
    made orders are placed as ever. Verified before it counts. Raises EmbeddedPostgresError, and then nothing is left.
    """
    check_recipient(recipient)
    repository = Repository(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(left)
    url = superuser_url(home)
    system = prepare_server(url)
    last = _last_of(repository, system)
    kind = kind or ("incremental" if last else "full")
    if kind == "incremental" and last is None:
        raise EmbeddedPostgresError(f"There is no backup in {folder} to go on from: begin with --full.")
    began_at, stamp = now_text(), datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
    try:
        parent = last.name if last and kind == "incremental" else ""
        _copy_database(home, url, draft, manifest=folder / parent / MANIFEST if parent else None)
        first_wal = _first_wal(draft / "base.tar.gz")
        _pack(home, beside, draft / "files.tar.gz")
        sums = _seal_all(draft, recipient)
        backup = Backup(f"{stamp}-{kind}", parent, began_at, now_text(), first_wal, system, sums)
        repository.describe(backup, draft)
        draft.rename(repository.path_of(backup))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return backup


def superuser_url(home: Path) -> str:
    return ensure_running(home).replace(f"//{DATABASE_USER}@", f"//{SUPERUSER}@")


def prepare_server(url: str) -> str:
    """Have the server note what changes, which incremental backups go by; the cluster's own number."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("ALTER SYSTEM SET summarize_wal = on")
        link.execute("SELECT pg_reload_conf()")
        ((system,),) = link.execute("SELECT system_identifier::text FROM pg_control_system()").fetchall()
    return str(system)


def _last_of(repository: Repository, system: str) -> Backup | None:
    """Raises EmbeddedPostgresError when the folder is another database's."""
    backups = repository.backups()
    if backups and backups[-1].system != system:
        raise EmbeddedPostgresError(f"{repository.folder} has backups of another database: choose another folder.")
    return backups[-1] if backups else None


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


def _first_wal(base: Path) -> str:
    with tarfile.open(base) as archive:
        for member in archive:  # it is among the first
            if member.name in ("backup_label", "./backup_label") and (label := archive.extractfile(member)):
                found = _FIRST_WAL.search(label.read().decode())
                if found:
                    return found[1]
    raise EmbeddedPostgresError(f"{base} does not say where it begins.")


def _pack(home: Path, names: Sequence[str], target: Path) -> None:
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for name in names:
            if (home / name).exists():
                archive.add(home / name, arcname=name)


def _seal_all(draft: Path, recipient: str) -> dict[str, str]:
    sums = {}
    for path in sorted(draft.glob("*.gz")):
        with path.open("rb") as source:
            final, digest = seal(source, path, recipient)
        if final != path:
            path.unlink()
        sums[final.name] = digest
    with (draft / MANIFEST).open("rb") as source:  # names and sums of the server's files: nobody's data
        _, sums[MANIFEST] = seal(source, draft / MANIFEST, "")
    return sums
