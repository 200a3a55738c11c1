"""Which button of an order's page stands out: confirm the payment, pack, send, deliver."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from orders.models.order import Order
from orders.states import IN_PROGRESS, OrderStatus, ShipmentStatus, Trigger, next_statuses

_STEP_NAMES: dict[str, Any] = {
    OrderStatus.PROCESSING: _("Mark as processing"),
    OrderStatus.SHIPPED: _("Mark as sent"),
    OrderStatus.DELIVERED: _("Mark as delivered"),
}


def with_next_step(buttons: list[Any], order: Order) -> list[Any]:
    """One button stands out, that of the next step; what moves an order on says where to."""
    following = next_statuses(order.status, by=Trigger.STATUS)
    next_step = _next_step(order, {button.method.original_function_name for button in buttons})
    for button in buttons:
        name = button.method.original_function_name
        if name == "advance" and following:
            button.description = _STEP_NAMES.get(OrderStatus(following[0]), button.description)
        # What cannot be undone keeps its warning colour, and is never the step that stands out.
        if button.variant != ActionVariant.DANGER:
            button.variant = ActionVariant.PRIMARY if name == next_step else ActionVariant.DEFAULT
    return buttons


def _next_step(order: Order, offered: set[str]) -> str:
    """Confirm the payment, pack, send, deliver; none for who may not, or when it is over."""
    if order.status == OrderStatus.PENDING:
        return "confirm_payment"
    # With a packed shipment waiting, sending it is next; packing another one is possible and not what most come for.
    is_packed = order.status in IN_PROGRESS and order.shipments.filter(status=ShipmentStatus.READY).exists()
    return "pack" if "pack" in offered and not is_packed else "advance"
