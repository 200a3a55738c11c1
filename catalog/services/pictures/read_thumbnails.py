"""Small pictures of variants, for documents."""

import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog
from django.db import DatabaseError

from catalog.models.picture import LARGE, SMALLER, file_of
from catalog.pictures import pictures_of_variants
from shared.files.pictures import smaller
from shared.files.storage import read_file
from shared.models.kept_file import KeptFile

log = structlog.get_logger("kontor.pictures")
_SIZE, _PIXELS = SMALLER[-1]
_SECONDS: Final = 3.0  # for those that are read one by one
_MOST: Final = 50  # variants; a longer document goes without: elsewhere each file is a call over the network


def read_thumbnails(variant_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """By variant, of those that have a picture. 2 statements where files are kept in the database. A file that cannot
    be read, or a store that takes too long, costs the document that picture and nothing else."""
    shown = {key: picture for key, picture in pictures_of_variants(variant_ids[:_MOST]).items() if picture}
    wanted = set(shown.values()) if len(set(variant_ids)) <= _MOST else set()
    kept = KeptFile.objects.filter(name__in=[file_of(picture, _SIZE) for picture in wanted])
    files = {name: bytes(data) for name, data in kept.values_list("name", "data")} if wanted else {}
    found = {picture: files[name] for picture in wanted if (name := file_of(picture, _SIZE)) in files}
    give_up_at = time.monotonic() + _SECONDS
    for picture in wanted - found.keys():
        if time.monotonic() > give_up_at:
            log.warning("pictures_left_out", seconds=_SECONDS)
            break
        if (data := _read_thumbnail(picture)) is not None:
            found[picture] = data
    return {key: found[picture] for key, picture in shown.items() if picture in found}


def _read_thumbnail(picture_id: UUID) -> bytes | None:
    """One that no job has made yet is made here."""
    try:
        data = read_file(file_of(picture_id, _SIZE))
        if data is None and (large := read_file(file_of(picture_id, LARGE[0]))) is not None:
            data = smaller(large, longest=_PIXELS)
    except DatabaseError:
        raise
    except Exception:  # whatever a bucket, a folder of others or a file that somebody damaged raises
        log.warning("picture_unread", picture=str(picture_id), exc_info=True)
        return None
    return data
