"""Reads of intents, operations and webhooks."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.order_state import OrderStatus
from payments.intent_state import OPEN
from payments.models.intent_operation import IntentOperation, OperationKind, OperationStatus
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent, WebhookStatus

MAX_WEBHOOK_ATTEMPTS = 5
# A void that was refused is not asked for again at once.
_VOID_AGAIN = timedelta(hours=1)


def intents_of(order_id: UUID) -> QuerySet[PaymentIntent]:
    """Newest first."""
    return PaymentIntent.objects.filter(order_id=order_id)


def operations_left_open(*, before: datetime, limit: int) -> list[UUID]:
    """What nobody finished, longest waiting first."""
    found = IntentOperation.objects.filter(
        status__in=[OperationStatus.PLANNED, OperationStatus.SENT], due_at__lte=before
    )
    return list(found.order_by("due_at").values_list("pk", flat=True)[:limit])


def intents_perhaps_unneeded(*, now: datetime, limit: int) -> list[UUID]:
    """Open intents of orders that wait for no payment any more."""
    operations = IntentOperation.objects.filter(intent=OuterRef("pk"), refund__isnull=True)
    is_busy = Exists(operations.filter(status__in=[OperationStatus.PLANNED, OperationStatus.SENT]))
    was_refused = Exists(
        operations.filter(kind=OperationKind.VOID, status=OperationStatus.FAILED, created_at__gt=now - _VOID_AGAIN)
    )
    found = PaymentIntent.objects.filter(status__in=OPEN).exclude(order__status=OrderStatus.PENDING)
    return list(found.filter(~is_busy, ~was_refused).order_by("id").values_list("pk", flat=True)[:limit])


def webhooks_left_open(*, before: datetime, limit: int) -> list[UUID]:
    """Stored long ago and not processed, or failed and to be tried again."""
    again = Q(status=WebhookStatus.STORED) | Q(status=WebhookStatus.FAILED, attempts__lt=MAX_WEBHOOK_ATTEMPTS)
    found = WebhookEvent.objects.filter(again, received_at__lte=before)
    return list(found.order_by("received_at").values_list("pk", flat=True)[:limit])
