"""What an invoice says: a JSON snapshot from which alone it is drawn, then and ever after.

Amounts are decimal strings in `currency`, as the order has them; nothing is computed anew but sums by tax rate.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from orders.documents.addressee import addressee, delivered_to
from orders.lifecycle.order_group import OrderGroup
from orders.models.adjustment import Adjustment, AdjustmentKind
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment
from orders.states import OrderStatus
from shared.clock import day_of
from shared.money.amounts import format_money, minor_unit
from shared.privacy.erasure import ERASED_NAME
from shop.printed import shop_as_printed
from users.customers.tax_number import tax_number_of
from users.models.customer import Customer

# What may differ between two invoices of an unchanged order: days are those of the zone that the shop has by then.
_OF_ITS_ISSUE = (
    *("number", "date", "ordered_on", "paid_on", "supplied_on"),
    *("tax_notes", "language", "buyer", "seller", "replaces"),
)
_ZERO = Decimal(0)


def invoice_content(
    group: OrderGroup, *, number: str, now: datetime, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Of the whole order: a split one with the lines of all sub-orders. `before` is what the invoice says that it
    replaces. 4 statements beside its head."""
    order = group.parent
    items = list(
        # A line that a change dropped stays in the order with no units, for its history; no invoice names it.
        OrderItem.objects.filter(order__in=group.seller_orders, quantity__gt=0)
        .select_related("seller")
        .order_by("order_id", "position")
    )
    currency = order.currency
    totals = ("subtotal", "discount_total", "tax_total", "shipping_total", "shipping_tax", "total")
    return {
        **head_of(order, number, now, before),
        "replaces": before["number"] if before else "",
        "supplied_on": _supplied_on(group),
        "sellers": sorted({item.seller.name for item in items}),
        "coupon": order.coupon_code,
        "lines": [_line_content(item, currency) for item in items],
        "taxes": _taxes_by_rate(items, currency),
        "tax_notes": _tax_notes(order, items),
        **{name: format_money(getattr(order, name), currency) for name in totals},
    }


def says_the_same(content: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two invoices are about the same lines and amounts, and name the same buyer at the same place."""
    return _told_by(content) == _told_by(other) and _is_same_buyer(content["buyer"], other["buyer"])


def _told_by(content: dict[str, Any]) -> dict[str, Any]:
    """Without what follows from the rest: documents from before it was kept lack it."""
    lines = [{name: value for name, value in line.items() if name != "unit_net"} for line in content["lines"]]
    return {**{name: value for name, value in content.items() if name not in _OF_ITS_ISSUE}, "lines": lines}


def _is_same_buyer(buyer: dict[str, str], other: dict[str, str]) -> bool:
    # An erasure is no correction.
    if ERASED_NAME in (buyer["name"], other["name"]):
        return True
    return all(buyer.get(part, "") == other.get(part, "") for part in ("name", "address", "tax_number"))


def head_of(order: Order, number: str, now: datetime, invoice: Mapping[str, Any] | None) -> dict[str, Any]:
    """What every document of an order begins with; `invoice` is what the one before says. 3 statements."""
    # `everyone`: who was deleted since is still owed the document.
    customer = Customer.everyone.select_related("company").get(pk=order.customer_id)
    return {
        "number": number,
        # The shop's day, like the year in its number: a document of New Year's Eve is in the series of its own date.
        "date": day_of(now).isoformat(),
        "language": customer.language,
        "order": order.number,
        "seller": shop_as_printed(),
        "ordered_on": day_of(order.created_at).isoformat(),
        "paid_on": day_of(order.paid_at).isoformat() if order.paid_at else "",
        "buyer": {
            # As the order has them: what was sold to whom does not move with the customer.
            **addressee(order, order.billing_address),
            "tax_number": order.customer_tax_number or _number_beside(invoice, customer),
            "email": order.customer_email,
            "delivery": delivered_to(order),
        },
        "currency": order.currency,
    }


def _number_beside(invoice: Mapping[str, Any] | None, customer: Customer) -> str:
    """The tax number of the buyer of an order that has none, as of those placed before anybody asked for it. The first
    invoice settles it: what is issued later does not move with the customer."""
    return tax_number_of(customer) if invoice is None else invoice["buyer"].get("tax_number", "")


def _line_content(item: OrderItem, currency: str) -> dict[str, Any]:
    return {
        "sku": item.sku,
        "name": item.name,
        "seller": item.seller.name,
        "quantity": item.quantity,
        "unit_price": format_money(item.unit_price, currency),
        "tax_included": item.tax_included,
        "unit_net": _unit_net(item, currency),
        "net": format_money(item.total_price, currency),
        "discount": format_money(item.discount_amount, currency),
        "tax_rate": shown_rate(item.tax_rate),
        "tax": format_money(item.tax_amount, currency),
        "total": format_money(_taxable_amount(item) + item.tax_amount, currency),
    }


def _unit_net(item: OrderItem, currency: str) -> str:
    """The price of one without tax. Of a price that contains it two more digits, as a cent is much of a small one."""
    if not item.tax_included:
        return format_money(item.unit_price, currency)
    return str((item.total_price / item.quantity).quantize(minor_unit(currency) / 100))


def _supplied_on(group: OrderGroup) -> str:
    """The day on which the last goods left; none while some are here: then the day of payment is what counts."""
    supplied = [order for order in group.seller_orders if order.status != OrderStatus.CANCELLED]
    if any(order.status not in (OrderStatus.SHIPPED, OrderStatus.DELIVERED) for order in supplied):
        return ""
    left = Shipment.objects.filter(order__in=supplied).aggregate(last=Max("shipped_at"))["last"]
    return day_of(left).isoformat() if left else ""


def _tax_notes(order: Order, items: Sequence[OrderItem]) -> list[str]:
    """Why some lines bear no tax: what the region calls the rate of 0, e.g. reverse charge or an exemption."""
    if all(item.tax_rate for item in items):
        return []
    reasons = Adjustment.objects.filter(order=order, kind=AdjustmentKind.TAX).order_by("id")
    return [row.label for row in reasons if not Decimal(row.data.get("rate", "1"))]


def shown_rate(rate: Decimal) -> str:
    """A share of 1, without what is not needed: 0.19."""
    # `f`, as normalize alone writes 1E+1 for ten.
    return f"{rate.normalize():f}"


def _taxable_amount(item: OrderItem) -> Decimal:
    return item.total_price - item.discount_amount


def _taxes_by_rate(items: Sequence[OrderItem], currency: str) -> list[dict[str, str]]:
    """Net and tax of the lines, by rate, the highest first."""
    # Of lines alone: the tax on shipping is a line of its own in the document's sums.
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for item in items:
        net, tax = sums.get(item.tax_rate, (_ZERO, _ZERO))
        sums[item.tax_rate] = (net + _taxable_amount(item), tax + item.tax_amount)
    return [
        {"rate": shown_rate(rate), "net": format_money(net, currency), "tax": format_money(tax, currency)}
        for rate, (net, tax) in sorted(sums.items(), reverse=True)
    ]
