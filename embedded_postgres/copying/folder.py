"""A second copy in a folder, of another disk or of another machine."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from embedded_postgres.backup.line import NOTE
from embedded_postgres.backup.sealing import sum_of, sync_folder
from embedded_postgres.copying.place import PIECE, Changed, Meanwhile
from embedded_postgres.errors import EmbeddedPostgresError

_DRAFT: Final = ".copying"


class FolderPlace:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = str(folder)

    def sizes(self) -> dict[str, int]:
        found = {}
        with self._named():
            for path in (*self.folder.glob("*"), *self.folder.glob("*/*")):
                if path.is_file() and not path.name.startswith("."):
                    found[path.relative_to(self.folder).as_posix()] = path.stat().st_size
        return found

    def read(self, name: str) -> bytes | None:
        with self._named():
            try:
                return (self.folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def put_bytes(self, name: str, data: bytes) -> None:
        with self._named(), self._draft(name) as draft, draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def put_file(self, name: str, source: Path, *, expected: str, meanwhile: Meanwhile) -> None:
        with self._named(), self._draft(name) as draft:
            read = hashlib.sha256()
            with source.open("rb") as origin, draft.open("wb") as file:
                while piece := origin.read(PIECE):
                    read.update(piece)
                    file.write(piece)
                    meanwhile()
                file.flush()
                os.fsync(file.fileno())
            if read.hexdigest() != expected:
                raise Changed(f"{source} was changed since it was written.")
            if sum_of(draft) != expected:
                raise EmbeddedPostgresError(f"{self.folder / name} is read back other than it was written.")

    def fetch(self, name: str, target: Path) -> bool:
        with self._named():
            try:
                shutil.copyfile(self.folder / name, target)
            except FileNotFoundError:
                return False
        return True

    def sum_of(self, name: str) -> str:
        with self._named():
            return sum_of(self.folder / name)

    def remove(self, name: str) -> bool:
        with self._named():
            (self.folder / name).unlink(missing_ok=True)
        return True

    @contextmanager
    def _draft(self, name: str) -> Iterator[Path]:
        """What is written there is `name` after the block, if nothing was raised."""
        final = self.folder / name
        if name == NOTE:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not (self.folder / NOTE).exists():  # what is written to the empty place of a mount fills another disk
            raise EmbeddedPostgresError(f"{self.folder / NOTE} is not there any more: is the disk?")
        final.parent.mkdir(mode=0o700, exist_ok=True)
        draft = final.with_name(f".{final.name}{_DRAFT}")
        try:
            yield draft
            draft.replace(final)
            sync_folder(final.parent)
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EmbeddedPostgresError(f"The copy of the backups: {error}") from error
