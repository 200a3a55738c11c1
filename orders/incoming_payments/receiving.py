"""Money that came in, put beside what the order is due. The order group must be locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orders.incoming_payments.balances import payments_of
from orders.incoming_payments.confirming import (
    IncomingPayment,
    confirm_paid,
    confirm_paid_orders,
    count_partial_payments,
    sell_holds,
)
from orders.incoming_payments.due import ZERO, amount_due, kept_due
from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.pricing.coupon_use import lock_coupon_of, use_again
from orders.reservations.holds import end_holds
from orders.reservations.retaking import retake_stock
from orders.states import UNPAID, CancelReason, OrderStatus, PaymentStatus, ReservationStatus, Trigger
from shared.actor import Actor
from shared.database.insert_rows import insert_rows
from shared.ids import new_id
from shared.money.amounts import format_money
from shared.planner.known_instance import known_instance


def receive(group: OrderGroup, incoming: IncomingPayment, payments: Sequence[Payment], now: datetime) -> Payment:
    """Record what came in beside the order's other `payments`, and act on it.

    Unpaid: enough sells the holds and confirms the order, also past its deadline; too little waits for the rest. Timed
    out: enough revives it where all its stock is there. Everything else is to be given back. What came above what was
    due is the payment's excess. Locks stock levels, in primary-key order: call it last in the transaction.
    """
    order = group.parent
    if order.status == OrderStatus.PENDING:
        return _receive_unpaid(group, incoming, payments, now)
    if may_be_revived(order) and incoming.amount >= order.total:
        # Before the stock, as in placing: both lock the coupon first, so neither can hold what the other waits for.
        coupon = lock_coupon_of(order)
        if retake_stock(group, actor=incoming.actor, now=now):
            use_again(coupon, order, now=now)
            excess = incoming.amount - order.total
            # LATE stays on it for the reports; with nothing in excess nobody has to look, so it is settled at once.
            payment = _record_payment(order, incoming, now, PaymentMatch.LATE, excess=excess, is_settled=not excess)
            _confirm_order(group, payment, incoming, now, by=Trigger.LATE_PAYMENT)
            return payment
    # A paid order that was changed since and costs more: the money is for the difference, not a second payment.
    elif due := amount_due(order, payments):
        return _receive_difference(group, incoming, due, now)
    # Never refused: the money is here already, and what is not recorded cannot be given back.
    return _owe_refund(group, incoming, now)


def receive_totals(orders: Sequence[Order], *, actor: Actor, now: datetime, event_ids: Mapping[UUID, UUID]) -> None:
    """As receive, of many locked orders that nothing has happened to since they were placed and that have no
    sub-orders: the total of each, without a reference. `event_ids` by the order's. As many statements as for one.
    Locks stock levels, in primary-key order: call it last in the transaction."""
    came = [(order, IncomingPayment(order.total, "", actor, event_ids[order.pk])) for order in orders]
    insert_rows([_new_payment(order, incoming, now, PaymentMatch.EXACT) for order, incoming in came])
    confirm_paid_orders(orders, actor=actor, now=now, event_ids=event_ids)
    end_holds([order.pk for order in orders], as_status=ReservationStatus.CONVERTED, actor=actor, now=now)


def payments_so_far(order: Order) -> list[Payment]:
    """What came in for the locked order. One that nothing has happened to since it was placed (its version is still
    the first) has none, and is not asked."""
    return [] if order.version == 1 else payments_of(order_id=order.pk)


def may_be_revived(order: Order) -> bool:
    """Whether a late payment may still revive the order: it may once, not after money is already owed back."""
    return (
        order.status == OrderStatus.CANCELLED
        and order.cancel_reason == CancelReason.PAYMENT_TIMEOUT
        and order.payment_status in UNPAID
    )


def waiting(payments: Sequence[Payment]) -> list[Payment]:
    """Those that were too little and wait for the rest."""
    return [payment for payment in payments if payment.status == PaymentRecordStatus.UNDERPAID]


def _receive_unpaid(
    group: OrderGroup, incoming: IncomingPayment, payments: Sequence[Payment], now: datetime
) -> Payment:
    # Also past its deadline: as long as the sweep has not ended the order its stock is still held for it.
    order, partial = group.parent, waiting(payments)
    excess = incoming.amount - amount_due(order, partial)
    if excess < 0:
        return _wait_for_rest(group, incoming, -excess, now)
    count_partial_payments(partial, now)
    match = PaymentMatch.OVER if excess else PaymentMatch.EXACT
    payment = _record_payment(order, incoming, now, match, excess=excess, is_partial=bool(partial))
    _confirm_order(group, payment, incoming, now, by=Trigger.PAYMENT)
    # Last: it locks stock levels, which come after everything else in the lock order.
    sell_holds(group, incoming, now)
    return payment


def _wait_for_rest(group: OrderGroup, incoming: IncomingPayment, rest: Decimal, now: datetime) -> Payment:
    """The order stays unpaid and keeps its deadline."""
    payment = _record_payment(
        group.parent, incoming, now, PaymentMatch.UNDER, status=PaymentRecordStatus.UNDERPAID, is_partial=True
    )
    change_order_group(
        group,
        kind=EventKind.UNDERPAID,
        actor=incoming.actor,
        now=now,
        reason=incoming.reference[:200],
        data=_payment_details(payment),
        event_id=incoming.event_id,
        # Also where an earlier attempt FAILED: part of the money is here, so it is being paid again.
        payment_status=PaymentStatus.PENDING,
        open_amount=rest,
        sub_orders_keep=("open_amount",),
    )
    return payment


def _receive_difference(group: OrderGroup, incoming: IncomingPayment, due: Decimal, now: datetime) -> Payment:
    """The order was changed after it was paid, and costs more now."""
    excess = max(incoming.amount - due, ZERO)
    match = PaymentMatch.OVER if excess else PaymentMatch.EXACT
    payment = _record_payment(group.parent, incoming, now, match, excess=excess, is_partial=True)
    change_order_group(
        group,
        kind=EventKind.PAID,
        actor=incoming.actor,
        now=now,
        reason=incoming.reference[:200],
        data=_payment_details(payment),
        event_id=incoming.event_id,
        open_amount=kept_due(max(due - incoming.amount, ZERO), total=group.parent.total, is_paid=True),
        sub_orders_keep=("open_amount",),
    )
    return payment


def _confirm_order(
    group: OrderGroup, payment: Payment, incoming: IncomingPayment, now: datetime, *, by: Trigger
) -> None:
    is_plain = payment.match == PaymentMatch.EXACT and not payment.is_partial
    confirm_paid(group, incoming, now, by=by, data={} if is_plain else _payment_details(payment))


def _owe_refund(group: OrderGroup, incoming: IncomingPayment, now: datetime) -> Payment:
    cancelled = group.parent.status == OrderStatus.CANCELLED
    match = PaymentMatch.LATE if cancelled else PaymentMatch.DUPLICATE
    payment = _record_payment(group.parent, incoming, now, match, status=PaymentRecordStatus.REFUND_DUE)
    # A live order stays PAID: only the second payment is to go back, and its own row says so.
    fields: dict[str, Any] = {"payment_status": PaymentStatus.REFUND_DUE} if cancelled else {}
    change_order_group(
        group,
        kind=EventKind.PAYMENT_REFUND_DUE,
        actor=incoming.actor,
        now=now,
        reason=reasons.PAID_AFTER_CANCELLING() if cancelled else reasons.PAID_TWICE(),
        data=_payment_details(payment),
        event_id=incoming.event_id,
        **fields,
    )
    return payment


def _record_payment(
    order: Order, incoming: IncomingPayment, now: datetime, match: PaymentMatch, **more: Any
) -> Payment:
    payment = _new_payment(order, incoming, now, match, **more)
    insert_rows([payment])
    return payment


def _new_payment(
    order: Order,
    incoming: IncomingPayment,
    now: datetime,
    match: PaymentMatch,
    *,
    status: PaymentRecordStatus = PaymentRecordStatus.PAID,
    excess: Decimal = ZERO,
    is_partial: bool = False,
    is_settled: bool = False,
) -> Payment:
    return known_instance(
        Payment,
        id=new_id(),
        order_id=order.pk,
        amount=incoming.amount,
        currency=order.currency,
        reference=incoming.reference,
        status=status,
        provider=incoming.provider,
        method=incoming.method,
        intent_id=incoming.intent_id,
        match=match,
        is_partial=is_partial,
        excess_amount=excess,
        settled_at=now if is_settled else None,
        actor_id=incoming.actor.user_id,
        created_at=now,
    )


def _payment_details(payment: Payment) -> dict[str, Any]:
    return {
        "payment": str(payment.pk),
        "amount": format_money(payment.amount, payment.currency),
        "currency": payment.currency,
        "match": payment.match,
        "too_much": format_money(payment.excess_amount, payment.currency),
    }
