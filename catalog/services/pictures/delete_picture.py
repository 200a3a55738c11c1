"""A picture less."""

from uuid import UUID

from django.db import transaction

from catalog.services.pictures.update_picture import lock_picture
from shared.files.storage import drop_files


def delete_picture(*, picture_id: UUID) -> None:
    """Delete the picture and its files. Raises NotFound. Locks the product."""
    with transaction.atomic():
        picture = lock_picture(picture_id)
        files = picture.files
        picture.delete()
        drop_files(files)
