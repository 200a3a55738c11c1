"""A table of a month as a file, and back: what COPY writes, packed, and encrypted where there is a recipient."""

import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from embedded_postgres.backup.sealing import seal, unseal_into
from embedded_postgres.errors import EmbeddedPostgresError
from orders.archiving.month_tables import Column, names_of
from orders.partitioning.locked import PartitioningFailed

_GZIP = 31  # zlib: with the head and sum of a gzip file
PACKED = ".copy.gz"


class FileIsDamaged(PartitioningFailed):
    """It is not what the manifest says."""


class Content:
    """What went by: bytes of COPY, their sum, and how many rows, which are lines."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.rows = 0

    def add(self, data: bytes) -> None:
        self._sum.update(data)
        self.rows += data.count(b"\n")

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


class _Reading(io.RawIOBase):
    """Pieces, read as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


class _Unpacking:
    """Takes what is packed; hands on what was in it."""

    def __init__(self, take: Any, content: Content) -> None:
        self._take, self._content, self._zlib = take, content, zlib.decompressobj(_GZIP)

    def write(self, data: bytes) -> int:
        self._hand_on(self._zlib.decompress(bytes(data)))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def end(self) -> None:
        self._hand_on(self._zlib.flush())
        if not self._zlib.eof:
            raise zlib.error("it ends too early")

    def _hand_on(self, data: bytes) -> None:
        if data:
            self._content.add(data)
            self._take(data)


def read_rows(table: str, columns: list[Column], key: str) -> Iterator[bytes]:
    """The table's rows as COPY writes them, always in the same order."""
    sql = f"COPY (SELECT {names_of(columns)} FROM {table} ORDER BY {key}) TO STDOUT"  # noqa: S608
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for piece in copy:
            yield bytes(piece)


def write_file(rows: Iterator[bytes], target: Path, recipient: str) -> tuple[Path, str, Content]:
    """The file, its SHA-256, and what is in it. It is complete, or not there at all."""
    content = Content()

    def pack() -> Iterator[bytes]:
        packing = zlib.compressobj(wbits=_GZIP)
        for piece in rows:
            content.add(piece)
            yield packing.compress(piece)
        yield packing.flush()

    path, sha256 = seal(io.BufferedReader(_Reading(pack())), target, recipient)
    return path, sha256, content


def read_file(path: Path, identities: list[Any], take: Any) -> Content:
    """Hand what is in the file to `take`, piece by piece. Raises FileIsDamaged."""
    content = Content()
    unpacking = _Unpacking(take, content)
    try:
        unseal_into(path, unpacking, identities)
        unpacking.end()
    except (EmbeddedPostgresError, zlib.error, OSError) as error:
        raise FileIsDamaged(f"{path}: {error}") from error
    return content


def load_file(path: Path, identities: list[Any], table: str, columns: list[str]) -> Content:
    """Write the file's rows into the table."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        return read_file(path, identities, copy.write)
