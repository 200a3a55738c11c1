"""The requested refund, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import amount_of_units, given_back, shipping_left
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import RefundCause
from orders.refunds.promise import RefundLine
from orders.reservations.backorders import waiting_units
from orders.shipping.unfulfilled import units_to_ship
from shared.errors import InvalidInput, Refusal
from shared.money.checks import check_amounts


class TooManyUnits(Refusal):
    """`lines` names every line of which more was asked than is left."""

    code = "too_many_units"
    title = _("More units than there are left")
    members = {"lines": [{"item": UUID, "sku": str, "wanted": int, "left": int}]}


@dataclass(frozen=True, slots=True)
class RequestedLine:
    """`quantity` units of a line. Those that have not left yet are called off, and go back on the shelf if
    `restock`; what was shipped comes back by a return."""

    item_id: UUID
    quantity: int
    restock: bool = True


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Lines, with or without what is left of shipping, less a fee; or, alone, a free `amount`."""

    lines: tuple[RequestedLine, ...] = ()
    amount: Decimal | None = None
    shipping: bool = False
    restocking_fee: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """What a request comes to for one seller order; `fee` is in `amount` already."""

    seller_order: Order
    amount: Decimal
    lines: list[RefundLine] = field(default_factory=list)
    shipping: Decimal = ZERO
    fee: Decimal = ZERO
    cause: RefundCause = RefundCause.ITEMS


def plan_refunds(group: OrderGroup, order: Order, requested: RefundRequest) -> list[RefundPlan]:
    """What the request comes to, for each seller order it is about. Reads only. Raises TooManyUnits, InvalidInput."""
    check_amounts({"/amount": requested.amount, "/restocking_fee": requested.restocking_fee}, order.currency)
    seller_orders = [order] if order.pk != group.parent.pk else list(group.seller_orders)
    # Beside lines it would be unclear whether they are in the amount or come on top of it.
    if requested.amount is not None:
        if requested.lines or requested.shipping or requested.restocking_fee:
            raise InvalidInput(("/amount", "alone", gettext("A free amount stands alone, without lines or a fee.")))
        return [RefundPlan(_only_seller_order(seller_orders), requested.amount, cause=RefundCause.AMOUNT)]
    chosen = {line.item_id: line for line in requested.lines}
    items = list(OrderItem.objects.filter(order__in=seller_orders, pk__in=chosen).order_by("position"))
    _check_lines(requested.lines, items)
    plans = []
    for seller_order in seller_orders:
        of_seller_orders = [item for item in items if item.order_id == seller_order.pk]
        if of_seller_orders:
            plans.append(_plan_of_lines(seller_order, _refund_lines(of_seller_orders, chosen, seller_order.currency)))
    if not (requested.shipping or requested.restocking_fee):
        return plans or _refuse_empty()
    # Shipping and fees are of one seller order: spread over several, nobody could tell whose they were.
    seller_order = _only_seller_order([plan.seller_order for plan in plans] or seller_orders)
    shipping = shipping_left(seller_order) if requested.shipping else ZERO
    lines = plans[0].lines if plans else []
    amount = sum((line.amount for line in lines), shipping) - requested.restocking_fee
    return [RefundPlan(seller_order, amount, lines, shipping, requested.restocking_fee)]


def _plan_of_lines(seller_order: Order, lines: list[RefundLine]) -> RefundPlan:
    return RefundPlan(seller_order, sum((line.amount for line in lines), ZERO), lines)


def _refuse_empty() -> list[RefundPlan]:
    raise InvalidInput(("/items", "required", gettext("Name lines, shipping or an amount to give back.")))


def _refund_lines(items: Sequence[OrderItem], chosen: Mapping[UUID, RequestedLine], currency: str) -> list[RefundLine]:
    """What has not left is called off first; of that, what waits for goods was never on a shelf."""
    so_far, waiting = given_back(items), waiting_units(item.pk for item in items)
    lines = []
    for item in items:
        line = chosen[item.pk]
        amount = amount_of_units(item, line.quantity, so_far=so_far.get(item.pk, ZERO), currency=currency)
        # Staff name units, not which: calling off what is still here costs nobody a journey back.
        cancelled_units = min(line.quantity, units_to_ship(item))
        # Units sold beyond the stock never came: there is nothing to put back for them.
        on_shelf = max(cancelled_units - waiting.get(item.pk, 0), 0)
        lines.append(RefundLine(item, line.quantity, amount, on_shelf if line.restock else 0, cancelled_units))
    return lines


def _only_seller_order(seller_orders: Sequence[Order]) -> Order:
    if len(seller_orders) != 1:
        text = gettext("The order is split between sellers: name the sub-order that it is about.")
        raise InvalidInput(("/amount", "sub_order_needed", text))
    return seller_orders[0]


def _check_lines(requested: Sequence[RequestedLine], items: Sequence[OrderItem]) -> None:
    known = {item.pk: item for item in items}
    faults = [
        (f"/items/{place}/item", "unknown", gettext("No such line in this order."))
        for place, line in enumerate(requested)
        if line.item_id not in known
    ]
    # Summed up they might be more than is left, and which of the two says whether to restock is unclear.
    if len({line.item_id for line in requested}) < len(requested):
        faults.append(("/items", "repeated", gettext("A line may be named once.")))
    if faults:
        raise InvalidInput(*faults)
    short = [
        {"item": str(item.pk), "sku": item.sku, "wanted": line.quantity, "left": item.quantity - item.refunded_quantity}
        for line in requested
        if line.quantity > (item := known[line.item_id]).quantity - item.refunded_quantity
    ]
    if short:
        raise TooManyUnits(gettext("Some lines have fewer units left than that."), lines=short)
