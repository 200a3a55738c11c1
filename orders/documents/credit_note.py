"""What a credit note says: a JSON snapshot from which alone it is drawn, as an invoice's (orders.documents.content)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from orders.documents.content import head_of, shown_rate
from orders.documents.crediting import (
    SHIPPING,
    ZERO,
    Credited,
    Pot,
    PotKey,
    Taken,
    credit,
    credit_change,
    difference_by_rate,
)
from orders.incoming_payments.amounts import line_amount
from orders.incoming_payments.balances import refunds_of_total
from orders.models.adjustment import Adjustment, AdjustmentKind
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_item import OrderItem
from orders.models.refund import Refund, RefundCause, RefundItem
from shared.money.amounts import format_money, round_money


def credit_note_content(
    order: Order, refund: Refund, *, number: str, now: datetime, invoice: Mapping[str, Any]
) -> dict[str, Any]:
    """Of one refund, with net and tax by rate; `invoice` is what the invoice says that it corrects, `order` the one
    which that is of."""
    currency = refund.currency
    lines = list(RefundItem.objects.filter(refund=refund).select_related("item").order_by("id"))
    credited = _credited_by(refund)
    tax = sum(credited.tax.values(), ZERO)
    # A fee makes the amount smaller than what is named, and is shown by itself: without it the rest would be below
    # zero.
    rest = _split_by_pot(refund, lines).rest + refund.restocking_fee

    def tax_of(key: PotKey) -> Decimal:
        return credited.of_pot.get(key, ZERO)

    def money(amount: Decimal) -> str:
        return format_money(amount, currency)

    return {
        **head_of(order, number, now, invoice),
        "invoice": invoice["number"],
        "reason": refund.reason,
        "lines": [
            {
                "sku": line.item.sku,
                "name": line.item.name,
                "quantity": line.quantity,
                "net": money(line.amount - tax_of(line.item_id)),
                "tax_rate": shown_rate(line.item.tax_rate),
                "tax": money(tax_of(line.item_id)),
                "total": money(line.amount),
            }
            for line in lines
        ],
        "shipping_amount": money(refund.shipping_amount),
        "shipping_tax": money(tax_of(SHIPPING)),
        "restocking_fee": money(refund.restocking_fee),
        "other_amount": money(rest),
        "taxes": [
            {"rate": shown_rate(rate), "net": money(gross - credited.tax[rate]), "tax": money(credited.tax[rate])}
            for rate, gross in sorted(credited.gross.items(), reverse=True)
            if gross or credited.tax[rate]
        ],
        "net": money(refund.amount - tax),
        "tax": money(tax),
        "total": money(refund.amount),
    }


def _credited_by(refund: Refund) -> Credited:
    """An overpayment was never part of what the order costs: there is no tax in it."""
    if refund.cause == RefundCause.OVERPAYMENT:
        return Credited()
    if refund.cause == RefundCause.EDIT and (edit := _edit_of(refund)) is not None:
        rates = {
            str(pk): rate for pk, rate in OrderItem.objects.filter(order=edit.order_id).values_list("pk", "tax_rate")
        }
        # One change may give back by several payments, a refund each, at one moment: each goes on where the one before
        # ended.
        before = Refund.objects.filter(
            order=refund.order_id, cause=RefundCause.EDIT, created_at=refund.created_at, pk__lt=refund.pk
        )
        return credit_change(
            difference_by_rate(edit.before["lines"], edit.after["lines"], rates),
            before=sum(before.order_by().values_list("amount", flat=True), ZERO),
            amount=refund.amount,
            currency=refund.currency,
        )
    seller_order = refund.order
    # What is given back later must not move what this note says when it is made late.
    until = Q(created_at__lt=refund.created_at) | Q(created_at=refund.created_at, pk__lte=refund.pk)
    rows = refunds_of_total().filter(until, order=seller_order).prefetch_related("items")
    made = list(rows.order_by("created_at", "pk"))
    # refunds_of_total leaves those of changes out. This is one whose change is not found, to tell its rates.
    if refund.cause == RefundCause.EDIT:
        made.append(refund)
    return credit(
        _pots_of_order(seller_order), [_split_by_pot(one, list(one.items.all())) for one in made], seller_order.currency
    )


def _edit_of(refund: Refund) -> OrderEdit | None:
    """The change that the refund was made with, in one transaction."""
    return OrderEdit.objects.filter(order=refund.order_id, created_at=refund.created_at).first()


def _split_by_pot(refund: Refund, lines: list[RefundItem]) -> Taken:
    named: dict[PotKey, Decimal] = {line.item_id: line.amount for line in lines}
    if refund.shipping_amount:
        named[SHIPPING] = refund.shipping_amount
    return Taken(named, refund.amount - sum(named.values(), ZERO))


def _pots_of_order(seller_order: Order) -> dict[PotKey, Pot]:
    pots: dict[PotKey, Pot] = {}
    for item in OrderItem.objects.filter(order=seller_order).order_by("position"):
        gross = line_amount(
            total_price=item.total_price, discount_amount=item.discount_amount, tax_amount=item.tax_amount
        )
        pots[item.pk] = Pot(item.tax_rate, gross, item.tax_amount)
    pots[SHIPPING] = Pot(
        _shipping_rate(seller_order), seller_order.shipping_total + seller_order.shipping_tax, seller_order.shipping_tax
    )
    return pots


def _shipping_rate(seller_order: Order) -> Decimal:
    """As the order was placed with it; of a sub-order, its whole order's."""
    if not seller_order.shipping_tax:
        return ZERO
    reasons = Adjustment.objects.filter(order__in=[seller_order.pk, seller_order.parent_id], kind=AdjustmentKind.TAX)
    rate = reasons.filter(data__of="shipping").values_list("data__rate", flat=True).first()
    # Where no reason was kept, the amounts themselves say it, to hundredths.
    return Decimal(rate) if rate else round_money(seller_order.shipping_tax / seller_order.shipping_total, "")
