"""What can still go back for an order: read these with its order group locked, or only to show."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from orders.incoming_payments.amounts import ZERO, PaymentBalance, line_amount, units_amount
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment, PaymentRecordStatus
from orders.models.refund import Refund, RefundCause, RefundItem
from orders.states import RefundStatus
from shared.planner.compiled import Ids, compiled_rows, compiled_values
from shared.planner.compiled_query import EqualsAny

# What an edit gives back is no longer in the order's total; an overpayment never was.
_OUTSIDE_THE_TOTAL = (RefundCause.EDIT, RefundCause.OVERPAYMENT)
# Money that came in and stays until somebody gives it back.
_COUNTS = (PaymentRecordStatus.PAID, PaymentRecordStatus.REFUNDED)


def uncancelled_refunds(order: Order) -> QuerySet[Refund]:
    """The refunds of this order or sub-order that were not cancelled."""
    return Refund.objects.filter(order=order).exclude(status=RefundStatus.CANCELLED).order_by()


def refunds_of_total() -> QuerySet[Refund]:
    """Those that lower what an order brings: what an edit gave back is in no total any more, an overpayment never
    was."""
    return Refund.objects.exclude(status=RefundStatus.CANCELLED).exclude(cause__in=_OUTSIDE_THE_TOTAL).order_by()


def seller_order_left(seller_order: Order) -> Decimal:
    """What was not refunded of the seller order's total."""
    return seller_order.total - sum((amount for (amount,) in _given_of_total(order_id=seller_order.pk)), ZERO)


def shipping_left(seller_order: Order) -> Decimal:
    """What was not refunded of the seller order's shipping and its tax."""
    return max(
        seller_order.shipping_total
        + seller_order.shipping_tax
        - _sum_of(uncancelled_refunds(seller_order), "shipping_amount"),
        ZERO,
    )


def refundable(parent: Order, seller_order: Order) -> Decimal:
    """The most that can still be refunded for the seller order."""
    refundable_sum = sum((balance.refundable for _payment, balance in payment_balances(parent)), ZERO)
    # The payments are the order group's: one seller order must not give back what was paid for another's goods.
    return max(min(refundable_sum, seller_order_left(seller_order)), ZERO)


def group_left(parent: Order) -> Decimal:
    """What was not refunded of the order group's seller orders together."""
    seller_orders = list(Order.objects.filter(parent=parent)) or [parent]
    return sum((seller_order_left(seller_order) for seller_order in seller_orders), ZERO)


def payment_balances(parent: Order) -> list[tuple[Payment, PaymentBalance]]:
    """The order's payments, oldest first, with what each has left."""
    payments = payments_of(order_id=parent.pk)
    overpaid = dict(_overpayment_refunded(payment_ids=[payment.pk for payment in payments]))
    return [(payment, balance_of(payment, overpaid.get(payment.pk, ZERO))) for payment in payments]


@compiled_rows
def payments_of(*, order_id: UUID) -> QuerySet[Payment]:
    """The order's payments, oldest first."""
    return Payment.objects.filter(order_id=order_id).order_by("id")


@compiled_values
def _overpayment_refunded(*, payment_ids: Ids) -> QuerySet[Refund, Any]:
    """Payment and sum."""
    rows = Refund.objects.filter(EqualsAny("payment_id", payment_ids), cause=RefundCause.OVERPAYMENT)
    rows = rows.exclude(status=RefundStatus.CANCELLED).order_by()
    return rows.values_list("payment_id").annotate(sum=Sum("amount"))


@compiled_values
def _given_of_total(*, order_id: UUID) -> QuerySet[Refund, Any]:
    return refunds_of_total().filter(order_id=order_id).values_list("amount")


def balance_of(payment: Payment, overpayment_refunded: Decimal) -> PaymentBalance:
    """What the payment has left, when so much of its overpayment went back."""
    return PaymentBalance(
        amount=payment.amount,
        excess=payment.excess_amount,
        refunded=payment.refunded_amount,
        overpayment_refunded=overpayment_refunded,
        counts=payment.status in _COUNTS,
    )


def given_back(items: Iterable[OrderItem]) -> dict[UUID, Decimal]:
    """What refunds that stand gave back for each line; lines without any are missing."""
    rows = RefundItem.objects.filter(item__in=list(items)).exclude(refund__status=RefundStatus.CANCELLED)
    return dict(rows.order_by().values_list("item").annotate(sum=Sum("amount")))


def amount_of_units(item: OrderItem, units: int, *, so_far: Decimal, currency: str) -> Decimal:
    """What refunding `units` more of the line gives back; `so_far` went back for it already."""
    return units_amount(
        line_amount(total_price=item.total_price, discount_amount=item.discount_amount, tax_amount=item.tax_amount),
        quantity=item.quantity,
        refunded=item.refunded_quantity,
        given_back=so_far,
        units=units,
        currency=currency,
    )


def _sum_of(refunds: QuerySet[Refund], field: str) -> Decimal:
    return refunds.aggregate(sum=Sum(field))["sum"] or ZERO
