"""Reads of intents, operations and webhooks."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.models.order_edit import OrderEdit
from orders.models.refund import Refund
from orders.states import OrderStatus, RefundStatus
from payments.models.intent_operation import IntentOperation, OperationKind, OperationStatus
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from payments.providers.registry import PROVIDERS
from payments.states import UNAUTHORISED, VOIDABLE, IntentStatus

MAX_WEBHOOK_ATTEMPTS = 5
# A void that was refused is not asked for again at once.
_VOID_AGAIN = timedelta(hours=1)


def operations_left_open(*, before: datetime, limit: int) -> list[UUID]:
    """What nobody finished, longest waiting first."""
    found = IntentOperation.objects.filter(
        status__in=[OperationStatus.PLANNED, OperationStatus.SENT], due_at__lte=before
    )
    return list(found.order_by("due_at").values_list("pk", flat=True)[:limit])


def intents_perhaps_unneeded(*, now: datetime, limit: int) -> list[UUID]:
    """Intents that may bring money for orders that wait for no payment any more."""
    found = PaymentIntent.objects.filter(_may_bring_money(VOIDABLE)).exclude(order__status=OrderStatus.PENDING)
    return _to_void(found, now=now, limit=limit)


def intents_perhaps_outdated(*, now: datetime, limit: int) -> list[UUID]:
    """Begun, and not authorised or declined, when their order was changed."""
    later = OrderEdit.objects.filter(created_at__gte=OuterRef("created_at"))
    was_changed = Exists(later.filter(order=OuterRef("order"))) | Exists(later.filter(order__parent=OuterRef("order")))
    found = PaymentIntent.objects.filter(_may_bring_money(UNAUTHORISED), was_changed)
    return _to_void(found, now=now, limit=limit)


def intents_begun(order_id: UUID) -> list[UUID]:
    """Of a whole order, not authorised yet."""
    found = PaymentIntent.objects.filter(_may_bring_money(UNAUTHORISED), order_id=order_id)
    return list(found.order_by("id").values_list("pk", flat=True))


def intents_unsettled(provider: str) -> list[PaymentIntent]:
    """Of that provider, which knows them, and that may still bring money."""
    found = PaymentIntent.objects.filter(_may_bring_money(VOIDABLE), provider=provider).exclude(provider_id="")
    return list(found.order_by("id"))


def intents_given_back(provider: str, *, since: datetime) -> list[PaymentIntent]:
    """Of which money is on its way back, or has arrived since: a bank may still return it."""
    going = Q(status=RefundStatus.SENT) | Q(status=RefundStatus.DONE, done_at__gte=since)
    refunds = Refund.objects.filter(going, payment__provider=provider)
    found = PaymentIntent.objects.filter(provider=provider, pk__in=refunds.values("payment__intent_id"))
    return list(found.exclude(provider_id="").order_by("id"))


def providers_used() -> set[str]:
    """Through which anything was ever begun."""
    return set(PaymentIntent.objects.order_by().values_list("provider", flat=True).distinct())


def _may_bring_money(statuses: Collection[str]) -> Q:
    """Of these statuses; of those that failed what may still be paid at its provider. Reads intent_unsettled."""
    failed_for_good = ~Q(provider__in=[name for name, of in PROVIDERS.items() if of.failed_may_be_paid])
    failed_for_good |= Q(provider_id="")
    return Q(status__in=statuses) & ~(Q(status=IntentStatus.FAILED) & failed_for_good)


def _to_void(found: QuerySet[PaymentIntent], *, now: datetime, limit: int) -> list[UUID]:
    """Those that no provider is busy with, and that none refused to void lately."""
    operations = IntentOperation.objects.filter(intent=OuterRef("pk"), refund__isnull=True)
    is_busy = Exists(operations.filter(status__in=[OperationStatus.PLANNED, OperationStatus.SENT]))
    was_refused = Exists(
        operations.filter(kind=OperationKind.VOID, status=OperationStatus.FAILED, created_at__gt=now - _VOID_AGAIN)
    )
    # Not by id: PostgreSQL would walk along the primary key until it has met enough of the few that are open.
    return list(found.filter(~is_busy, ~was_refused).order_by("created_at").values_list("pk", flat=True)[:limit])


def webhooks_left_open(*, before: datetime, limit: int) -> list[UUID]:
    """Stored long ago and not processed, or failed and to be tried again."""
    again = Q(status=WebhookStatus.STORED) | Q(status=WebhookStatus.FAILED, attempts__lt=MAX_WEBHOOK_ATTEMPTS)
    found = WebhookEvent.objects.filter(again, received_at__lte=before)
    return list(found.order_by("received_at").values_list("pk", flat=True)[:limit])
