"""Django's storage API over the database (docs/decisions/pictures.md): what is kept there is written, backed up,
replicated and brought back with the rows that name it, and every process of every machine reaches it."""

from collections.abc import Iterable
from typing import Any

from django.conf import DEFAULT_STORAGE_ALIAS
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage, storages
from django.db import transaction

from shared.models.kept_file import KeptFile

_OURS = "shared.files.storage.DatabaseStorage"


class DatabaseStorage(Storage):
    """For files of some hundred KB. In the caller's transaction."""

    def _open(self, name: str, mode: str = "rb") -> File:
        data = KeptFile.objects.filter(name=name).values_list("data", flat=True).first()
        if data is None:
            raise FileNotFoundError(name)
        return ContentFile(bytes(data), name)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        KeptFile.objects.create(name=name, data=content.read())
        return name

    def delete(self, name: str) -> None:
        KeptFile.objects.filter(name=name).delete()

    def exists(self, name: str) -> bool:
        return KeptFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        return int(self._open(name).size)


def read_file(name: str) -> bytes | None:
    """The file's bytes; None where there is none."""
    try:
        with default_storage.open(name) as file:
            data: bytes = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return data


def keep_file(name: str, data: bytes) -> None:
    """Keep a new file. Elsewhere than in the database it is there even if the transaction ends badly: nothing names
    it then."""
    content: Any = ContentFile(data)
    default_storage.save(name, content)


def drop_files(names: Iterable[str]) -> None:
    """Delete files once the transaction has committed, or with it where they stand in the database."""
    wanted = list(names)
    if storages.backends[DEFAULT_STORAGE_ALIAS]["BACKEND"] == _OURS:  # type: ignore[index]  # of settings, by its stub
        KeptFile.objects.filter(name__in=wanted).delete()
        return

    def delete() -> None:
        for name in wanted:
            default_storage.delete(name)

    transaction.on_commit(delete)
