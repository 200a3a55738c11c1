"""What becomes of a refund that was promised: under way, paid out, refused, tried again."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order, find_changed
from orders.lifecycle.checks import check_step
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order_event import EventKind
from orders.models.refund import Refund
from orders.refunds.promise import MANUAL
from orders.refunds.queries import RefundNotFound
from orders.states import REFUND, RefundStatus, Trigger
from shared.actor import SYSTEM, Actor
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id
from shared.money.amounts import format_money


class ProviderPaysOut(Refusal):
    code = "provider_pays_out"
    title = _("The payment provider pays this refund out")


@dataclass(frozen=True, slots=True)
class _Step:
    """Where the refund goes, by whom, and what is kept of it."""

    target: RefundStatus
    by: Trigger
    actor: Actor
    reason: str
    reference: str = ""
    failure: str = ""


def settle_refund(*, refund_id: UUID, actor: Actor, reference: str = "", now: datetime | None = None) -> Refund:
    """Staff paid it out by hand: DUE or FAILED to DONE. One that is DONE is returned as it is.

    Raises RefundNotFound, ProviderPaysOut (it is the provider's turn), InvalidTransition, Unavailable. Locks the
    order's order group. Commits its own transaction, as do the others here.
    """
    return _step_refund(
        refund_id, _Step(RefundStatus.DONE, Trigger.STAFF, actor, reasons.REFUND_PAID_OUT(), reference), now
    )


def retry_refund(*, refund_id: UUID, actor: Actor, now: datetime | None = None) -> Refund:
    """FAILED to DUE: the provider is asked once more. Raises as settle_refund."""
    return _step_refund(refund_id, _Step(RefundStatus.DUE, Trigger.STAFF, actor, reasons.REFUND_TO_TRY_AGAIN()), now)


def mark_refund_sent(*, refund_id: UUID, actor: Actor, reference: str = "", now: datetime | None = None) -> Refund:
    """The provider was asked: DUE to SENT. `reference` is its name for the refund. Raises as settle_refund."""
    return _step_refund(
        refund_id, _Step(RefundStatus.SENT, Trigger.PROVIDER, actor, reasons.REFUND_UNDER_WAY(), reference), now
    )


def finish_refund(*, refund_id: UUID, actor: Actor, reference: str = "", now: datetime | None = None) -> Refund:
    """The provider paid it out: SENT, or what staff gave back at the provider, to DONE. One that failed there, under
    the same `reference`, stays FAILED: the news is old. Raises as settle_refund."""
    return _step_refund(
        refund_id, _Step(RefundStatus.DONE, Trigger.PROVIDER, actor, reasons.REFUND_PAID_OUT(), reference), now
    )


def fail_refund(
    *, refund_id: UUID, actor: Actor, failure: str, reference: str = "", now: datetime | None = None
) -> Refund:
    """The provider refused, or the payer's bank returned it after it was paid out: SENT or DONE to FAILED, and staff
    must look. Raises as settle_refund."""
    step = _Step(RefundStatus.FAILED, Trigger.PROVIDER, actor, reasons.REFUND_REFUSED(), reference, failure[:200])
    return _step_refund(refund_id, step, now)


def step_refund(
    group: OrderGroup, refund: Refund, target: RefundStatus, *, reference: str, failure: str, now: datetime
) -> None:
    """The provider tells where its refund `reference` is; what is known already, or old, changes nothing. Inside the
    caller's transaction, which holds the order group's lock. Raises InvalidTransition."""
    said = {
        RefundStatus.SENT: reasons.REFUND_UNDER_WAY,
        RefundStatus.DONE: reasons.REFUND_PAID_OUT,
        RefundStatus.FAILED: reasons.REFUND_REFUSED,
    }
    step = _Step(target, Trigger.PROVIDER, SYSTEM, said[target](), reference, failure[:200])
    # News come in any order: that it was sent says nothing of a refund that has gone further under that name.
    is_behind = target == RefundStatus.SENT and refund.reference == reference
    if refund.status != target and not is_behind and not _is_old_news(refund, step):
        refund.order = group.member(refund.order_id)
        _take_step(refund, step, now, new_id())


def _step_refund(refund_id: UUID, step: _Step, now: datetime | None) -> Refund:
    event_id = new_id()

    def find() -> Refund | None:
        return Refund.objects.filter(pk=refund_id).first() if find_changed(event_id) else None

    def settle(group: OrderGroup) -> Refund:
        refund = Refund.objects.select_related("payment").get(pk=refund_id)
        refund.order = group.member(refund.order_id)
        if refund.status != step.target and not _is_old_news(refund, step):
            _take_step(refund, step, now or database_now(), event_id)
        return refund

    return change_under_lock(settle, lock=partial(_lock_group_of, refund_id), name="settle_refund", find_done=find)


def _lock_group_of(refund_id: UUID) -> OrderGroup:
    order_id = Refund.objects.filter(pk=refund_id).values_list("order_id", flat=True).first()  # which never changes
    if order_id is None:
        raise RefundNotFound(refund_id)
    return lock_order_group(order_id)


def _is_old_news(refund: Refund, step: _Step) -> bool:
    """A transfer that failed at the provider never succeeds again, whatever is told of it late."""
    if step.by != Trigger.PROVIDER or not step.reference:
        return False
    return refund.status in (RefundStatus.FAILED, RefundStatus.CANCELLED) and refund.reference == step.reference


def _take_step(refund: Refund, step: _Step, now: datetime, event_id: UUID) -> None:
    by_provider = refund.payment.provider != MANUAL
    # The job is still going to ask the provider: paid out by hand as well, the money would go back twice.
    if step.by == Trigger.STAFF and by_provider and (refund.status, step.target) == (RefundStatus.DUE, "DONE"):
        raise ProviderPaysOut(gettext("This refund goes back through %s.") % refund.payment.provider)
    amount = format_money(refund.amount, refund.currency)
    name = gettext("The refund of %(amount)s %(currency)s") % {"amount": amount, "currency": refund.currency}
    check_step(name, refund.status, step.target, by=step.by, table=REFUND)
    refund.status = step.target
    refund.reference = step.reference or refund.reference
    refund.failure = step.failure
    # None again where a bank returned what had been paid out.
    refund.done_at = now if step.target == RefundStatus.DONE else None
    refund.save(update_fields=["status", "reference", "failure", "done_at"])
    data: dict[str, Any] = {"refund": str(refund.pk), "refund_status": step.target.value, "amount": amount}
    # For staff: the feed leaves reference and failure out, which may lead to a person (events.feed.order_events).
    data |= {"currency": refund.currency, "reference": refund.reference, "failure": refund.failure}
    change_order(
        refund.order,
        kind=EventKind.REFUNDED,
        actor=step.actor,
        now=now,
        reason=step.reason,
        data=data,
        event_id=event_id,
    )
    if step.target == RefundStatus.DUE and by_provider:
        # In this transaction: the job is there once it has committed, and asks the provider without any lock.
        enqueue("payments.send_refund", refund_id=str(refund.pk))
