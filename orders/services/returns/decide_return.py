"""What becomes of a return before the goods are there."""

from datetime import datetime
from uuid import UUID

from orders.models.order_return import Return
from orders.refunds.returning import LockedReturn, change_return, set_return
from orders.states import ReturnStatus, Trigger
from shared.actor import Actor


def approve_return(
    *, return_id: UUID, actor: Actor, answer: str = "", expected_version: int | None = None, now: datetime | None = None
) -> Return:
    """REQUESTED to APPROVED: the customer may send it. `answer` is what the customer is told. Raises ReturnNotFound,
    StaleVersion, InvalidTransition, Unavailable. Locks the order group; commits its own transaction."""
    return _decide_return(return_id, ReturnStatus.APPROVED, answer, actor, expected_version, now)


def reject_return(
    *, return_id: UUID, actor: Actor, answer: str, expected_version: int | None = None, now: datetime | None = None
) -> Return:
    """REQUESTED to REJECTED. Raises as approve_return."""
    return _decide_return(return_id, ReturnStatus.REJECTED, answer, actor, expected_version, now)


def withdraw_return(
    *,
    return_id: UUID,
    actor: Actor,
    by: Trigger,
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Return:
    """CANCELLED, by CUSTOMER or STAFF, before the goods were received. Raises as approve_return."""

    def work(locked: LockedReturn) -> None:
        set_return(locked, actor=actor, reason=note, status=ReturnStatus.CANCELLED)

    return change_return(
        return_id=return_id,
        target=ReturnStatus.CANCELLED,
        by=by,
        expected_version=expected_version,
        now=now,
        work=work,
    )


def _decide_return(
    return_id: UUID, target: ReturnStatus, answer: str, actor: Actor, version: int | None, now: datetime | None
) -> Return:
    def work(locked: LockedReturn) -> None:
        set_return(locked, actor=actor, reason=answer, status=target, answer=answer, decided_at=locked.now)

    return change_return(
        return_id=return_id, target=target, by=Trigger.STAFF, expected_version=version, now=now, work=work
    )
