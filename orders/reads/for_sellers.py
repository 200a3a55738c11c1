"""Orders as a seller's own people see them: those with lines of theirs, with these lines alone."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from catalog.seller_access import sellers_of
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from shared.planner.lookups import one_of


def orders_reached(user: Any, orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those of `orders` with a line of a seller that the user reaches."""
    sellers = sellers_of(user)
    if sellers is None:
        return orders
    return orders.filter(Exists(OrderItem.objects.filter(one_of("seller_id", sellers), order=OuterRef("pk"))))


def orders_shown(user: Any, orders: QuerySet[Order]) -> QuerySet[Order]:
    """These orders without what is others' of them: their lines, and payments and history of the whole order."""
    sellers = sellers_of(user)
    if sellers is None:
        return orders
    own = OrderItem.objects.filter(one_of("seller_id", sellers)).order_by("position")
    return (
        orders_reached(user, orders)
        .prefetch_related(None)
        .prefetch_related(
            Prefetch("items", own.prefetch_related(Prefetch("reservations", Reservation.objects.order_by("id")))),
            # Read as empty, not left out: what shows the order asks for them, and would find everybody's.
            Prefetch("payments", Payment.objects.none()),
            Prefetch("events", OrderEvent.objects.none()),
        )
    )
