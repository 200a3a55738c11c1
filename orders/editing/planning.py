"""From the request to what would be written. Reads, refuses by rule, writes nothing and locks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from inventory.sellable_variants import SellableVariant, read_sellables
from orders.editing.amounts import Difference, changed_line, difference
from orders.editing.edit_requests import EditRequest, NothingLeft, below_shipped, not_editable, order_is_split
from orders.editing.new_lines import NewLine, check_for_sale, price_new_lines
from orders.incoming_payments.balances import given_back
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.pricing import LineAmounts
from orders.shipping.unfulfilled import unfulfilled_of
from orders.states import EDITABLE
from shared.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that has `before` units and is to have `after` and cost `amounts`."""

    item: OrderItem
    before: int
    after: int
    amounts: LineAmounts

    @property
    def units(self) -> int:
        """How many come, or below zero go."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class EditPlan:
    """`sellables` are those of all variants of which more units are wanted, by id."""

    seller_order: Order
    items: Sequence[OrderItem]
    changes: Sequence[LineChange]
    additions: Sequence[NewLine]
    sellables: dict[UUID, SellableVariant]
    difference: Difference

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.additions)


def plan_edit(group: OrderGroup, order: Order, requested: EditRequest) -> EditPlan:
    """What the request comes to for a single order or a sub-order. Raises NotEditable, OrderIsSplit, InvalidInput,
    BelowShipped, NothingLeft, OtherSeller, VariantNotFound, VariantUnavailable."""
    # The parent order of a split one has no lines of its own: which seller's share is meant must be said.
    if order.pk == group.parent.pk and group.sub_orders:
        raise order_is_split(order, group.sub_orders)
    if order.status not in EDITABLE:
        raise not_editable(order)
    items = list(OrderItem.objects.filter(order=order).order_by("position"))
    changes = _changed_lines(order, items, requested)
    growing = {str(change.item.variant_id) for change in changes if change.units > 0}
    # Not of lines that shrink: what is not for sale any more may still be given back.
    sellables = read_sellables(growing | {line.variant for line in requested.additions})
    check_for_sale(requested.additions, sellables)
    additions = price_new_lines(order, items, requested.additions, sellables)
    after = {change.item.pk: change.after for change in changes}
    # An order without units could neither be paid nor shipped; cancelling says why it ended, and this would not.
    if not additions and not any(after.get(item.pk, item.quantity) for item in items):
        raise NothingLeft(gettext("Nothing of order %(number)s would be left: cancel it.") % {"number": order.number})
    before = [amounts_of(change.item) for change in changes]
    # Only what changes is computed: rounding the other lines anew could move them by a cent that nobody asked for.
    now = [*(change.amounts for change in changes), *(line.amounts for line in additions)]
    by_id = {sellable.variant_id: sellable for sellable in sellables.values()}
    return EditPlan(order, items, changes, additions, by_id, difference(before, now))


def amounts_of(item: OrderItem) -> LineAmounts:
    """The line's amounts as it stands."""
    return LineAmounts(
        item.unit_price,
        item.total_price,
        item.tax_rate,
        item.tax_amount,
        item.tax_included,
        item.discount_amount,
        item.price_reason,
    )


def _changed_lines(order: Order, items: Sequence[OrderItem], requested: EditRequest) -> list[LineChange]:
    """Only lines whose quantity really changes."""
    _check_lines_known(items, requested)
    by_id = {item.pk: item for item in items}
    changes = []
    for wanted in requested.changes:
        item = by_id[wanted.item_id]
        # A client may send all lines of an order back: those that stay as they are cost no statement and no event.
        if item.quantity == wanted.quantity:
            continue
        if item.status not in EDITABLE:
            text = gettext("The line is %(status)s and stays as it is.") % {"status": item.get_status_display().lower()}
            raise InvalidInput((f"/lines/{wanted.place}/item", "line_closed", text))
        amounts = _amounts_after(item, wanted.quantity, order.currency)
        changes.append(LineChange(item, item.quantity, wanted.quantity, amounts))
    _check_least(order, changes)
    return changes


def _amounts_after(item: OrderItem, after: int, currency: str) -> LineAmounts:
    return changed_line(amounts_of(item), before=item.quantity, after=after, currency=currency)


def _check_lines_known(items: Sequence[OrderItem], requested: EditRequest) -> None:
    known = {item.pk for item in items}
    faults = [
        (f"/lines/{wanted.place}/item", "unknown", gettext("No such line in this order."))
        for wanted in requested.changes
        if wanted.item_id not in known
    ]
    if len({wanted.item_id for wanted in requested.changes}) < len(requested.changes):
        faults.append(("/lines", "repeated", gettext("A line may be named once.")))
    # Dropped lines count, too: their rows stay, and are read with the order.
    if len(items) + len(requested.additions) > MAX_LINES:
        faults.append(("/lines", "length", gettext("An order has 1 to %(most)s lines.") % {"most": MAX_LINES}))
    quantities = [*(line.quantity for line in requested.changes), *(line.quantity for line in requested.additions)]
    if any(not 0 <= quantity <= MAX_QUANTITY for quantity in quantities):
        text = gettext("A line has at most %(most)s units.") % {"most": f"{MAX_QUANTITY:,}"}
        faults.append(("/lines", "out_of_range", text))
    if faults:
        raise InvalidInput(*faults)


def _check_least(order: Order, changes: Sequence[LineChange]) -> None:
    """What left, lies packed, was called off or refunded stays; and what a line gave back it must still cost."""
    shrinking = [change for change in changes if change.units < 0]
    if not shrinking:
        return
    unfulfilled = unfulfilled_of(order)
    back = given_back([change.item for change in shrinking])
    short = []
    for change in shrinking:
        item = change.item
        # Open units are below zero while a shipment still holds some that were cancelled since it was packed.
        least = max(item.quantity - max(unfulfilled.open[item.pk], 0), item.refunded_quantity)
        if change.after < least or _cost_of(change.amounts) < back.get(item.pk, Decimal(0)):
            short.append({"item": str(item.pk), "sku": item.sku, "wanted": change.after, "least": least})
    if short:
        raise below_shipped(short)


def _cost_of(line: LineAmounts) -> Decimal:
    return line.total_price - line.discount_amount + line.tax_amount
