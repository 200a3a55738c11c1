"""Giving money back for lines of a paid order, for its shipping, or a free amount."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.refund import Refund
from orders.refunds.closing import cancel_units
from orders.refunds.create_refunds import create_refunds
from orders.refunds.plans import RefundRequest, plan_refunds
from orders.refunds.promise import RefundPromise
from orders.states import MONEY_IS_HERE
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id


class NotPaid(Refusal):
    code = "not_paid"
    title = _("The order is not paid")


def refund_order(
    *,
    order_id: UUID,
    requested: RefundRequest,
    reason: str,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> list[Refund]:
    """Promise back what the request comes to and call off what of it has not left. Shipping, fees and free amounts are
    of one seller order: of a split order name the sub-order.

    Raises OrderNotFound, StaleVersion, NotPaid, TooManyUnits, RefundTooHigh, InvalidInput, Unavailable. Locks: the
    order group, counters of what waits, then stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def refund(group: OrderGroup) -> list[Refund]:
        order = group.member(order_id)
        check_version(order, expected_version)
        check_paid(order)
        return _refund_by_plan(group, order, requested, reason, actor, now or database_now(), event_id)

    return change_under_lock(
        refund,
        lock=partial(lock_order_group, order_id),
        name="refund_order",
        find_done=partial(_refunds_of, event_id),
    )


def _refunds_of(event_id: UUID) -> list[Refund] | None:
    """The refunds of the change that wrote this event, None when it never committed."""
    event = OrderEvent.objects.filter(pk=event_id).first()
    ids = [made["id"] for made in event.data.get("refunds", [])] if event else []
    return list(Refund.objects.filter(pk__in=ids).order_by("id")) if event else None


def check_paid(order: Order) -> None:
    """Raise NotPaid unless money for the order is or was here."""
    if order.payment_status not in MONEY_IS_HERE:
        raise NotPaid(
            gettext("Order %(number)s is not paid: there is nothing to give back.") % {"number": order.number}
        )


def _refund_by_plan(
    group: OrderGroup,
    order: Order,
    requested: RefundRequest,
    reason: str,
    actor: Actor,
    now: datetime,
    event_id: UUID,
) -> list[Refund]:
    refunds: list[Refund] = []
    plans = plan_refunds(group, order, requested)
    lines = [line for plan in plans for line in plan.lines]
    for number, plan in enumerate(plans):
        promise = RefundPromise(
            amount=plan.amount,
            cause=plan.cause,
            reason=reason,
            actor=actor,
            now=now,
            # One event has the id that a second try looks for; ids are keys, so the others get their own.
            event_id=event_id if number == 0 else None,
            lines=plan.lines,
            restocking_fee=plan.fee,
            shipping_amount=plan.shipping,
        )
        refunds += create_refunds(group.parent, plan.seller_order, promise)
    if any(line.cancelled_units for line in lines):
        # After the money, as levels are locked last.
        cancel_units(group, lines, reason=reason, actor=actor, now=now)
    return refunds
