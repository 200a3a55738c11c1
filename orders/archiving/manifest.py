"""What an archive of a month says of itself: `manifest.json`, written last."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from embedded_postgres.backup.sealing import SEALED, write_text
from orders.archiving.files import PACKED
from orders.partitioning.locked import PartitioningFailed

NAME = "manifest.json"
_FORMAT = 1


class NoArchive(PartitioningFailed):
    """A folder without a manifest, or with one that is not as it was written."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """`columns`: name and type. `sha256` is the file's, `content_sha256` that of the rows in it."""

    table: str
    file: str
    columns: list[list[str]]
    rows: int
    sha256: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`totals`: what the orders came to, by currency. `migrations`: the last of each app, for whoever looks for the
    version that wrote it."""

    month: str
    tables: list[TableFile]
    totals: dict[str, str]
    migrations: dict[str, str]
    format: int = _FORMAT

    @property
    def content_sum(self) -> str:
        """Of the rows alone: the same for each copy of them, however it is packed."""
        told = [[file.table, file.columns, file.rows, file.content_sha256] for file in self.tables]
        return hashlib.sha256(json.dumps([self.month, sorted(told)]).encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    # Its own sum beside it: a byte that changes in here would else change what is demanded of the files.
    write_text(folder / f"{NAME}.sha256", hashlib.sha256(text.encode()).hexdigest())
    write_text(folder / NAME, text)


def read_manifest(folder: Path, month: str) -> Manifest:
    """Raises NoArchive."""
    try:
        text = (folder / NAME).read_bytes()
        expected = (folder / f"{NAME}.sha256").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoArchive(f"{folder} has no archive: {error}") from error
    if hashlib.sha256(text).hexdigest() != expected:
        raise NoArchive(f"{folder / NAME} is not as it was written.")
    known = json.loads(text)
    if known["format"] != _FORMAT or known["month"] != month:
        raise NoArchive(f"{folder / NAME} is of {known['month']}, format {known['format']}.")
    manifest = Manifest(**{**known, "tables": [TableFile(**table) for table in known["tables"]]})
    tables = [file.table for file in manifest.tables]
    names_files = all(file.file in (file.table + PACKED, file.table + PACKED + SEALED) for file in manifest.tables)
    if len(tables) != len(set(tables)) or not names_files:
        raise NoArchive(f"{folder / NAME} names a table twice, or files that are not its own.")
    return manifest
