"""Orders as buyers place them: everything goes through the services."""

from datetime import datetime

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.place_order import place_order
from tests.shop.people import Buyer


def request_for(buyer: Buyer, *lines: tuple[StockLevel, int]) -> PlaceOrder:
    """What a buyer would send for so many units of what lies at each level."""
    wanted = tuple(PlaceOrderLine(variant=str(level.variant_id), quantity=units) for level, units in lines)
    return PlaceOrder(customer_id=buyer.customer.pk, lines=wanted)


def order_of(
    buyer: Buyer, *lines: tuple[StockLevel, int], key: str | None = None, now: datetime | None = None
) -> Order:
    """An order placed as a buyer places it."""
    request = request_for(buyer, *lines)
    return place_order(request=request, actor=buyer.actor, idempotency_key=key, now=now).order
