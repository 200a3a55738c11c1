"""What PostgreSQL's backup_manifest says of each file of a copy, compared with what is there.

Its own pg_verifybackup does this, too, but crashes as the wheel brings it.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from embedded_postgres.backup.wal_names import lsn_of, segment_before
from embedded_postgres.errors import EmbeddedPostgresError

# Which sums pg_basebackup is told to write: a CRC tells of bad disks, this of bad people as well.
CHECKSUMS = "SHA256"


def verify_archive(archive: Path, manifest: Path) -> None:
    """The files in a tar, without unpacking it. Raises EmbeddedPostgresError naming what is missing or another."""
    with tarfile.open(archive) as opened:
        found = {
            member.name.removeprefix("./"): _sum_of(file)
            for member in opened
            if member.isfile() and (file := opened.extractfile(member)) is not None
        }
    _compare(found, manifest, archive)


def verify_folder(folder: Path, manifest: Path) -> None:
    """The same for an unpacked copy."""
    found = {}
    for name, _ in _expected(manifest):
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                found[name] = _sum_of(file)
    _compare(found, manifest, folder)


def last_segment(manifest: Path) -> str:
    """The segment of write-ahead log in which the copy ended."""
    last = json.loads(manifest.read_text(encoding="utf-8"))["WAL-Ranges"][-1]
    return segment_before(last["Timeline"], lsn_of(last["End-LSN"]))


def _compare(found: dict[str, str], manifest: Path, where: Path) -> None:
    wrong = [name for name, expected in _expected(manifest) if found.get(name) != expected]
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise EmbeddedPostgresError(f"{where} is not what was copied: {', '.join(wrong[:5])}{more}.")


def _expected(manifest: Path) -> Iterator[tuple[str, str]]:
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    for file in content["Files"]:
        name = (
            file["Path"] if "Path" in file else bytes.fromhex(file["Encoded-Path"]).decode("utf-8", "surrogateescape")
        )
        yield name, file["Checksum"]


def _sum_of(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
