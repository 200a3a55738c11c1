"""Doing what a webhook is about."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import F

from orders.lifecycle.locking import lock_order_group
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from payments.operations.applying import Contradiction, apply_report, read_intent
from payments.operations.news import take_dispute, take_refund, take_refunded_sum
from payments.providers.base import BadNotice, IntentReport, Notice, ProviderUnsure
from payments.providers.registry import PROVIDERS
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import Refusal
from shared.metrics.names import PAYMENT_SECONDS
from shared.metrics.recording import timed

log = structlog.get_logger("kontor.payments")
_OVER = (WebhookStatus.PROCESSED, WebhookStatus.IGNORED)


def process_webhook(*, webhook_id: UUID, again: bool = False, now: datetime | None = None) -> WebhookStatus | None:
    """Bring the intent, refund or dispute to where the event says it is; what became of it, None for an event that is
    gone.

    Events come twice, late and in any order: what is known already changes nothing. What the event says of an intent
    and that it is PROCESSED commit together. One that is over is left alone, unless staff want it done `again`. One
    that fails says why and is tried again by `payments.recover_operations`. Locks: the order, then its stock levels.
    """
    event = WebhookEvent.objects.filter(pk=webhook_id).first()
    if event is None:
        return None
    # Without a lock: two workers at one event are harmless, for what it says is merged and never added.
    if event.status in _OVER and not again:
        return WebhookStatus(event.status)
    try:
        notice = PROVIDERS[event.provider].read_webhook(bytes(event.body))
        return _process_notice(event, notice, now)
    except (BadNotice, Contradiction, ProviderUnsure, Refusal) as error:
        log.warning("webhook_failed", webhook=str(event.pk), provider=event.provider, error=str(error))
        return _note_outcome(event, WebhookStatus.FAILED, now, error=str(error))


def _process_notice(event: WebhookEvent, notice: Notice, now: datetime | None) -> WebhookStatus:
    if notice.intent is not None:
        return _process_intent(event, notice.kind, notice.intent, now)
    is_ours = False
    if notice.refund is not None:
        # These three may ask the provider, so the outcome is a transaction of its own: done twice, they change nothing.
        is_ours = take_refund(event.provider, notice.refund)
    elif notice.dispute is not None:
        is_ours = take_dispute(event.provider, notice.dispute)
    elif notice.refunded is not None:
        is_ours = take_refunded_sum(event.provider, notice.refunded)
    return _note_outcome(event, WebhookStatus.PROCESSED if is_ours else WebhookStatus.IGNORED, now, kind=notice.kind)


def _process_intent(event: WebhookEvent, kind: str, report: IntentReport, now: datetime | None) -> WebhookStatus:
    found = _intent_of(event.provider, report)
    if found is None:
        return _note_outcome(event, WebhookStatus.IGNORED, now, kind=kind)
    intent_id, order_id = found

    def work(_again: bool) -> WebhookStatus:
        with outermost_transaction():
            group = lock_order_group(order_id)
            moment = now or database_now()
            # In one transaction, or a crash between loses the money; before the report, whose stock locks come last.
            status = _note_outcome(event, WebhookStatus.PROCESSED, moment, kind=kind)
            apply_report(group, read_intent(intent_id), report, actor=SYSTEM, now=moment)
            return status

    with timed(PAYMENT_SECONDS, event.provider):
        return retry_transaction(work, name="process_webhook")


def _intent_of(provider: str, report: IntentReport) -> tuple[UUID, UUID] | None:
    """Intent and order: by the provider's id, else by ours that it was given, for the event may have overtaken the
    answer that names the provider's."""
    intents = PaymentIntent.objects.filter(provider=provider)
    found = intents.filter(provider_id=report.provider_id).exclude(provider_id="").first()
    if found is None and report.intent_id is not None:
        found = intents.filter(pk=report.intent_id).first()
    return (found.pk, found.order_id) if found else None


def _note_outcome(
    event: WebhookEvent, status: WebhookStatus, now: datetime | None, *, kind: str = "", error: str = ""
) -> WebhookStatus:
    WebhookEvent.objects.filter(pk=event.pk).update(
        status=status,
        attempts=F("attempts") + 1,
        kind=kind[:100] or event.kind,
        error=error[:500],
        processed_at=now or database_now(),
    )
    return status
