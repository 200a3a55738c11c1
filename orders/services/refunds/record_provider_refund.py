"""A provider tells of a refund that nobody asked it for here: it was made in the provider's own dashboard."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from orders.incoming_payments.disputes import note_over_refund
from orders.lifecycle import reasons
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.refund import Refund, RefundCause
from orders.refunds.promise import ProviderRefund
from orders.refunds.taken_back import take_back
from orders.services.refunds.settle_refund import step_refund
from orders.states import RefundStatus
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """What the provider says: `amount` of the intent's money, in the order's currency. `is_done` None: under way."""

    provider: str
    reference: str
    amount: Decimal
    is_done: bool | None
    failure: str = ""

    @property
    def status(self) -> RefundStatus:
        if self.is_done is None:
            return RefundStatus.SENT
        return RefundStatus.DONE if self.is_done else RefundStatus.FAILED


def record_provider_refund(*, order_id: UUID, intent_id: UUID, told: ToldRefund, now: datetime | None = None) -> None:
    """Count the refund on the intent's payments, once, in whatever order and however often it is told of.

    One of ours over the same amount that waits or was refused is this one: staff have made it there. What no payment
    covers settles others of ours that wait, and the rest of that is a matter for staff (orders.models.dispute). One
    that fails is FAILED, as ours are. Raises OrderNotFound, Unavailable. Locks the order group. Commits its own
    transaction.
    """

    def work(_again: bool) -> None:
        with outermost_transaction():
            group = lock_order_group(order_id)
            moment = now or database_now()
            known = list(_refunds_of_intent(intent_id).filter(reference=told.reference)) or _refund_to_adopt(
                intent_id, told
            )
            if not known:
                _record_unknown(group, intent_id, told, moment)
            for refund in known:
                step_refund(group, refund, told.status, reference=told.reference, failure=told.failure, now=moment)

    retry_transaction(work, name="record_provider_refund")


def _refunds_of_intent(intent_id: UUID) -> QuerySet[Refund]:
    return Refund.objects.filter(payment__intent_id=intent_id).select_related("payment").order_by("id")


def _waiting_refunds(intent_id: UUID) -> QuerySet[Refund]:
    """Ours that nobody has paid out yet."""
    return _refunds_of_intent(intent_id).filter(status__in=[RefundStatus.DUE, RefundStatus.FAILED])


def _refund_to_adopt(intent_id: UUID, told: ToldRefund) -> list[Refund]:
    # One that failed there has taken nothing: ours that waits must still be paid out.
    # Of several equal ones any will do.
    return [] if told.is_done is False else list(_waiting_refunds(intent_id).filter(amount=told.amount)[:1])


def _record_unknown(group: OrderGroup, intent_id: UUID, told: ToldRefund, now: datetime) -> None:
    reason = reasons.GIVEN_BACK_AT_PROVIDER()
    gone = ProviderRefund(told.reference, told.status, told.failure)
    rest = take_back(group, intent_id, told.amount, cause=RefundCause.PROVIDER, gone=gone, reason=reason, now=now)
    if told.is_done is False:
        return
    # Staff may have made several of ours as one sum there: those that it covers need no second transfer.
    for refund in _waiting_refunds(intent_id).exclude(reference=told.reference):
        if refund.amount <= rest:
            rest -= refund.amount
            step_refund(group, refund, told.status, reference=told.reference, failure="", now=now)
    if rest:
        # Money went back that nothing here explains, so somebody has to look.
        note_over_refund(group, intent_id, provider=told.provider, reference=told.reference, amount=rest, now=now)
