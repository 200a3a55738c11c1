"""Where a second copy of the backups is: a folder of another disk, or a bucket. Names are as in the folder of backups,
with a slash: wal/status.json."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from embedded_postgres.errors import EmbeddedPostgresError

Meanwhile = Callable[[], None]

# Read at once, and what lies between two looks at what else is to be done.
PIECE: Final = 16 << 20


class Changed(EmbeddedPostgresError):
    """A file is not what was written."""


class Place(Protocol):
    """All of them raise EmbeddedPostgresError naming the place when it does not answer, refuses or is full, and never
    say a secret. What is put is there whole, or as it was before."""

    shown: str  # as people call it

    def sizes(self) -> Mapping[str, int]:
        """Bytes of all that is there, by name."""

    def read(self, name: str) -> bytes | None:
        """Of a small file; None: it is not there."""

    def put_bytes(self, name: str, data: bytes) -> None: ...

    def put_file(self, name: str, source: Path, *, expected: str, meanwhile: Meanwhile) -> None:
        """With this SHA-256, or not at all. `meanwhile` is called now and then: it may take hours."""

    def fetch(self, name: str, target: Path) -> bool:
        """Write it as `target`, whose bytes are those that were put; whether it is there."""

    def sum_of(self, name: str) -> str:
        """SHA-256 of what is read back."""

    def remove(self, name: str) -> bool:
        """False: nothing may be removed there."""


def place_of(options: Mapping[str, str]) -> Place:
    """As config.environment.backup_copy reads BACKUP_COPY."""
    if "folder" in options:
        from embedded_postgres.copying.folder import FolderPlace

        return FolderPlace(Path(options["folder"]))
    from embedded_postgres.copying.storage import StoragePlace

    return StoragePlace(options)
