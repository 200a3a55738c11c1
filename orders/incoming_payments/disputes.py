"""Disputes of an order, and what they mean for it. The order group must be locked."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.dispute import Dispute, DisputeKind
from orders.models.order import DisputeFlag
from orders.models.order_event import EventKind
from orders.models.payment import Payment
from orders.states import DisputeFunds, DisputeStatus
from shared.actor import SYSTEM, Actor
from shared.ids import new_id
from shared.money.amounts import format_money


def payment_of_intent(group: OrderGroup, intent_id: UUID) -> Payment | None:
    """The first that the intent brought."""
    return Payment.objects.filter(order=group.parent, intent_id=intent_id).order_by("id").first()


def flag_of(disputes: Sequence[Dispute]) -> str:
    """The worst of them: one that is open, else one that was lost, else one that was won."""
    if any(dispute.closed_at is None for dispute in disputes):
        return DisputeFlag.OPEN
    statuses = {dispute.status for dispute in disputes}
    for status, flag in ((DisputeStatus.LOST, DisputeFlag.LOST), (DisputeStatus.WON, DisputeFlag.WON)):
        if status in statuses:
            return flag
    return ""


def tell_dispute(
    group: OrderGroup, dispute: Dispute, *, reason: str, now: datetime, actor: Actor = SYSTEM, note: str = ""
) -> None:
    """Flag the order with all its sub-orders by its disputes as they stand, and write the event."""
    data: dict[str, Any] = {
        "dispute": str(dispute.pk),
        "kind": dispute.kind,
        "dispute_status": dispute.status,
        "funds": dispute.funds,
        "amount": format_money(dispute.amount, dispute.currency),
        "currency": dispute.currency,
        "provider": dispute.provider,
        "provider_id": dispute.provider_id,
        "reason": dispute.reason,
        "evidence_due_at": dispute.evidence_due_at.isoformat() if dispute.evidence_due_at else None,
    }
    # From all disputes as they stand, not from this one: an order may have a lost one beside one that was won.
    flag = flag_of(list(Dispute.objects.filter(order=group.parent)))
    change_order_group(
        group,
        kind=EventKind.DISPUTED,
        actor=actor,
        now=now,
        reason=reason,
        data=data | ({"note": note} if note else {}),
        dispute=flag,
    )


def note_over_refund(
    group: OrderGroup, intent_id: UUID, *, provider: str, reference: str, amount: Decimal, now: datetime
) -> None:
    """More went back at the provider than our books have left: staff must look, and nothing is shipped meanwhile."""
    dispute = Dispute.objects.create(
        id=new_id(),
        order=group.parent,
        payment=payment_of_intent(group, intent_id),
        kind=DisputeKind.OVER_REFUND,
        provider=provider,
        provider_id=reference,
        amount=amount,
        currency=group.parent.currency,
        # Kept as a dispute because that is what holds the goods back and puts the order in front of somebody.
        status=DisputeStatus.NEEDS_RESPONSE,
        funds=DisputeFunds.WITHDRAWN,
        created_at=now,
        updated_at=now,
    )
    tell_dispute(group, dispute, reason=reasons.GIVEN_BACK_TOO_MUCH(), now=now)
