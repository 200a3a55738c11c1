"""Django's storage API over the database (docs/decisions/pictures.md): what is kept there is written, backed up,
replicated and brought back with the rows that name it, and every process of every machine reaches it."""

from collections.abc import Iterable
from typing import Any

from django.conf import DEFAULT_STORAGE_ALIAS
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage, storages

from shared.background.enqueue import enqueue
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


def is_elsewhere() -> bool:
    """Whether files are kept in a folder or in S3."""
    return bool(storages.backends[DEFAULT_STORAGE_ALIAS]["BACKEND"] != _OURS)  # type: ignore[index]  # of settings


def read_file(name: str) -> bytes | None:
    """The file's bytes; None where there is none. What is kept elsewhere stands in the database until it is there."""
    data = KeptFile.objects.filter(name=name).values_list("data", flat=True).first()
    if data is not None or not is_elsewhere():
        return None if data is None else bytes(data)
    try:
        with default_storage.open(name) as file:
            found: bytes = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found


def keep_file(name: str, data: bytes) -> None:
    """Keep a file in the caller's transaction. Where files are kept elsewhere a job takes it there: no transaction
    waits for a network, and none that ends badly leaves a file. One that is there under this name stays."""
    KeptFile.objects.bulk_create([KeptFile(name=name, data=data)], ignore_conflicts=True)
    if is_elsewhere():
        enqueue("shared.move_file", name=name)


def drop_files(names: Iterable[str]) -> None:
    """Delete files with the caller's transaction; elsewhere a job does, as often as it needs to."""
    wanted = list(names)
    KeptFile.objects.filter(name__in=wanted).delete()
    if is_elsewhere():
        for name in wanted:
            enqueue("shared.delete_file", name=name)


def move_file(name: str) -> bool:
    """Take a file from the database to where files are kept. May run again after it was interrupted, or beside itself.
    Raises what the storage does."""
    data = KeptFile.objects.filter(name=name).values_list("data", flat=True).first()
    if data is None or not is_elsewhere():
        return False
    if not (default_storage.exists(name) and default_storage.size(name) == len(data)):
        content: Any = ContentFile(bytes(data))
        default_storage.delete(name)  # of a try that was interrupted: else it would be kept under another name
        default_storage.save(name, content)
    KeptFile.objects.filter(name=name).delete()  # gone already if the picture is: catalog.sweep_pictures finds the file
    return True


def delete_file(name: str) -> None:
    """Raises what the storage does."""
    if is_elsewhere():
        default_storage.delete(name)
