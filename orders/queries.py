"""Reads of orders, each with what it prefetches decided once."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation


def orders_with_items() -> QuerySet[Order]:
    """Orders as a list shows them: 2 statements for any page."""
    return Order.objects.prefetch_related(Prefetch("items", OrderItem.objects.order_by("position")))


def orders_in_full() -> QuerySet[Order]:
    """Orders as the detail shows them: 5 statements, however many rows hang on the order."""
    items = OrderItem.objects.order_by("position").prefetch_related(
        Prefetch("reservations", Reservation.objects.order_by("id"))
    )
    return Order.objects.prefetch_related(
        Prefetch("items", items),
        Prefetch("payments", Payment.objects.order_by("id")),
        Prefetch("events", OrderEvent.objects.order_by("created_at", "id")),
    )


def get_order_in_full(order_id: UUID) -> Order:
    """One order as the detail shows it. Raises Order.DoesNotExist."""
    return orders_in_full().get(pk=order_id)


def items_with_order() -> QuerySet[OrderItem]:
    """Order items with the order that their amounts' currency is in: 1 statement for any page."""
    return OrderItem.objects.select_related("order")
