"""Files on their way into a backup and out of it: encrypted with age where there is a recipient.

The recipient (`age1…`) can only encrypt. The identity, its secret half, is needed to restore and for nothing else, and
never has to be on the machine that is backed up.
"""

import hashlib
import io
import os
from pathlib import Path
from typing import IO, Any, Final

from embedded_postgres.errors import EmbeddedPostgresError

SEALED: Final = ".age"
_PIECE: Final = 1 << 20


class _Hashing:
    """A file that is written, and its SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


def check_recipient(text: str) -> None:
    """Raise EmbeddedPostgresError for what is no age recipient."""
    if text:
        _recipient(text)


def seal(source: IO[bytes], target: Path, recipient: str) -> tuple[Path, str]:
    """Write the source as `target`, or encrypted as `target`.age; the file and its SHA-256. It is complete, and on the
    disk, or not there at all."""
    final = target.with_name(target.name + SEALED) if recipient else target
    draft = final.with_name(f".{final.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            hashing = _Hashing(file)
            if recipient:
                import pyrage

                pyrage.encrypt_io(source, hashing, [_recipient(recipient)])
            else:
                while piece := source.read(_PIECE):
                    hashing.write(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)
        sync_folder(final.parent)
    finally:
        draft.unlink(missing_ok=True)
    return final, hashing.hexdigest()


def write_text(target: Path, text: str) -> None:
    """The same for a short text that anybody may read."""
    seal(io.BytesIO(text.encode()), target, "")


def sync_folder(path: Path) -> None:
    """Have the names in it on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unseal(source: Path, target: Path, identities: list[Any]) -> None:
    """Raises EmbeddedPostgresError naming the file when the key is another's, or the file was changed."""
    with target.open("wb") as plain:
        unseal_into(source, plain, identities)


def unseal_into(source: Path, plain: Any, identities: list[Any]) -> None:
    """As unseal, into whatever has `write` and `flush`."""
    with source.open("rb") as sealed:
        if source.suffix != SEALED:
            while piece := sealed.read(_PIECE):
                plain.write(piece)
            return
        import pyrage

        try:
            pyrage.decrypt_io(sealed, plain, identities)
        except pyrage.DecryptError as error:
            raise EmbeddedPostgresError(f"{source} cannot be decrypted with this key: {error}") from error


def read_identities(path: Path) -> list[Any]:
    """The secret keys in an age key file. Raises EmbeddedPostgresError when there is none."""
    import pyrage

    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise EmbeddedPostgresError(f"{path} is no age key file: {error}") from error
    if not found:
        raise EmbeddedPostgresError(f"{path} has no age secret key.")
    return found


def sum_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _recipient(text: str) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise EmbeddedPostgresError(f"BACKUP_RECIPIENT is no age recipient (age1…): {error}") from error
