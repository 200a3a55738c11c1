"""What a provider says of an intent, written down with what it means for the order, in the caller's transaction."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from orders.incoming_payments.confirming import IncomingPayment
from orders.incoming_payments.failing import note_failure
from orders.incoming_payments.receiving import receive
from orders.lifecycle.changes import raise_versions
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.payment import Payment
from payments.models.payment_intent import PaymentIntent
from payments.providers.base import IntentReport
from payments.states import OPEN, IntentStatus, merge
from shared.actor import Actor
from shared.ids import new_id
from shared.money.amounts import format_money


class Contradiction(Exception):
    """What the provider says cannot be about this intent."""


def apply_report(
    group: OrderGroup, intent: PaymentIntent, report: IntentReport, *, actor: Actor, now: datetime
) -> bool:
    """Merge the report into the locked intent; whether anything was new.

    Each step up of what was captured is received by the order (orders.incoming_payments.receiving), once,
    however often and in whatever order it is reported. Locks stock levels: call it last in the
    transaction. Raises Contradiction.
    """
    _check_fits(intent, report)
    before, merged = intent.state, merge(intent.state, report.state)
    named = intent.provider_id or report.provider_id
    action_url = report.action_url or intent.action_url
    # No new version for news that are none: it would make the ETag that somebody holds stale for nothing.
    if (merged, named, action_url) == (before, intent.provider_id, intent.action_url):
        return False
    intent.provider_id, intent.status = named, merged.status
    intent.authorised_amount, intent.captured_amount = merged.authorised, merged.captured
    intent.failure = report.failure if merged.status == IntentStatus.FAILED else ""
    # Once the payer has acted the page leads nowhere, and a client secret is nothing to keep.
    intent.action_url = action_url if merged.status in (IntentStatus.CREATED, IntentStatus.REQUIRES_ACTION) else ""
    intent.version, intent.updated_at = intent.version + 1, now
    intent.save()
    if merged.captured > before.captured:
        _receive_money(group, intent, merged.captured - before.captured, before.captured, actor, now)
    elif merged.status == IntentStatus.FAILED != before.status:
        fail(group, intent, actor=actor, now=now)
    return True


def fail(group: OrderGroup, intent: PaymentIntent, *, actor: Actor, now: datetime) -> None:
    """The order hears of the failure unless another attempt is still open."""
    # While another attempt is open the order may be paid any moment: FAILED would be the wrong news.
    if not PaymentIntent.objects.filter(order=group.parent, status__in=OPEN).exclude(pk=intent.pk).exists():
        data = {"intent": str(intent.pk), "provider": intent.provider, "method": intent.method}
        note_failure(group, actor=actor, now=now, reason=intent.failure, data=data)


def read_intent(intent_id: UUID) -> PaymentIntent:
    """Read as it is now. It changes only under its order's lock, which the caller holds."""
    return PaymentIntent.objects.get(pk=intent_id)


def _check_fits(intent: PaymentIntent, report: IntentReport) -> None:
    if report.currency != intent.currency:
        raise Contradiction(f"The intent is in {intent.currency}, the report in {report.currency}.")
    if intent.provider_id and intent.provider_id != report.provider_id:
        raise Contradiction(f"The intent is {intent.provider_id}, the report is about {report.provider_id}.")
    # CAPTURED is final: merged without a sum, the intent would be over and no payment could ever follow.
    if report.state.status == IntentStatus.CAPTURED and not report.state.captured:
        raise Contradiction("Captured, but nothing.")


def _receive_money(
    group: OrderGroup, intent: PaymentIntent, amount: Decimal, earlier: Decimal, actor: Actor, now: datetime
) -> None:
    payments = list(Payment.objects.filter(order=group.parent))
    # A reference is unique in its order, and one intent may bring money in several steps.
    reference = intent.provider_id if not earlier else f"{intent.provider_id} {format_money(earlier, intent.currency)}+"
    known = next((payment for payment in payments if payment.reference == reference), None)
    if known is not None and known.amount == amount and known.intent_id is None:
        # Staff had recorded by hand what the provider now reports under the same name.
        Payment.objects.filter(pk=known.pk).update(intent_id=intent.pk, provider=intent.provider, method=intent.method)
        raise_versions(Order.objects.filter(pk=group.parent.pk))
        group.parent.version += 1
        return
    if known is not None:
        # Another payment has the name already, perhaps typed by staff: this money must be recorded all the same.
        reference = f"{reference} {intent.pk}"
    incoming = IncomingPayment(
        amount=amount,
        reference=reference,
        actor=actor,
        event_id=new_id(),
        provider=intent.provider,
        method=intent.method,
        intent_id=intent.pk,
    )
    receive(group, incoming, payments, now)
