"""An intent that a restore has lost, of an order that it has not: written down anew from what its provider knows."""

from datetime import datetime, timedelta
from typing import Final

from orders.lifecycle.locking import lock_order_group
from orders.models.order import Order
from payments.models.intent_operation import OperationKind, OperationStatus
from payments.models.payment_intent import Capture, PaymentIntent
from payments.operations.applying import Contradiction, apply_report
from payments.operations.planning import plan
from payments.providers.base import IntentReport, IntentTerms
from payments.states import OVER, IntentStatus
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction

# Clocks of providers are not ours.
SKEW: Final = timedelta(minutes=1)
_BEGUN: Final = (IntentStatus.CREATED, IntentStatus.REQUIRES_ACTION)


class OrderGone(Exception):
    """The intent's order is not there."""


def recreate_intent(provider: str, report: IntentReport) -> bool:
    """Write an unknown intent of ours down under its own id, with what came in; False where it never brought money and
    never will.

    Raises OrderGone, Contradiction, Refusal. Never in a transaction. Locks: the order, then its stock levels.
    """
    state = report.state
    if not state.captured and (state.status in OVER or state.status == IntentStatus.FAILED):
        return False
    terms = report.terms
    order = _order_of(report, terms)
    if terms is None or order.currency != report.currency:
        raise Contradiction(f"Order {order.number} is there, in {order.currency}: record the payment by its reference.")
    # Whoever shares the account has orders of the same numbers.
    if terms.amount not in (order.total, order.open_amount):
        raise Contradiction(f"Order {order.number} is there, and costs {order.total}: is it a payment for it?")

    def work(_again: bool) -> bool:
        with outermost_transaction():
            group = lock_order_group(order.pk)
            if not PaymentIntent.objects.filter(provider=provider, provider_id=report.provider_id).exists():
                now = database_now()
                intent = _write_down(provider, report, terms, group.parent, now)
                apply_report(group, intent, report, actor=SYSTEM, now=now)
            return True

    return retry_transaction(work, name="recreate_intent")


def _order_of(report: IntentReport, terms: IntentTerms | None) -> Order:
    """Raises OrderGone, also when the order of that number was placed later: a number may have been given out again."""
    orders = Order.objects.live().filter(parent__isnull=True)
    order = orders.filter(number=report.order_number).first() if report.order_number else None
    if order is None or (terms is not None and order.created_at > terms.begun_at + SKEW):
        raise OrderGone
    return order


def _write_down(provider: str, report: IntentReport, terms: IntentTerms, order: Order, now: datetime) -> PaymentIntent:
    """Still without money, which the report brings, and with the operation by which a repeated request finds it."""
    same_way = PaymentIntent.objects.filter(order=order, provider=provider, method=terms.method, status__in=_BEGUN)
    is_begun = report.state.status in _BEGUN
    if is_begun and (other := same_way.first()):
        raise Contradiction(f"Order {order.number} has {other.provider_id or other.pk} open over the same.")
    intent = PaymentIntent.objects.create(
        id=report.intent_id,
        order=order,
        provider=provider,
        method=terms.method,
        provider_id=report.provider_id,
        amount=terms.amount,
        currency=report.currency,
        capture=Capture.AUTOMATIC if terms.captures_at_once else Capture.MANUAL,
        status=report.state.status if is_begun else IntentStatus.AUTHORISED,
        action_url=report.action_url if is_begun else "",
        created_at=terms.begun_at,
        updated_at=now,
    )
    operation = plan(intent, OperationKind.CREATE, amount=terms.amount, actor=SYSTEM, now=now)
    operation.status, operation.done_at = OperationStatus.DONE, now
    operation.save()
    return intent
