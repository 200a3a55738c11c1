"""Putting a finished order out of sight, and back. See docs/decisions/deletion.md."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.changes import change_order_group, find_changed
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_parent_order
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.states import FINISHED, OPEN_REFUNDS, OPEN_RETURNS, PaymentStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id


class NotFinished(Refusal):
    """Goods or money of the order are still on their way to somebody."""

    code = "order_not_finished"
    title = _("Only a finished order is deleted")


def delete_order(
    *,
    order_id: UUID,
    actor: Actor,
    reason: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Hide a delivered or cancelled order with its sub-orders; one that is hidden is returned as it is.

    Nothing is removed: money, stock and sums of sales stay as they are. Raises OrderNotFound, IsSubOrder,
    StaleVersion, NotFinished, Unavailable. Locks the order with its order group. Commits its own transaction.
    """

    def hide(group: OrderGroup, moment: datetime, event_id: UUID) -> None:
        if group.parent.deleted_at is not None:
            return
        _check_finished(group)
        change_order_group(
            group,
            kind=EventKind.DELETED,
            actor=actor,
            now=moment,
            reason=reason,
            event_id=event_id,
            deleted_at=moment,
        )

    return _change_deletion(order_id, hide, expected_version, now)


def restore_order(*, order_id: UUID, actor: Actor, reason: str = "", now: datetime | None = None) -> Order:
    """Show a deleted order again, with its sub-orders; one that is there is returned as it is. Raises OrderNotFound,
    IsSubOrder, Unavailable. Locks the order with its order group. Commits its own transaction."""

    def show(group: OrderGroup, moment: datetime, event_id: UUID) -> None:
        if group.parent.deleted_at is None:
            return
        change_order_group(
            group,
            kind=EventKind.RESTORED,
            actor=actor,
            now=moment,
            reason=reason,
            event_id=event_id,
            deleted_at=None,
        )

    return _change_deletion(order_id, show, None, now)


def _change_deletion(
    order_id: UUID,
    act: Callable[[OrderGroup, datetime, UUID], None],
    expected_version: int | None,
    now: datetime | None,
) -> Order:
    event_id = new_id()

    def change(group: OrderGroup) -> Order:
        check_version(group.parent, expected_version)
        act(group, now or database_now(), event_id)
        return group.parent

    return change_under_lock(
        change,
        lock=partial(lock_parent_order, order_id),
        name="delete_order",
        find_done=partial(find_changed, event_id),
    )


def _check_finished(group: OrderGroup) -> None:
    """Raise NotFinished while anything is to be delivered, taken back or given back."""
    everybody = (group.parent, *group.sub_orders)
    is_open = any(order.status not in FINISHED for order in everybody)
    is_owed = any(order.payment_status == PaymentStatus.REFUND_DUE for order in everybody)
    if (
        is_open
        or is_owed
        # Refunds by themselves: a payment counts as refunded once money is promised, paid out or not.
        or Refund.objects.filter(order__in=group.ids, status__in=OPEN_REFUNDS).exists()
        or Return.objects.filter(order__in=group.ids, status__in=OPEN_RETURNS).exists()
    ):
        raise NotFinished(
            gettext("Order %(number)s is not finished: deliver or cancel it, and settle its refunds and returns first.")
            % {"number": group.parent.number}
        )
