"""A payer has the bank take money back: opened, answered, won, lost; and staff who have dealt with one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.disputes import payment_of_intent, tell_dispute
from orders.lifecycle import reasons
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.dispute import Dispute, DisputeKind
from orders.models.refund import Refund, RefundCause
from orders.refunds.promise import ProviderRefund
from orders.refunds.taken_back import bring_back, take_back
from orders.states import DisputeFunds, DisputeStatus, RefundStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import NotFound
from shared.ids import new_id


class DisputeNotFound(NotFound):
    code = "dispute_not_found"
    title = _("No such dispute")


@dataclass(frozen=True, slots=True)
class ToldDispute:
    """What a provider says of one now. `amount` is in the order's currency; `evidence_due_at`: until when it takes an
    answer, None where it does not say."""

    provider: str
    provider_id: str
    amount: Decimal
    status: DisputeStatus
    funds: DisputeFunds
    reason: str = ""
    evidence_due_at: datetime | None = None


_OVER = (DisputeStatus.LOST, DisputeStatus.WON)
# What each of them has gone through: news in any order make the same of it.
_STATUSES, _FUNDS = list(DisputeStatus), list(DisputeFunds)


def record_dispute(*, order_id: UUID, intent_id: UUID, told: ToldDispute, now: datetime | None = None) -> None:
    """Merge the news, flag the order and write its event; what is known already changes nothing.

    Lost: the money is gone, as a refund of the intent's payments that nobody is asked for. Won, or reinstated: it is
    here again. Raises OrderNotFound, Unavailable. Locks the order group. Commits its own transaction.
    """

    def work(_again: bool) -> None:
        with outermost_transaction():
            group = lock_order_group(order_id)
            moment = now or database_now()
            dispute = Dispute.objects.filter(provider=told.provider, provider_id=told.provider_id).first()
            is_new = dispute is None
            dispute = dispute or _new_dispute(group, intent_id, told, moment)
            if _merge_report(dispute, told, moment) or is_new:
                dispute.save(force_insert=is_new)
                _move_money(group, intent_id, dispute, moment)
                tell_dispute(group, dispute, reason=reasons.DISPUTE[DisputeStatus(dispute.status)](), now=moment)

    retry_transaction(work, name="record_dispute")


def close_dispute(*, dispute_id: UUID, actor: Actor, note: str, now: datetime | None = None) -> Dispute:
    """Staff have dealt with it: it leaves the queue, and its order's flag with it. One that is closed is returned as it
    is. Raises DisputeNotFound, Unavailable. Locks the order group. Commits its own transaction."""

    def work(_again: bool) -> Dispute:
        with outermost_transaction():
            # Read before the lock, as the order is what is locked; whose dispute it is never changes.
            order_id = Dispute.objects.filter(pk=dispute_id).values_list("order_id", flat=True).first()
            if order_id is None:
                raise DisputeNotFound(gettext("No such dispute: %(dispute)s.") % {"dispute": dispute_id})
            group = lock_order_group(order_id)
            dispute = Dispute.objects.get(pk=dispute_id)
            if dispute.closed_at is None:
                dispute.closed_at = dispute.updated_at = now or database_now()
                dispute.save(update_fields=["closed_at", "updated_at"])
                why = reasons.DISPUTE_CLOSED()
                tell_dispute(group, dispute, reason=why, now=dispute.updated_at, actor=actor, note=note)
            return dispute

    return retry_transaction(work, name="close_dispute")


def _new_dispute(group: OrderGroup, intent_id: UUID, told: ToldDispute, now: datetime) -> Dispute:
    return Dispute(
        id=new_id(),
        order=group.parent,
        payment=payment_of_intent(group, intent_id),
        kind=DisputeKind.DISPUTE,
        provider=told.provider,
        provider_id=told.provider_id,
        amount=told.amount,
        currency=group.parent.currency,
        status=told.status,
        funds=told.funds,
        created_at=now,
        updated_at=now,
    )


def _merge_report(dispute: Dispute, told: ToldDispute, now: datetime) -> bool:
    """Whether anything was new."""
    before = (dispute.status, dispute.funds, dispute.evidence_due_at, dispute.reason)
    # Never back: a report that was overtaken on its way tells of an earlier moment.
    dispute.status = max(DisputeStatus(dispute.status), told.status, key=_STATUSES.index)
    dispute.funds = max(DisputeFunds(dispute.funds), told.funds, key=_FUNDS.index)
    dispute.reason = dispute.reason or told.reason[:100]
    if told.evidence_due_at and (dispute.evidence_due_at is None or told.evidence_due_at > dispute.evidence_due_at):
        dispute.evidence_due_at = told.evidence_due_at
    if dispute.status in _OVER and dispute.closed_at is None:
        dispute.closed_at = now
    dispute.updated_at = now
    return (dispute.status, dispute.funds, dispute.evidence_due_at, dispute.reason) != before


def _move_money(group: OrderGroup, intent_id: UUID, dispute: Dispute, now: datetime) -> None:
    """Only a dispute that is lost has taken its money for good."""
    is_gone = dispute.status == DisputeStatus.LOST and dispute.funds != DisputeFunds.REINSTATED
    # By the provider's name of the dispute, which that refund carries as its reference.
    taken = Refund.objects.filter(
        payment__intent_id=intent_id, reference=dispute.provider_id, status=RefundStatus.DONE
    ).order_by("id")
    if is_gone and not taken.exists():
        take_back(
            group,
            intent_id,
            dispute.amount,
            cause=RefundCause.DISPUTE,
            gone=ProviderRefund(dispute.provider_id),
            reason=reasons.DISPUTE[DisputeStatus.LOST](),
            now=now,
        )
    elif not is_gone:
        bring_back(group, list(taken), reason=reasons.DISPUTE[DisputeStatus.WON](), now=now)
