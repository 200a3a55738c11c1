"""Money came in for an order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from orders.families import Family
from orders.holds import active_holds, end_holds
from orders.locking import lock_whole
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentRecordStatus
from orders.order_changes import change_family, check_transition, find_changed
from orders.order_state import CancelReason, OrderStatus, PaymentStatus, ReservationStatus, Trigger
from orders.retaking import retake_stock
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import format_money
from shared.transactions import outermost_transaction, retry_transaction


class AmountMismatch(Refusal):
    code = "amount_mismatch"
    title = _("The payment is not the order's total")


@dataclass(frozen=True, slots=True)
class _Receipt:
    """What came in. `now` unset: the database's clock, read after locking."""

    amount: Decimal | None
    currency: str | None
    reference: str
    actor: Actor
    now: datetime | None
    event_id: UUID


def confirm_payment(
    *,
    order_id: UUID,
    actor: Actor,
    amount: Decimal | None = None,
    currency: str | None = None,
    reference: str = "",
    now: datetime | None = None,
) -> Order:
    """Record a payment of `amount` (unset: the total) in `currency` (unset: the order's) and act on it.

    Unpaid: the holds become a sale and the order CONFIRMED, also past its deadline as long as nobody expired it.
    Timed out: the stock is taken again if all of it is there. Else, for an order cancelled by hand, and for a second
    payment, the money is recorded as REFUND_DUE. A payment already recorded under `reference` (or, without one, any)
    changes nothing. Raises OrderNotFound, PartOfOrder, AmountMismatch, Unavailable. Locks: the order, then its
    stock levels in primary-key order. Commits its own transaction.
    """
    receipt = _Receipt(amount, currency, reference, actor, now, new_id())

    def work(_again: bool) -> Order:  # a payment that a try of unknown fate recorded is found like any other
        with outermost_transaction():
            family = lock_whole(order_id)
            _check_amount(family.root, receipt)
            if not _is_recorded(family.root, receipt):
                _settle(family, receipt, receipt.now or database_now())
            return family.root

    return retry_transaction(work, name="confirm_payment", find_done=partial(find_changed, receipt.event_id))


def _check_amount(order: Order, receipt: _Receipt) -> None:
    currency = receipt.currency or order.currency
    amount = order.total if receipt.amount is None else receipt.amount
    if (amount, currency) != (order.total, order.currency):
        due = format_money(order.total, order.currency)
        raise AmountMismatch(
            gettext("Order %(number)s is due %(due)s %(currency)s; %(amount)s %(received)s came in.")
            % {
                "number": order.number,
                "due": due,
                "currency": order.currency,
                "amount": f"{amount:f}",
                "received": currency,
            },
            amount_due=due,
            currency=order.currency,
        )


def _is_recorded(order: Order, receipt: _Receipt) -> bool:
    payments = Payment.objects.filter(order=order)
    if receipt.reference:
        payments = payments.filter(reference=receipt.reference)
    return payments.exists()


def _settle(family: Family, receipt: _Receipt, now: datetime) -> None:
    if family.root.status == OrderStatus.PENDING:
        _confirm(family, receipt, now, by=Trigger.PAYMENT)
        holds = active_holds(family.ids)
        end_holds(holds, as_status=ReservationStatus.CONVERTED, actor=receipt.actor, now=now)
    elif _timed_out(family.root) and retake_stock(family, actor=receipt.actor, now=now):
        _confirm(family, receipt, now, by=Trigger.LATE_PAYMENT)
    else:
        _owe_refund(family, receipt, now)


def _timed_out(order: Order) -> bool:
    """Whether a late payment may still revive the order: it may once, not after money is already owed back."""
    return (
        order.status == OrderStatus.CANCELLED
        and order.cancel_reason == CancelReason.PAYMENT_TIMEOUT
        and order.payment_status == PaymentStatus.PENDING
    )


def _confirm(family: Family, receipt: _Receipt, now: datetime, *, by: Trigger) -> None:
    check_transition(family.root, OrderStatus.CONFIRMED, by=by)
    _record(family.root, receipt, now, PaymentRecordStatus.PAID)
    change_family(
        family,
        kind=EventKind.PAID,
        status=OrderStatus.CONFIRMED,
        actor=receipt.actor,
        now=now,
        reason=receipt.reference[:200],
        event_id=receipt.event_id,
        payment_status=PaymentStatus.PAID,
        paid_at=now,
        payment_expires_at=None,
        cancelled_at=None,
        cancel_reason="",
    )


def _owe_refund(family: Family, receipt: _Receipt, now: datetime) -> None:
    _record(family.root, receipt, now, PaymentRecordStatus.REFUND_DUE)
    cancelled = family.root.status == OrderStatus.CANCELLED
    fields: dict[str, Any] = {"payment_status": PaymentStatus.REFUND_DUE} if cancelled else {}
    change_family(
        family,
        kind=EventKind.PAYMENT_REFUND_DUE,
        actor=receipt.actor,
        now=now,
        reason=gettext_noop("paid after cancelling") if cancelled else gettext_noop("paid twice"),
        event_id=receipt.event_id,
        **fields,
    )


def _record(order: Order, receipt: _Receipt, now: datetime, status: PaymentRecordStatus) -> None:
    Payment.objects.create(
        id=new_id(),
        order=order,
        amount=order.total,
        currency=order.currency,
        reference=receipt.reference,
        status=status,
        actor_id=receipt.actor.user_id,
        created_at=now,
    )
