"""What the shop's row says, for what stands below the shop: it tells whom to ask. Until then, and while there may be no
table to read, the environment's values count."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings


class ShopValues(NamedTuple):
    """A region of ISO 3166, for phone numbers without a country code; a time zone's name; the currency of what names
    none; whom e-mails come from, empty for what EMAIL_FROM says."""

    phone_region: str
    time_zone: str
    currency: str
    name: str = ""


_ask: Callable[[], ShopValues] | None = None


def ask_shop_by(ask: Callable[[], ShopValues] | None) -> None:
    """From now on `ask` answers; None: the environment does."""
    global _ask  # noqa: PLW0603 - set when the apps are ready, and around migrations
    _ask = ask


def shop_values() -> ShopValues:
    if _ask is not None:
        return _ask()
    return ShopValues(settings.DEFAULT_PHONE_REGION, settings.SHOP_TIME_ZONE, settings.DEFAULT_CURRENCY)
