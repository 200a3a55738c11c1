"""The shop's logo."""

from django.db import transaction

from shared.files.names import media_url
from shared.files.pictures import Taken, take_picture
from shared.files.storage import keep_file
from shared.ids import new_id
from shop.models.shop import Shop
from shop.services.update_shop import lock_shop, raise_version

LONGEST = 600  # pixels


def set_logo(*, data: bytes | Taken | None) -> Shop:
    """Decode what was sent and keep it as PNG, without what else the file held; None: the shop has no logo any more.

    The one before stays: documents that were issued show it for ever. Who holds locks hands over what `take_logo` made
    before. Raises NoPicture, Unavailable. Locks the shop.
    """
    taken = take_logo(data) if isinstance(data, bytes) else data
    with transaction.atomic():
        row = lock_shop()
        row.logo = "" if taken is None else f"shop/{new_id()}/large.png"
        if taken is not None:
            keep_file(row.logo, taken.data)
        raise_version(row, "logo")
    return row


def take_logo(data: bytes) -> Taken:
    """A file as it will be kept. Raises NoPicture, Unavailable. Locks nothing."""
    return take_picture(data, longest=LONGEST, kind="PNG")


def logo_url(shop: Shop) -> str:
    """From the host on; empty without one."""
    return media_url(shop.logo) if shop.logo else ""
