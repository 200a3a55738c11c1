"""What staff do about money that was too little, too much, too late or paid twice."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.balances import payment_balances
from orders.incoming_payments.confirming import IncomingPayment, confirm_paid, count_partial_payments, sell_holds
from orders.incoming_payments.due import amount_due
from orders.incoming_payments.receiving import waiting
from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order_group, find_changed
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.adjustment import Adjustment, AdjustmentKind
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentRecordStatus
from orders.models.refund import RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundPromise
from orders.states import OrderStatus, Trigger
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import NotFound, Refusal
from shared.ids import new_id
from shared.money.amounts import format_money, split_money

Work = Callable[[OrderGroup, Payment, datetime, UUID], None]


class PaymentNotFound(NotFound):
    code = "payment_not_found"
    title = _("No such payment")


class NothingToSettle(Refusal):
    code = "nothing_to_settle"
    title = _("There is nothing to settle about the payment in that way")


def accept_short_payment(*, payment_id: UUID, actor: Actor, reason: str, now: datetime | None = None) -> Order:
    """The rest is written off: the order's total falls to what came in, and it is confirmed.

    An adjustment of every seller order says so; the totals go on adding up. Raises PaymentNotFound, NothingToSettle,
    Unavailable. Locks: the order group, then its stock levels in primary-key order. Commits its own
    transaction, as do the others here.
    """

    def accept(group: OrderGroup, payment: Payment, moment: datetime, event_id: UUID) -> None:
        order = group.parent
        payments = list(Payment.objects.filter(order=order))
        if order.status != OrderStatus.PENDING or payment.status != PaymentRecordStatus.UNDERPAID:
            raise _nothing_to_settle(payment)
        rest = amount_due(order, payments)
        _write_off(group, rest, reason)
        # All that waited for the rest, not this payment alone: there is no rest any more.
        count_partial_payments(waiting(payments), moment)
        incoming = IncomingPayment(payment.amount, payment.reference, actor, event_id)
        written_off = {"written_off": format_money(rest, order.currency), "currency": order.currency, "note": reason}
        confirm_paid(group, incoming, moment, by=Trigger.PAYMENT, data=written_off)
        sell_holds(group, incoming, moment)

    return _settle_under_lock(payment_id, accept, now)


def refund_overpayment(*, payment_id: UUID, actor: Actor, reason: str, now: datetime | None = None) -> Order:
    """Promise back what the payment has above what the order needs: all of one that came too late, twice or too
    little, the excess of one that was too much. Raises and locks as accept_short_payment, but for stock."""

    def give(group: OrderGroup, payment: Payment, moment: datetime, event_id: UUID) -> None:
        overpaid = next(balance.overpaid for paid, balance in payment_balances(group.parent) if paid.pk == payment.pk)
        if not overpaid:
            raise _nothing_to_settle(payment)
        promise = RefundPromise(
            amount=overpaid,
            cause=RefundCause.OVERPAYMENT,
            reason=reason,
            actor=actor,
            now=moment,
            event_id=event_id,
            payment=payment,
        )
        create_refunds(group.parent, group.parent, promise)
        # One that was settled before keeps its moment.
        Payment.objects.filter(pk=payment.pk, settled_at=None).update(settled_at=moment)

    return _settle_under_lock(payment_id, give, now)


def mark_payment_settled(*, payment_id: UUID, actor: Actor, reason: str, now: datetime | None = None) -> Order:
    """Nothing more is to be done about it. Not while its money waits for the rest or to go back. Raises and locks as
    refund_overpayment."""

    def mark(group: OrderGroup, payment: Payment, moment: datetime, event_id: UUID) -> None:
        is_open = payment.status in (PaymentRecordStatus.UNDERPAID, PaymentRecordStatus.REFUND_DUE)
        if is_open or payment.settled_at is not None:
            raise _nothing_to_settle(payment)
        Payment.objects.filter(pk=payment.pk).update(settled_at=moment)
        change_order_group(
            group,
            kind=EventKind.EDITED,
            actor=actor,
            now=moment,
            reason=reasons.PAYMENT_SETTLED(),
            data={"payment": str(payment.pk), "note": reason},
            event_id=event_id,
        )

    return _settle_under_lock(payment_id, mark, now)


def _settle_under_lock(payment_id: UUID, settle: Work, now: datetime | None) -> Order:
    event_id = new_id()
    # Before the lock, as the order is what is locked. Whose payment it is never changes.
    order_id = Payment.objects.filter(pk=payment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise PaymentNotFound(gettext("No such payment: %(payment)s.") % {"payment": payment_id})

    def change(group: OrderGroup) -> Order:
        settle(group, Payment.objects.get(pk=payment_id), now or database_now(), event_id)
        return group.parent

    return change_under_lock(
        change,
        lock=partial(lock_order_group, order_id),
        name="settle_payment",
        find_done=partial(find_changed, event_id),
    )


def _write_off(group: OrderGroup, amount: Decimal, reason: str) -> None:
    """Off the total, as a discount: of a split order each sub-order bears its share."""
    shares = split_money(amount, [seller_order.total for seller_order in group.seller_orders], group.parent.currency)
    for seller_order, share in zip(group.seller_orders, shares, strict=True):
        if share:
            Adjustment.objects.create(
                id=new_id(), order=seller_order, kind=AdjustmentKind.WRITE_OFF, label=reason[:200], amount=-share
            )
            _lower_total(seller_order, share)
    if group.sub_orders:
        _lower_total(group.parent, amount)


def _lower_total(order: Order, amount: Decimal) -> None:
    # As a discount, so that the CHECK on totals and every sum over orders go on holding.
    order.discount_total += amount
    order.total -= amount
    Order.objects.filter(pk=order.pk).update(discount_total=order.discount_total, total=order.total)


def _nothing_to_settle(payment: Payment) -> NothingToSettle:
    text = gettext("The payment of %(amount)s %(currency)s is %(status)s (%(match)s).")
    values = {
        "amount": format_money(payment.amount, payment.currency),
        "currency": payment.currency,
        "status": payment.get_status_display().lower(),
        "match": payment.get_match_display().lower(),
    }
    return NothingToSettle(text % values)
