"""Confirm the payments of many orders."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext

from crm.services.bulk.check_many import BulkResult, check_many
from crm.services.bulk.for_each_order import for_each_order
from orders.models.order import Order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.payments.confirm_payments import confirm_payments
from orders.states import OrderStatus
from shared.actor import Actor
from shared.errors import Refusal

# Their stock levels are held for as long as that many take: a few hundredths of a second.
_TOGETHER = 100


def bulk_confirm_payment(*, ids: Sequence[UUID], actor: Actor) -> BulkResult:
    """The total of each came in. Orders that wait for no money are refused, and none is paid twice: a payment without
    a reference changes nothing on a paid order. Those that are as they were placed are paid a hundred at a time, each
    of the others in a transaction of its own. Raises InvalidInput for too many, as do the others."""
    check_many(ids)
    paid: set[UUID] = set()
    chosen = sorted(set(ids))
    for place in range(0, len(chosen), _TOGETHER):
        paid |= _confirm_together(chosen[place : place + _TOGETHER], actor)

    def confirm(order: Order) -> bool:
        # Asked here, since confirm_payment books money for a cancelled order as money to give back: right for what
        # came in, not for what was only ticked.
        if order.status != OrderStatus.PENDING and order.paid_at is None:
            raise Refusal(gettext("it is %(status)s.") % {"status": order.get_status_display().lower()})
        confirm_payment(order_id=order.pk, actor=actor)
        return order.paid_at is None

    result = for_each_order([order_id for order_id in chosen if order_id not in paid], confirm)
    result.changed += len(paid)
    return result


def _confirm_together(order_ids: Sequence[UUID], actor: Actor) -> set[UUID]:
    try:
        return confirm_payments(order_ids=order_ids, actor=actor)
    except Refusal:  # of one of them, or nobody came through: each by itself says which
        return set()
