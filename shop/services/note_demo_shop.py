"""Whether the demo shop is there. Pages ask on every load, so the shop's row says it."""

from django.db.models.functions import Now

from shop.current import shop_changed
from shop.models.shop import Shop
from shop.services.ensure_shop import ensure_shop


def note_demo_loaded() -> None:
    """The demo shop is there."""
    _set(demo_loaded_at=Now(), demo_removal_began_at=None)


def note_removal_began() -> None:
    """Somebody asked for its removal."""
    _set(demo_removal_began_at=Now())


def note_demo_removed() -> None:
    """It is gone, but for what was kept."""
    _set(demo_loaded_at=None, demo_removal_began_at=None)


def _set(**columns: object) -> None:
    # No word that the shop says of itself: its version stays.
    Shop.objects.filter(pk=ensure_shop().pk).update(**columns)
    shop_changed()
