"""What may be done with an order, and which of it stands out: confirm the payment, pack, send, deliver."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from orders.admin.orders.delete_page import deletion_actions
from orders.admin.orders.edit_buttons import editing_actions
from orders.admin.refunds.buttons import refund_actions
from orders.admin.shipments.buttons import possible_shipping
from orders.incoming_payments.due import ZERO, shown_due
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.shipping.unfulfilled import unfulfilled_by_order
from orders.states import TO_PACK, UNPAID, OrderStatus, ShipmentStatus, Trigger, next_statuses
from shared.admin.display import money

_STEP_NAMES: dict[str, Any] = {
    OrderStatus.PROCESSING: _("Mark as processing"),
    OrderStatus.SHIPPED: _("Mark as sent"),
    OrderStatus.DELIVERED: _("Mark as delivered"),
}


def possible_actions(order: Order) -> set[str]:
    """Payments are recorded in every state, because money may come in whenever it likes; of a sub-order its parent
    order takes them."""
    # Whatever else would be possible waits until it is in sight again: most services find no deleted order.
    if order.deleted_at is not None:
        return {"restore"} if order.parent_id is None else set()
    possible = refund_actions(order) | possible_shipping(order) | editing_actions(order)
    possible |= deletion_actions(order)
    if order.status == OrderStatus.PENDING and order.payment_status in UNPAID:
        possible.add("cancel")
    if next_statuses(order.status, by=Trigger.STATUS):
        possible.add("advance")
    # A sub-order is one seller's part of what was bought.
    if order.parent_id is None:
        possible |= {"confirm_payment", "duplicate"}
    return possible


def step_name(order: Order, step: str) -> Any:
    """What the step does to this order: where `advance` takes it, and how much is still to be paid of one that is paid
    in part. None where the step's own name says it."""
    if step == "confirm_payment" and (rest := rest_due(order)):
        return gettext("Take the rest: %(amount)s") % {"amount": money(rest, order.currency)}
    following = next_statuses(order.status, by=Trigger.STATUS)
    return _STEP_NAMES.get(OrderStatus(following[0])) if step == "advance" and following else None


def rest_due(order: Order) -> Decimal:
    """What is missing after something was paid: too little came in, or the order was changed and costs more."""
    due = shown_due(order)
    return due if due < order.total or order.payment_status not in UNPAID else ZERO


def with_next_step(buttons: list[Any], order: Order) -> list[Any]:
    """One button stands out, that of the next step; what moves an order on says where to."""
    offered = {button.method.original_function_name for button in buttons}
    following = next_step(order, offered, all_packed([order]))
    for button in buttons:
        name = button.method.original_function_name
        button.description = step_name(order, name) or button.description
        # What cannot be undone keeps its warning colour, and is never the step that stands out.
        if button.variant != ActionVariant.DANGER:
            button.variant = ActionVariant.PRIMARY if name == following else ActionVariant.DEFAULT
    return buttons


def next_step(order: Order, offered: set[str], packed: set[UUID]) -> str:
    """Confirm the payment, pack, send, deliver; none for who may not, or when it is over. `packed`: by all_packed."""
    if order.status == OrderStatus.PENDING:
        return "confirm_payment"
    # Goods leave against money; who may not take it goes on with the goods.
    if shown_due(order) and "confirm_payment" in offered:
        return "confirm_payment"
    # Marked as sent, all of it leaves, also what nobody packed.
    parts = [part for part in order.sub_orders.all() if part.status in TO_PACK]
    if "pack" in offered and order.pk not in packed:
        return "pack"
    sends = OrderStatus.SHIPPED in next_statuses(order.status, by=Trigger.STATUS)
    return "" if sends and any(part.pk not in packed for part in parts) else "advance"


def all_packed(orders: Iterable[Order]) -> set[UUID]:
    """Which of them, and of their sub-orders, have shipments waiting to leave and nothing besides to be packed: 5
    statements at most, however many they are."""
    parts = [part for order in orders for part in (order, *order.sub_orders.all()) if part.status in TO_PACK]
    if not parts:
        return set()
    ready = Shipment.objects.filter(order__in=[part.pk for part in parts], status=ShipmentStatus.READY)
    waiting = set(ready.order_by().values_list("order", flat=True))
    found = unfulfilled_by_order([part for part in parts if part.pk in waiting]) if waiting else {}
    return {key for key, rest in found.items() if not any(units > 0 for units in rest.open.values())}
