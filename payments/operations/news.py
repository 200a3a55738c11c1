"""What a provider tells of refunds and disputes by itself, brought to the order that they are about."""

from decimal import Decimal

from django.db.models import Sum

from orders.lifecycle.locking import lock_order_group
from orders.models.refund import Refund
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.services.refunds.record_provider_refund import ToldRefund, record_provider_refund
from orders.states import RefundStatus
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from payments.operations.applying import Contradiction, apply_report, read_intent
from payments.operations.running import settle_reported_refund
from payments.providers.base import DisputeReport, KnownIntent, ProviderRefused, RefundedSum, RefundReport
from payments.providers.registry import PROVIDERS
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction

_ZERO = Decimal(0)


def take_refund(provider: str, report: RefundReport) -> bool:
    """One of ours, by the key of its operation, or one that was made at the provider; False: of nobody we know.

    Raises Contradiction, ProviderUnsure, Unavailable. Never in a transaction.
    """
    # By our own key, not by the provider's name of the refund: the webhook may overtake the answer that tells the name.
    if report.key is not None:
        asked = IntentOperation.objects.filter(idempotency_key=report.key, intent__provider=provider).first()
        if asked is not None and asked.refund_id is not None:
            settle_reported_refund(asked, report=report)
            return True
    intent = _captured_intent(provider, report.intent_id, report.currency)
    if intent is None:
        return False
    told = ToldRefund(provider, report.provider_id, report.amount, report.is_done, report.failure)
    record_provider_refund(order_id=intent.order_id, intent_id=intent.pk, told=told)
    return True


def take_refunded_sum(provider: str, told: RefundedSum) -> bool:
    """More went back than is known here: the provider is asked through which refunds. Raises as take_refund, and
    Contradiction when the provider will not say."""
    intent = _captured_intent(provider, told.intent_id, told.currency)
    if intent is None:
        return False
    # DUE ones are not at the provider yet, so its sum cannot hold them; FAILED ones went nowhere.
    known = Refund.objects.filter(payment__intent_id=intent.pk, status__in=[RefundStatus.SENT, RefundStatus.DONE])
    if (known.aggregate(sum=Sum("amount"))["sum"] or _ZERO) >= told.amount:
        return True
    try:
        reports = PROVIDERS[provider].read_refunds(known_to_provider(intent))
    except ProviderRefused as error:
        raise Contradiction(str(error)) from error
    for report in reports:
        take_refund(provider, report)
    return True


def take_dispute(provider: str, report: DisputeReport) -> bool:
    """False: about nobody's payment that we know. Raises as take_refund."""
    intent = _captured_intent(provider, report.intent_id, report.currency)
    if intent is None:
        return False
    told = ToldDispute(
        provider,
        report.provider_id,
        report.amount,
        report.status,
        report.funds,
        reason=report.reason,
        evidence_due_at=report.evidence_due_at,
    )
    record_dispute(order_id=intent.order_id, intent_id=intent.pk, told=told)
    return True


def _captured_intent(provider: str, provider_id: str, currency: str) -> PaymentIntent | None:
    """The intent, with its money in our books: news of what went back may overtake the news that it came in, which is
    then read at the provider."""
    intent = PaymentIntent.objects.filter(provider=provider, provider_id=provider_id).exclude(provider_id="").first()
    if intent is None:
        return None
    if currency != intent.currency:
        raise Contradiction(f"The intent is in {intent.currency}, the report in {currency}.")
    # A refund can only be counted on a payment, and there is none until the intent's capture is in our books.
    if not intent.captured_amount:
        _catch_up(intent)
    return intent


def _catch_up(intent: PaymentIntent) -> None:
    try:
        # Before the lock: no row waits for somebody else's server.
        report = PROVIDERS[intent.provider].read(known_to_provider(intent))
    except ProviderRefused as error:
        raise Contradiction(str(error)) from error

    def work(_again: bool) -> None:
        with outermost_transaction():
            group = lock_order_group(intent.order_id)
            apply_report(group, read_intent(intent.pk), report, actor=SYSTEM, now=database_now())

    retry_transaction(work, name="catch_up_intent")


def known_to_provider(intent: PaymentIntent) -> KnownIntent:
    return KnownIntent(intent.pk, intent.provider_id, intent.currency, intent.state)
