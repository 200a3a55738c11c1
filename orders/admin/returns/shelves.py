"""Where goods that came back may go."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext

from inventory.models.location import StockLocation
from orders.models.order_item import OrderItem


def shelf_choices(items: Iterable[OrderItem]) -> list[tuple[str, str]]:
    """Where each was sold from, or one of their sellers' locations. 1 statement."""
    sellers = {item.seller_id for item in items}
    places = StockLocation.objects.filter(seller__in=sellers, is_active=True).select_related("seller")
    # A shop that sells by itself need not read its own name.
    named = [(str(place.pk), place.name if len(sellers) == 1 else str(place)) for place in places]
    return [("", gettext("The shelf it was sold from")), *named]


def chosen_shelf(value: str) -> UUID | None:
    """As services take it."""
    return UUID(value) if value else None
