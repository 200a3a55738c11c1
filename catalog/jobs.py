"""Jobs of the catalogue; config/jobs.py registers them."""

from typing import Any
from uuid import UUID

from catalog.services.pictures.make_thumbnails import make_thumbnails as _make_thumbnails
from catalog.services.pictures.sweep_pictures import sweep_pictures as _sweep_pictures


def make_thumbnails(picture_id: str) -> int:
    """Asked for by catalog.services.pictures.add_picture."""
    return _make_thumbnails(picture_id=UUID(picture_id))


def sweep_pictures(timestamp: Any = None) -> tuple[int, int]:
    """Files that no picture names, and thumbnails that were never made."""
    return _sweep_pictures()
