"""Files into the database and out of it, a piece at a time."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, BinaryIO, cast
from uuid import UUID

from django.db import transaction

from exchange.models.stored_file import CHUNK_BYTES, FileChunk, StoredFile

_IN_MEMORY_BYTES = 4 * 1024 * 1024


def store_file(*, name: str, pieces: Iterable[bytes]) -> StoredFile:
    """Keep a file. Memory is needed for one piece and one chunk."""
    with transaction.atomic():
        file = StoredFile.objects.create(name=name[-200:])
        size = 0
        for position, data in enumerate(_in_chunks(pieces)):
            FileChunk.objects.create(file=file, position=position, data=data)
            size += len(data)
        file.size = size
        file.save(update_fields=["size"])
    return file


def _in_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        while len(kept) >= CHUNK_BYTES:
            yield bytes(kept[:CHUNK_BYTES])
            del kept[:CHUNK_BYTES]
    if kept:
        yield bytes(kept)


def pieces_of(file_id: UUID | None) -> Iterator[bytes]:
    """The file's content from its beginning, one statement a chunk."""
    position = 0
    chunks = FileChunk.objects.filter(file_id=file_id)
    while (data := chunks.filter(position=position).values_list("data", flat=True).first()) is not None:
        yield bytes(data)
        position += 1


def open_copy(file_id: UUID | None) -> BinaryIO:
    """The file as one that can be read anywhere in it; it goes when it is closed."""
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    for piece in pieces_of(file_id):
        copy.write(piece)
    copy.seek(0)
    return cast("BinaryIO", copy)
