"""Paid orders whose goods can travel, and what tests say of them."""

from typing import Any

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.shipments.change_shipment import deliver_shipment, ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.services.upkeep.audit_books import audit_books
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


def paid_order(*quantities: int, price: str = "10.00") -> Order:
    """A paid order with a line of so many units each, all from the default seller's first location."""
    order = order_of(make_buyer(), *((make_level(on_hand=quantity, price=price), quantity) for quantity in quantities))
    return confirm_payment(order_id=order.pk, actor=SYSTEM, reference="bank-1")


def lines_of(order: Order) -> list[OrderItem]:
    return list(OrderItem.objects.filter(order=order).order_by("position"))


def pack(order: Order, *units: int) -> Shipment:
    """A shipment with so many units of the order's lines, in their order; none said: all that is left."""
    items = {line.pk: count for line, count in zip(lines_of(order), units, strict=False) if count} or None
    return pack_shipment(order_id=order.pk, actor=SYSTEM, items=items)


def send(order: Order, *units: int) -> Shipment:
    return ship_shipment(shipment_id=pack(order, *units).pk, actor=SYSTEM)


def arrive(shipment: Shipment) -> Shipment:
    return deliver_shipment(shipment_id=shipment.pk, actor=SYSTEM)


def seen(order: Order) -> tuple[str, list[tuple[str, int]]]:
    """The order's status, and of each line status and units shipped."""
    order.refresh_from_db()
    return order.status, [(line.status, line.shipped_quantity) for line in lines_of(order)]


def discrepancy() -> list[Any]:
    """What the audit finds wrong with the books."""
    return [(found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy]
