"""Do one thing to many orders, each in a transaction of its own, as it is done to one."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils.translation import gettext

from crm.services.bulk_change import BulkResult, check_many
from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason, OrderStatus
from shared.actor import Actor
from shared.errors import Refusal
from shared.lookups import one_of


def bulk_confirm_payment(*, ids: Sequence[UUID], actor: Actor) -> BulkResult:
    """The total of each came in. Orders that wait for no money are refused, and none is paid twice: a payment without
    a reference changes nothing on a paid order. Raises InvalidInput for too many, as do the others."""

    def confirm(order: Order) -> bool:
        if order.status != OrderStatus.PENDING and order.paid_at is None:
            raise Refusal(gettext("it is %(status)s.") % {"status": order.get_status_display().lower()})
        confirm_payment(order_id=order.pk, actor=actor)
        return order.paid_at is None

    return _each(ids, confirm)


def bulk_cancel(*, ids: Sequence[UUID], actor: Actor, note: str) -> BulkResult:
    """Unpaid ones."""

    def cancel(order: Order) -> bool:
        cancel_order(order_id=order.pk, actor=actor, reason=CancelReason.STAFF, note=note)
        return order.status != OrderStatus.CANCELLED

    return _each(ids, cancel)


def bulk_advance(*, ids: Sequence[UUID], actor: Actor, status: str, reason: str = "") -> BulkResult:
    """To the next step; to SHIPPED with all that has not left."""

    def advance(order: Order) -> bool:
        if order.status == status:
            return False
        advance_order(order_id=order.pk, status=status, actor=actor, reason=reason)
        return True

    return _each(ids, advance)


def _each(ids: Sequence[UUID], do: Callable[[Order], bool]) -> BulkResult:
    """`do` says whether the order, as it was read before, was changed. A refusal leaves the others alone."""
    check_many(ids)
    result = BulkResult()
    for order in Order.objects.filter(one_of("pk", ids)).order_by("pk"):
        try:
            if do(order):
                result.changed += 1
            else:
                result.unchanged += 1
        except Refusal as refusal:
            result.refused.append(f"{order.number}: {refusal.detail}")
    return result
