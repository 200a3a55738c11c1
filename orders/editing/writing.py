"""A planned change as rows: lines, totals, the reasons of amounts, and what the order looked like before and after."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from orders.editing.amounts import Difference
from orders.editing.new_lines import NewLine
from orders.editing.planning import EditPlan, LineChange
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.states import OrderStatus
from shared.money.amounts import format_money


def write_lines(group: OrderGroup, plan: EditPlan) -> None:
    """The changed lines, the dropped ones among them, and the new ones, counted on from the order's last."""
    for change in plan.changes:
        _set_line(change)
    OrderItem.objects.bulk_update(
        [change.item for change in plan.changes],
        ["quantity", "total_price", "tax_amount", "discount_amount", "status"],
    )
    if plan.additions:
        # Over the whole group: the parent order shows the lines of all its sub-orders as one list.
        last = OrderItem.objects.filter(order_id__in=group.ids).aggregate(last=Max("position"))["last"] or 0
        OrderItem.objects.bulk_create(
            _new_item(plan.seller_order, line, last + place) for place, line in enumerate(plan.additions, start=1)
        )


def _set_line(change: LineChange) -> None:
    item = change.item
    item.quantity = change.after
    item.total_price = change.amounts.total_price
    item.tax_amount = change.amounts.tax_amount
    item.discount_amount = change.amounts.discount_amount
    # The row stays with no units: events, refunds and documents point at it.
    if change.after == 0:
        item.status = OrderStatus.CANCELLED


def _new_item(seller_order: Order, line: NewLine, position: int) -> OrderItem:
    return OrderItem(
        id=line.id,
        order=seller_order,
        position=position,
        variant_id=line.sellable.variant_id,
        seller_id=line.seller_id,
        sku=line.sellable.sku,
        name=line.sellable.name,
        quantity=line.quantity,
        unit_price=line.amounts.unit_price,
        tax_rate=line.amounts.tax_rate,
        total_price=line.amounts.total_price,
        tax_amount=line.amounts.tax_amount,
        tax_included=line.amounts.tax_included,
        price_reason=line.amounts.price_reason,
        status=seller_order.status,
    )


def amounts_after(order: Order, by: Difference) -> dict[str, Any]:
    """The order's amounts when its lines change so; shipping stays."""
    return {
        "subtotal": order.subtotal + by.subtotal,
        "discount_total": order.discount_total + by.discount_total,
        "tax_total": order.tax_total + by.tax_total,
        "total": order.total + by.total,
    }


def snapshot_of(order: Order, items: Iterable[OrderItem]) -> dict[str, Any]:
    """Lines and totals as the API names them."""
    currency = order.currency
    names = ("subtotal", "discount_total", "tax_total", "shipping_total", "total")
    # As text of the day: what the event shows must not change when a variant is renamed.
    lines = [
        {
            "id": str(item.pk),
            "variant": str(item.variant_id),
            "sku": item.sku,
            "name": item.name,
            "quantity": item.quantity,
            "unit_price": format_money(item.unit_price, currency),
            "discount_amount": format_money(item.discount_amount, currency),
            "total_price": format_money(item.total_price, currency),
            "tax_amount": format_money(item.tax_amount, currency),
        }
        for item in items
    ]
    return {"lines": lines, **{name: format_money(getattr(order, name), currency) for name in names}}


def event_data(plan: EditPlan) -> dict[str, Any]:
    """What the event says."""
    currency = plan.seller_order.currency
    changed = [
        {"item": str(change.item.pk), "sku": change.item.sku, "from": change.before, "to": change.after}
        for change in plan.changes
    ]
    added = [
        {"item": str(line.id), "sku": line.sellable.sku, "from": 0, "to": line.quantity} for line in plan.additions
    ]
    return {
        "seller_order": plan.seller_order.number,
        "lines": changed + added,
        "difference": format_money(plan.difference.total, currency),
        "currency": currency,
    }
