"""What an order comes to, as its page adds it up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from orders.incoming_payments.balances import payment_balances, uncancelled_refunds
from orders.incoming_payments.due import shown_due
from orders.models.order import Order
from orders.models.payment import PaymentRecordStatus
from orders.states import OrderStatus
from shared.admin.display import money

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """`kind`: sum, open, or nothing."""

    label: str
    amount: str
    hint: str = ""
    kind: str = ""


def receipt_of(order: Order, *, with_money: bool) -> list[ReceiptRow]:
    """In the order in which it adds up; amounts that are nothing are left out. Of what came in and went back for who
    may see payments: three statements."""
    rows = [
        (_("Subtotal"), order.subtotal, _("net"), ""),
        (_("Discount"), -order.discount_total, order.coupon_code, ""),
        (_("Shipping"), order.shipping_total, order.shipping_method, ""),
        (_("Tax"), order.tax_total, "", ""),
        (_("Total"), order.total, "", "sum"),
        *(_money_rows(order) if with_money else ()),
        (_("Open"), shown_due(order), "", "open"),
    ]
    kept = [row for row in rows if row[1] or row[3] == "sum" or row[0] == _("Subtotal")]
    return [ReceiptRow(label, money(amount, order.currency), hint, kind) for label, amount, hint, kind in kept]


def _money_rows(order: Order) -> list[tuple[str, Decimal, str, str]]:
    """The money of a sub-order is its parent order's: of it only what went back is told."""
    refunds: Any = list(uncancelled_refunds(order).values_list("amount", "order_return_id"))
    returned = sum((amount for amount, of_return in refunds if of_return), _ZERO)
    if order.parent_id:
        refunded = sum((amount for amount, _of_return in refunds), _ZERO)
        return [(_("Refunded"), -refunded, "", ""), (_("of it for returns"), -returned, "", "part")]
    found = payment_balances(order)
    balances = [balance for _payment, balance in found]
    # A part of the price waits for the rest of it while the order does.
    waits = order.status != OrderStatus.CANCELLED
    owed = [one.overpaid for paid, one in found if not (waits and paid.status == PaymentRecordStatus.UNDERPAID)]
    return [
        (_("Paid"), sum((one.amount for one in balances), _ZERO), "", ""),
        (_("Refunded"), -sum((one.refunded for one in balances), _ZERO), "", ""),
        (_("of it for returns"), -returned, "", "part"),
        (_("To be given back"), sum(owed, _ZERO), "", "open"),
    ]
