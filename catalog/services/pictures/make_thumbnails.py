"""The smaller sizes of a picture."""

from uuid import UUID

from django.db import transaction

from catalog.models.picture import LARGE, SMALLER, Picture, file_of
from shared.files.pictures import smaller
from shared.files.storage import keep_file, read_file


def make_thumbnails(*, picture_id: UUID) -> int:
    """Make what is missing, and say how many sizes that were. Nothing for a picture that was deleted meanwhile: its row
    is locked while its files are written."""
    large = read_file(file_of(picture_id, LARGE[0]))
    missing = [(size, pixels) for size, pixels in SMALLER if read_file(file_of(picture_id, size)) is None]
    if large is None or not missing:
        return 0
    # Shrunk before the row is locked, which takes longer than any lock should be held.
    made = [(file_of(picture_id, size), smaller(large, longest=pixels)) for size, pixels in missing]
    with transaction.atomic():
        if not Picture.objects.select_for_update(no_key=True).filter(pk=picture_id).exists():
            return 0
        for name, data in made:
            keep_file(name, data)
    return len(made)
