"""Which orders exist for whoever asks, and what hangs on them."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from catalog.seller_access import sellers_of
from orders.api.orders.representations import represent_order_in_full
from orders.incoming_payments.settled import MAY_SHIP_UNSETTLED
from orders.lifecycle.locking import OrderNotFound
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.reads.archived import refuse_archived
from orders.reads.for_sellers import orders_reached
from orders.reads.in_full import get_order_in_full
from shared.api.principal import customer_id_of, is_staff, staff_may
from shared.planner.compiled import compiled_values
from shared.planner.lookups import one_of
from shared.planner.prepared import PreparedRows

Row = TypeVar("Row", bound=Model)


# What hangs on an order, and the right to see it; a customer sees all of its own.
# By the right to see the record anywhere: what a role cannot open as a page it does not read on an order either.
HANGING: dict[str, str] = {
    "payments": "orders.view_payment",
    "disputes": "orders.view_dispute",
    "reservations": "orders.view_reservation",
    "events": "orders.view_orderevent",
    "adjustments": "orders.view_adjustment",
}


def represent_to(request: Request, order: Order, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """The order with everything that hangs on it, or these members alone, but for what the role may not see: lists of
    that are empty."""
    shown = represent_order_in_full(order, fields)
    # Empty, not left out: what members an answer has must not depend on who asks.
    return shown | {name: [] for name in hidden_from(request) if name in shown}


def hidden_from(request: Request) -> list[str]:
    """What hangs on an order and is not shown to the role of whoever asks."""
    # Rights are for staff: a customer's login reads what is its own, a payment of it included.
    if not is_staff(request):
        return []
    return [name for name, right in HANGING.items() if not staff_may(request, right)]


def visible_to(request: Request, prefix: str = "") -> Q:
    """Staff's are all, a customer's login has its own; `prefix` leads to the order."""
    if is_staff(request):
        return Q()
    own = customer_id_of(request)
    # A login that is no customer has no orders; so spelled, no statement is sent at all.
    return Q(**{f"{prefix}customer_id": own}) if own else Q(pk__in=[])


def rows_visible_to(request: Request, rows: PreparedRows, field: str = "customer_id") -> PreparedRows | QuerySet:
    """Those of the orders, or of what names their customer, that exist for whoever asks."""
    if is_staff(request):
        return rows
    own = customer_id_of(request)
    return rows.filter(**{field: own}) if own else rows.as_queryset().none()


def find_visible(request: Request, order_id: UUID, fields: frozenset[str] | None = None) -> Order:
    """The order in full, or as far as `fields` show it, for whoever sees it or nothing of it: a seller's own people see
    a part of its lines. Raises Order.DoesNotExist for another's, or a deleted one, as for none, and OrderArchived."""
    try:
        order = get_order_in_full(order_id, fields)
    except Order.DoesNotExist:
        if is_staff(request) or customer_id_of(request):
            refuse_archived(order_id, customer_id=None if is_staff(request) else customer_id_of(request))
        raise
    # Asked of what was read and not in the statement, which is the same for all callers and so is compiled once.
    if order.deleted_at is not None or not may_see(request, order.customer_id):
        raise Order.DoesNotExist(order_id)
    return order


def may_see(request: Request, customer_id: UUID) -> bool:
    """Whether that customer's orders exist for whoever asks, a seller's own people apart."""
    return is_staff(request) or customer_id == customer_id_of(request)


def check_order_exists(request: Request, order_id: UUID) -> None:
    """Raise OrderNotFound for another's order, or a deleted one, as for none."""
    if sellers_of(request.user) is not None:
        exists = orders_reached(request.user, Order.objects.live().filter(pk=order_id)).exists()
    else:
        # One short compiled statement: this is asked before every change of an order.
        buyers = _buyers_of(order_id=order_id)
        exists = bool(buyers) and may_see(request, buyers[0][0])
    if not exists:
        raise OrderNotFound(gettext("No such order: %(order)s.") % {"order": order_id})


@compiled_values
def _buyers_of(*, order_id: UUID) -> QuerySet[Order, Any]:
    return Order.objects.live().filter(pk=order_id).order_by().values_list("customer_id")


def check_order_is_theirs(request: Request, order_id: UUID) -> None:
    """As check_order_exists, for what is done to the whole of it: a seller's own people do it to orders with lines of
    their sellers alone."""
    check_order_exists(request, order_id)
    sellers = sellers_of(request.user)
    if sellers is not None and OrderItem.objects.filter(order=order_id).exclude(seller__in=sellers).exists():
        raise OrderNotFound(gettext("No such order: %(order)s.") % {"order": order_id})


def may_be_unsettled(request: Request, asked: bool) -> bool:
    """What was asked. Raises PermissionDenied for staff who may not ship orders whose money is not settled."""
    # Refused and not ignored: goods would seem to have been let go by somebody who may not.
    if asked and not staff_may(request, MAY_SHIP_UNSETTLED):
        raise PermissionDenied(f"Your role lacks the permission {MAY_SHIP_UNSETTLED}.")
    return asked


def of_accessible_orders(request: Request, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of `rows` whose `order` exists for whoever asks: deleted ones do not."""
    found = rows.filter(visible_to(request, "order__"), order__deleted_at__isnull=True)
    sellers = sellers_of(request.user)
    if sellers is None:
        return found
    # Not by a join, which would show a refund once for each line of the seller in its order.
    return found.filter(Exists(OrderItem.objects.filter(one_of("seller_id", sellers), order=OuterRef("order_id"))))
