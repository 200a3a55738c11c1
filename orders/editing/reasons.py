"""The reasons of an order's amounts (orders.models.adjustment) follow its lines. The order group must be locked."""

from decimal import Decimal
from typing import Any

from orders.editing.amounts import ZERO
from orders.editing.new_lines import NewLine
from orders.editing.planning import EditPlan, amounts_of
from orders.models.adjustment import Adjustment, AdjustmentKind
from orders.models.order import Order
from orders.pricing import LineAmounts
from shared.ids import new_id
from shared.money.amounts import round_money, split_money


def follow_lines(parent: Order, plan: EditPlan) -> None:
    """Move the sums that the reasons tell of as the plan moves them; call it before the lines are written. A plain
    order has no reasons: one statement finds none."""
    rows = list(Adjustment.objects.filter(order=parent).order_by("id"))
    moved = [row for row in rows if _adjust_amount(row, plan)] + _move_discounts(rows, plan, parent.currency)
    Adjustment.objects.bulk_update(moved, ["amount"])
    Adjustment.objects.bulk_create(_price_reason(parent, line) for line in plan.additions if line.amounts.price_reason)


def _adjust_amount(row: Adjustment, plan: EditPlan) -> bool:
    """Whether the reason's amount is another one now."""
    before = row.amount
    if row.kind == AdjustmentKind.PRICE:
        row.amount = _price_amount(row, plan)
    # Shipping stays as it was agreed when lines change, and so does its tax.
    elif row.kind == AdjustmentKind.TAX and row.data.get("of") != "shipping":
        row.amount += _tax_moved(Decimal(row.data["rate"]), plan)
    return row.amount != before


def _move_discounts(rows: list[Adjustment], plan: EditPlan, currency: str) -> list[Adjustment]:
    """A line's own discount moves with its line; the others share what is left by what they took off. The rows that
    moved."""
    discounts = [row for row in rows if row.kind == AdjustmentKind.DISCOUNT and row.amount]
    of_lines = {row.item_id: row for row in discounts if row.item_id}
    moved, left = [], plan.difference.discount_total
    for change in plan.changes:
        row, before = of_lines.get(change.item.pk), change.item.discount_amount
        if row is not None and before:
            own = round_money((change.amounts.discount_amount - before) * -row.amount / before, currency)
            row.amount -= own
            left -= own
            moved.append(row)
    others = [row for row in discounts if not row.item_id]
    for row, share in zip(others, split_money(left, [-row.amount for row in others], currency), strict=True):
        row.amount -= share
    return moved + others


def _price_amount(row: Adjustment, plan: EditPlan) -> Decimal:
    """What a line costs more or less than by the catalogue's price, with the units it has now."""
    # The catalogue's price of the day the line was bought: today's would explain another difference.
    own = row.data.get("catalogue_price")
    for change in plan.changes:
        if change.item.pk == row.item_id and own is not None:
            return (change.item.unit_price - Decimal(own)) * change.after
    return row.amount


def _tax_moved(rate: Decimal, plan: EditPlan) -> Decimal:
    """The tax at that rate that comes or goes."""
    now = [change.amounts for change in plan.changes] + [line.amounts for line in plan.additions]
    return _tax_at(rate, now) - _tax_at(rate, [amounts_of(change.item) for change in plan.changes])


def _tax_at(rate: Decimal, lines: list[LineAmounts]) -> Decimal:
    return sum((line.tax_amount for line in lines if line.tax_rate == rate), ZERO)


def _price_reason(parent: Order, line: NewLine) -> Adjustment:
    own = line.sellable.unit_price if line.sellable.currency == parent.currency else None
    # Without a catalogue price in the order's currency there is nothing that it would be more or less than.
    more = ZERO if own is None else (line.amounts.unit_price - own) * line.quantity
    data: dict[str, Any] = {
        "unit_price": str(line.amounts.unit_price),
        "catalogue_price": None if own is None else str(own),
    }
    return Adjustment(
        id=new_id(),
        order=parent,
        item_id=line.id,
        kind=AdjustmentKind.PRICE,
        label=line.amounts.price_reason,
        amount=more,
        data=data,
    )
