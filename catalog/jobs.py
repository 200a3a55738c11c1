"""Jobs of the catalogue; config/jobs.py registers them."""

from uuid import UUID

from catalog.services.make_thumbnails import make_thumbnails as _make_thumbnails


def make_thumbnails(picture_id: str) -> int:
    """Asked for by catalog.services.add_picture."""
    return _make_thumbnails(picture_id=UUID(picture_id))
