"""Small pictures of variants, for documents."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog

from catalog.models.picture import LARGE, SMALLER, file_of
from catalog.pictures import pictures_of_variants
from shared.files.pictures import smaller
from shared.files.storage import read_file
from shared.models.kept_file import KeptFile

log = structlog.get_logger("kontor.pictures")
_SIZE, _PIXELS = SMALLER[-1]
_MOST: Final = 50  # variants; a longer document goes without: elsewhere each file is a call over the network


def read_thumbnails(variant_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """By variant, of those that have a picture. 2 statements where files are kept in the database. A store that does
    not answer costs the document its pictures and nothing else."""
    shown = {key: picture for key, picture in pictures_of_variants(variant_ids[:_MOST]).items() if picture}
    wanted = set(shown.values()) if len(set(variant_ids)) <= _MOST else set()
    kept = KeptFile.objects.filter(name__in=[file_of(picture, _SIZE) for picture in wanted])
    files = {name: bytes(data) for name, data in kept.values_list("name", "data")} if wanted else {}
    found: dict[UUID, bytes] = {}
    try:
        for picture in wanted:
            data = files.get(file_of(picture, _SIZE)) or _read_thumbnail(picture)
            if data is not None:
                found[picture] = data
    except Exception:  # whatever a bucket or a folder of others raises
        log.warning("pictures_unread", exc_info=True)
    return {key: found[picture] for key, picture in shown.items() if picture in found}


def _read_thumbnail(picture_id: UUID) -> bytes | None:
    """One that no job has made yet is made here."""
    data = read_file(file_of(picture_id, _SIZE))
    if data is None and (large := read_file(file_of(picture_id, LARGE[0]))) is not None:
        data = smaller(large, longest=_PIXELS)
    return data
