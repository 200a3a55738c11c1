"""The shop as it is now, read once a request. Placing an order does not ask for it."""

from django.conf import settings

from shared.http.per_request import once_a_request, read_anew
from shared.shop_values import ShopValues
from shop.models.shop import Shop

_NAME = "shop"


def current_shop() -> Shop:
    """The shop's row. 1 statement, and none again within the request."""
    return once_a_request(_NAME, _read_shop)


def shop_changed() -> None:
    """Whoever wrote the shop says so; the rest of the request sees it as it is now."""
    read_anew(_NAME)


def first_values() -> dict[str, str]:
    """What the shop begins with: the environment's."""
    return {
        "currency": settings.DEFAULT_CURRENCY,
        "phone_region": settings.DEFAULT_PHONE_REGION,
        "time_zone": settings.SHOP_TIME_ZONE,
    }


def values_for_shared() -> ShopValues:
    """What stands below the shop asks for."""
    shop = current_shop()
    return ShopValues(shop.phone_region, shop.time_zone, shop.currency, shop.name)


def _read_shop() -> Shop:
    row = Shop.objects.first()
    return Shop(**first_values()) if row is None else row
