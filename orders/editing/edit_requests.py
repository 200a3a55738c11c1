"""The requested change of lines, and why it may not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from shared.errors import Refusal


@dataclass(frozen=True, slots=True)
class ChangedQuantity:
    """A line of the order is to have so many units; 0 drops it. `place` in the request, for faults."""

    place: int
    item_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class AddedLine:
    """`variant` is an id or a SKU. `place` in the request, for faults."""

    place: int
    variant: str
    quantity: int
    seller_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EditRequest:
    changes: tuple[ChangedQuantity, ...] = ()
    additions: tuple[AddedLine, ...] = ()


class NotEditable(Refusal):
    code = "not_editable"
    title = _("The order's lines cannot be changed any more")
    members = {"status_now": str}


class GivesMoneyBack(Refusal):
    code = "refund_not_allowed"
    status = 403
    title = _("The change gives money back: that needs the right to refund")


class OrderIsSplit(Refusal):
    """`sub_orders` are where the lines are."""

    code = "order_is_split"
    title = _("The order is split between sellers")
    members = {"sub_orders": [{"id": UUID, "number": str}]}


class BelowShipped(Refusal):
    """`lines` names every line that would have fewer units than left, lie packed or were given back."""

    code = "below_shipped"
    title = _("Fewer units than were shipped, packed or refunded")
    members = {"lines": [{"item": UUID, "sku": str, "wanted": int, "least": int}]}


class NothingLeft(Refusal):
    code = "nothing_left"
    title = _("An order has lines: cancel it instead")


class PaidMore(Refusal):
    """`paid` came in already, or went back already, and would be more than the order costs."""

    code = "paid_more"
    title = _("More has been paid than the order would cost")
    members = {"paid": str, "currency": str}


class OtherSeller(Refusal):
    code = "other_seller"
    title = _("The order is with another seller")
    members = {"sellers": [UUID]}


def not_editable(order: Order) -> NotEditable:
    return NotEditable(
        gettext("Order %(number)s is %(status)s: its lines cannot be changed any more.")
        % {"number": order.number, "status": order.get_status_display().lower()},
        status_now=order.status,
    )


def order_is_split(parent: Order, seller_orders: Sequence[Order]) -> OrderIsSplit:
    return OrderIsSplit(
        gettext("Order %(number)s is split between sellers: change its sub-orders.") % {"number": parent.number},
        sub_orders=[{"id": str(seller_order.pk), "number": seller_order.number} for seller_order in seller_orders],
    )


def below_shipped(lines: list[dict[str, Any]]) -> BelowShipped:
    return BelowShipped(
        gettext("Some lines need more units: %(names)s.")
        % {"names": ", ".join(f"{line['sku']} ≥ {line['least']}" for line in lines)},
        lines=lines,
    )
