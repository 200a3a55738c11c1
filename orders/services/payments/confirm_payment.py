"""Money came in for an order."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import count
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.confirming import IncomingPayment
from orders.incoming_payments.due import amount_due
from orders.incoming_payments.receiving import payments_so_far, receive
from orders.lifecycle.changes import find_changed
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_parent_order
from orders.models.order import Order
from orders.models.payment import Payment, PaymentMatch
from orders.states import MONEY_IS_HERE
from shared.actor import Actor
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from shared.metrics.names import BY_HAND, PAYMENT_SECONDS
from shared.metrics.recording import timed
from shared.money.amounts import format_money, round_money


class AmountMismatch(Refusal):
    code = "amount_mismatch"
    title = _("The payment is not the order's total")
    members = {"amount_due": str, "currency": str}


def confirm_payment(
    *,
    order_id: UUID,
    actor: Actor,
    amount: Decimal | None = None,
    currency: str | None = None,
    reference: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Record a payment of `amount` (unset: what is due) in `currency` (unset: the order's) and act on it.

    Unpaid, or paid in part: the holds become a sale and the order CONFIRMED, also past its deadline as long as nobody
    expired it. Timed out: the stock is taken again if all of it is there. Paid, but dearer since (by edit_order): what
    is open, without a reference only if `amount` says it. Else, for an order cancelled by hand, and for a second
    payment, the money is recorded as REFUND_DUE. A payment already recorded under `reference` (or, without one, any
    that is no mere part) changes nothing. Raises OrderNotFound, IsSubOrder, StaleVersion, AmountMismatch, Unavailable.
    Locks: the order, then its stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def work(again: bool) -> Order:  # a payment that a try of unknown fate recorded is found like any other
        with outermost_transaction():
            group = lock_parent_order(order_id)
            order = group.parent
            # The version rose by our own try, if that one committed: it is no colleague's change.
            if not (again and find_changed(event_id)):
                check_version(order, expected_version)
            # Read under the order's lock: two reports of one payment would else both find none.
            payments = payments_so_far(order)
            open_amount = amount_due(order, payments)
            due = open_amount or order.total
            recorded = _recorded(order, payments, reference)
            _check_amount(order, amount, currency, expected=[due, *(payment.amount for payment in recorded)])
            if not due and order.payment_status in MONEY_IS_HERE:
                return order  # it costs nothing, and is confirmed without a payment
            is_rest = bool(open_amount) and amount == open_amount and not reference
            if is_rest or not recorded:
                named = reference or _next_name(payments)
                receive(group, IncomingPayment(due, named, actor, event_id), payments, now or database_now())
            return order

    with timed(PAYMENT_SECONDS, BY_HAND):
        return retry_transaction(work, name="confirm_payment", find_done=partial(find_changed, event_id))


def record_payment(
    *,
    order_id: UUID,
    actor: Actor,
    amount: Decimal,
    currency: str,
    reference: str,
    method: str = "",
    now: datetime | None = None,
) -> Order:
    """Record what staff see on the bank statement, be it what the order is due, less or more
    (orders.incoming_payments.receiving).

    `amount` is above zero, in the order's `currency`; `reference` names it, and a payment recorded under it already
    changes nothing. Raises InvalidInput, OrderNotFound, IsSubOrder, AmountMismatch (currency), Unavailable. Locks: the
    order, then its stock levels in primary-key order. Commits its own transaction.
    """
    _check_incoming(amount, currency, reference)
    event_id = new_id()

    def work(_again: bool) -> Order:
        with outermost_transaction():
            group = lock_parent_order(order_id)
            # The currency alone is held against the order: any amount may have come in.
            if currency != group.parent.currency:
                _check_amount(group.parent, amount, currency)
            payments = payments_so_far(group.parent)
            if not _recorded(group.parent, payments, reference):
                incoming = IncomingPayment(amount, reference, actor, event_id, method=method)
                receive(group, incoming, payments, now or database_now())
            return group.parent

    with timed(PAYMENT_SECONDS, BY_HAND):
        return retry_transaction(work, name="record_payment", find_done=partial(find_changed, event_id))


def _check_incoming(amount: Decimal, currency: str, reference: str) -> None:
    if not reference:
        raise InvalidInput(("/reference", "required", gettext("Name the payment, so that it is recorded once.")))
    if amount <= 0 or amount != round_money(amount, currency):
        raise InvalidInput(("/amount", "invalid", gettext("This is no amount of that currency.")))


def _recorded(order: Order, payments: Sequence[Payment], reference: str) -> list[Payment]:
    """The payments that this one may repeat: those under its reference; without one any that is more than a part."""
    if reference:
        return [payment for payment in payments if payment.reference == reference]
    # Until the money is here a part of it, waiting for the rest or owed back, is no repetition of the whole.
    is_here = order.payment_status in MONEY_IS_HERE
    return [payment for payment in payments if is_here or payment.match != PaymentMatch.UNDER]


def _next_name(payments: Sequence[Payment]) -> str:
    """Of a payment that nobody gave a name: a payment's name is once in its order, so that the same report does not
    count twice. The first needs none."""
    names = {payment.reference for payment in payments}
    return next(name for number in count(2) if (name := f"payment {number}") not in names) if names else ""


def _check_amount(
    order: Order, amount: Decimal | None, currency: str | None, *, expected: Sequence[Decimal] = ()
) -> None:
    currency = currency or order.currency
    expected = expected or [order.total]
    if currency != order.currency or amount not in (None, *expected):
        due = format_money(expected[0], order.currency)
        raise AmountMismatch(
            gettext("Order %(number)s is due %(due)s %(currency)s; %(amount)s %(received)s came in.")
            % {
                "number": order.number,
                "due": due,
                "currency": order.currency,
                "amount": f"{expected[0] if amount is None else amount:f}",
                "received": currency,
            },
            amount_due=due,
            currency=order.currency,
        )
