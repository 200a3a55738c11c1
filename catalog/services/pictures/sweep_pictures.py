"""What pictures leave behind: files that none of them names, and thumbnails whose job failed for good."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from catalog.models.picture import SMALLER, Picture
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.files.storage import delete_file, is_elsewhere
from shared.models.kept_file import KeptFile

_FOLDER = "pictures"
_YOUNG = timedelta(days=1)  # what is younger may belong to a transaction or a job that is under way
_MOST = 1_000  # pictures that one night looks for thumbnails of, the newest ones
_AT_ONCE = 500


def sweep_pictures(*, now: datetime | None = None) -> tuple[int, int]:
    """Delete the files that no picture names, ask anew for thumbnails that are missing; return how many files, and how
    many pictures. In small steps that commit by themselves; not to be called in a transaction, for it may ask S3."""
    before = (now or database_now()) - _YOUNG
    deleted = sum(_delete_kept(names) for names in _kept_names(before))
    if is_elsewhere():
        deleted += _delete_elsewhere(before)
    unfinished = _without_thumbnails()
    for picture_id in unfinished:
        enqueue("catalog.make_thumbnails", picture_id=str(picture_id))
    return deleted, len(unfinished)


def _kept_names(before: datetime) -> Iterator[list[str]]:
    files, after = KeptFile.objects.filter(name__startswith=f"{_FOLDER}/", created_at__lt=before), ""
    while names := list(files.filter(name__gt=after).order_by("name").values_list("name", flat=True)[:_AT_ONCE]):
        yield names
        after = names[-1]


def _delete_kept(names: list[str]) -> int:
    gone = _without_picture(name.split("/")[1] for name in names)
    unnamed = [name for name in names if name.split("/")[1] in gone]
    return KeptFile.objects.filter(name__in=unnamed).delete()[0]


def _delete_elsewhere(before: datetime) -> int:
    folders: list[str] = []
    with suppress(FileNotFoundError):  # no picture was ever sent
        folders = default_storage.listdir(_FOLDER)[0]
    deleted = 0
    for first in range(0, len(folders), _AT_ONCE):
        for folder in _without_picture(folders[first : first + _AT_ONCE]):
            names = [f"{_FOLDER}/{folder}/{file}" for file in default_storage.listdir(f"{_FOLDER}/{folder}")[1]]
            old = [name for name in names if default_storage.get_modified_time(name) < before]
            for name in old:
                delete_file(name)
            deleted += len(old)
    return deleted


def _without_picture(texts: Iterable[str]) -> set[str]:
    """Those that are ids, of no picture that is there."""
    ids: dict[UUID, str] = {}
    for text in texts:
        with suppress(ValueError):
            ids[UUID(text)] = text
    there = set(Picture.objects.filter(pk__in=ids).values_list("pk", flat=True))
    return {text for key, text in ids.items() if key not in there}


def _without_thumbnails() -> list[UUID]:
    """All sizes are made at once, so that one tells."""
    small = SMALLER[-1][0]
    name = Concat(Value(f"{_FOLDER}/"), Cast(OuterRef("pk"), CharField()), Value(f"/{small}.webp"))
    made = KeptFile.objects.filter(name=name)
    found = list(Picture.objects.filter(~Exists(made)).order_by("-pk").values_list("pk", flat=True)[:_MOST])
    if not is_elsewhere():
        return found
    return [key for key in found if not default_storage.exists(f"{_FOLDER}/{key}/{small}.webp")]
