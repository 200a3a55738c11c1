"""After a restore: what providers took and gave back since, brought into the books."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from orders.lifecycle.locking import lock_order_group
from payments import queries
from payments.models.payment_intent import PaymentIntent
from payments.operations.applying import Contradiction, apply_report, read_intent
from payments.operations.news import take_refund
from payments.providers.base import IntentReport, KnownIntent, Provider, ProviderRefused, RefundReport
from payments.providers.registry import PROVIDERS
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import Refusal

log = structlog.get_logger("kontor.payments")

# Clocks of providers are not ours, and what was under way at that moment was begun before.
MARGIN = timedelta(hours=1)


@dataclass(slots=True)
class Reconciled:
    """`looked_at`: intents and refunds that were asked about. `taken`: of which something was not in the books.
    `strange`: a line each of what belongs to nothing here, or contradicts it; somebody has to decide."""

    looked_at: int = 0
    taken: int = 0
    strange: list[str] = field(default_factory=list)


def reconcile_payments(*, since: datetime) -> Reconciled:
    """Ask each provider what was begun there since, how what is open here stands, and what it gave back, and write down
    what is new, as webhooks would have. May be cut off and run again: what is known changes nothing.

    Raises ProviderUnsure when a provider does not answer: then nothing is known. Never in a transaction. Locks: one
    order at a time, then its stock levels.
    """
    done = Reconciled()
    for provider in PROVIDERS.values():
        if provider.is_configured() and not provider.is_told_by_staff:
            for report in _reports(provider, since - MARGIN, done):
                _take_intent(provider, report, done)
            for refund in provider.refunds_since(since - MARGIN):
                _take_refund(provider, refund, done)
    return done


def _reports(provider: Provider, since: datetime, done: Reconciled) -> Iterator[IntentReport]:
    """Of what was begun there since, and of what is not over here: the payer may have come back to it."""
    begun = {report.provider_id: report for report in provider.intents_since(since)}
    yield from begun.values()
    for intent in queries.intents_unsettled(provider.name):
        if intent.provider_id not in begun:
            try:
                yield provider.read(KnownIntent(intent.pk, intent.provider_id, intent.currency, intent.state))
            except ProviderRefused as error:
                done.strange.append(f"{provider.name} {intent.provider_id} cannot be read: {error}")


def _take_intent(provider: Provider, report: IntentReport, done: Reconciled) -> None:
    done.looked_at += 1
    intent = _intent_of(provider, report)
    if intent is None:
        if report.state.authorised or report.state.captured:
            done.strange.append(_describe(provider, report))
        return

    def work(_again: bool) -> bool:
        with outermost_transaction():
            group = lock_order_group(intent.order_id)
            return apply_report(group, read_intent(intent.pk), report, actor=SYSTEM, now=database_now())

    try:
        done.taken += retry_transaction(work, name="reconcile_payments")
    except (Contradiction, Refusal) as error:
        done.strange.append(f"{_describe(provider, report)}: {error}")


def _intent_of(provider: Provider, report: IntentReport) -> PaymentIntent | None:
    intents = PaymentIntent.objects.filter(provider=provider.name)
    found = intents.filter(provider_id=report.provider_id).exclude(provider_id="").first()
    return found or (intents.filter(pk=report.intent_id).first() if report.intent_id else None)


def _describe(provider: Provider, report: IntentReport) -> str:
    """Of a payment for an order that is not there any more."""
    sums = f"{report.state.captured} {report.currency} taken"
    if held := report.state.authorised - report.state.captured:
        sums += f", {held} held"
    return f"{provider.name} {report.provider_id}: {sums} for order {report.order_number or 'unknown'}"


def _take_refund(provider: Provider, report: RefundReport, done: Reconciled) -> None:
    done.looked_at += 1
    try:
        is_ours = take_refund(provider.name, report)
    except (Contradiction, Refusal) as error:
        done.strange.append(f"{provider.name} refund {report.provider_id}: {error}")
        return
    if not is_ours and report.amount > Decimal(0) and report.is_done is not False:
        done.strange.append(f"{provider.name} refund {report.provider_id}: {report.amount} {report.currency} back")
