"""Changing the lines of an order that is not shipped yet: docs/decisions/editing.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from orders.editing.amounts import Settlement, settle
from orders.editing.edit_requests import EditRequest, GivesMoneyBack, PaidMore
from orders.editing.planning import EditPlan, plan_edit
from orders.editing.reasons import follow_lines
from orders.editing.stock_moves import allocate_growing, growing, move_stock
from orders.editing.writing import amounts_after, event_data, snapshot_of, write_lines
from orders.incoming_payments.balances import group_left, payment_balances, seller_order_left
from orders.incoming_payments.confirming import confirm_free
from orders.incoming_payments.due import kept_due
from orders.lifecycle.changes import change_order, find_changed
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.payment import Payment, PaymentRecordStatus
from orders.models.refund import RefundCause
from orders.placing.plan import InsufficientStock
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundPromise
from orders.services.orders.expire_unpaid_orders import expire_orders_holding
from orders.shipping.following import follow_refund
from orders.states import JOURNEY, OrderStatus
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.ids import new_id
from shared.money.amounts import format_money

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What would come of a request: `money` is of the whole order; `shortages` as InsufficientStock names them."""

    plan: EditPlan
    parent: Order
    money: Settlement
    shortages: Sequence[dict[str, object]]


def edit_order(
    *,
    order_id: UUID,
    requested: EditRequest,
    actor: Actor,
    reason: str,
    may_refund: bool = True,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Change, drop and add lines of a single order or a sub-order, with its stock, its totals and its money.

    Unpaid: the new total is to be paid; if that is nothing, the order is confirmed. Paid: a higher one leaves an amount
    due, a lower one gives the difference back, where whoever asks `may_refund`; attempts
    to pay the old amount are voided by a job. A request that changes nothing does nothing. Short of stock, overdue
    orders that hold it expire, once. Raises OrderNotFound, StaleVersion, InsufficientStock, GivesMoneyBack, PaidMore,
    RefundTooHigh, Unavailable, and what plan_edit raises. Locks: the order group, the counters of what waits for goods,
    then stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def edit(group: OrderGroup) -> Order:
        order = group.member(order_id)
        check_version(order, expected_version)
        plan = plan_edit(group, order, requested)
        # Under the lock, as it depends on what has been paid by now whether the change gives anything back.
        if not may_refund and _settlement_of(group, plan).back:
            raise GivesMoneyBack
        if not plan.is_empty:
            _apply_plan(group, plan, actor=actor, reason=reason, now=now or database_now(), event_id=event_id)
        return order

    change = partial(
        change_under_lock,
        edit,
        lock=partial(lock_order_group, order_id),
        name="edit_order",
        find_done=partial(find_changed, event_id),
    )
    try:
        return change()
    except InsufficientStock as short:
        # With no lock held: expiring locks other orders, and two that held their own would wait for each other.
        expire_orders_holding(level_ids=short.level_ids, now=now)
    return change()


def preview_edit(*, order_id: UUID, requested: EditRequest, expected_version: int | None = None) -> EditPreview:
    """What the request would come to now. Writes nothing. Raises as edit_order, but for InsufficientStock."""

    def preview(group: OrderGroup) -> EditPreview:
        order = group.member(order_id)
        check_version(order, expected_version)
        plan = plan_edit(group, order, requested)
        money = _settlement_of(group, plan)
        shortages: Sequence[dict[str, object]] = ()
        try:
            allocate_growing(growing(plan))
        except InsufficientStock as short:
            shortages = short.data["shortages"]
        return EditPreview(plan, group.parent, money, shortages)

    # Locked though nothing is written: lines, payments and shipments come by several statements and must fit together.
    return change_under_lock(preview, lock=partial(lock_order_group, order_id), name="preview_edit")


def _apply_plan(group: OrderGroup, plan: EditPlan, *, actor: Actor, reason: str, now: datetime, event_id: UUID) -> None:
    parent, seller_order = group.parent, plan.seller_order
    money = _settlement_of(group, plan)
    # Taken now, as write_lines changes the rows that the plan holds.
    before = snapshot_of(seller_order, plan.items)
    # Before write_lines: how far a reason moves is told by what its line was.
    follow_lines(parent, plan)
    write_lines(group, plan)
    change: dict[str, Any] = {"kind": EventKind.EDITED, "actor": actor, "now": now, "reason": reason}
    change["data"] = event_data(plan)
    is_paid, total = parent.status != OrderStatus.PENDING, parent.total + plan.difference.total
    kept: dict[str, Any] = {"open_amount": kept_due(money.due, total=total, is_paid=is_paid)}
    own: dict[str, Any] = kept if seller_order.pk == parent.pk else {}
    change_order(seller_order, event_id=event_id, **change, **amounts_after(seller_order, plan.difference), **own)
    if seller_order.pk != parent.pk:
        change_order(parent, **change, **amounts_after(parent, plan.difference), **kept)
    OrderEdit.objects.create(
        id=new_id(),
        order=seller_order,
        order_version=seller_order.version,
        before=before,
        after=snapshot_of(seller_order, OrderItem.objects.filter(order=seller_order).order_by("position")),
        difference=plan.difference.total,
        reason=reason,
        actor_id=actor.user_id,
        created_at=now,
    )
    if money.back:
        promise = RefundPromise(amount=money.back, cause=RefundCause.EDIT, reason=reason, actor=actor, now=now)
        create_refunds(parent, seller_order, promise)
    if plan.difference.total:
        # By a job: the provider is asked over the network, and never while rows are locked.
        enqueue("payments.void_outdated_intents", order_id=str(parent.pk))
    if seller_order.status in JOURNEY:
        # Where only what was dropped was missing, all of the order has left by now.
        follow_refund(group, seller_order, actor=actor, now=now)
    # Levels last, as everywhere: they are what other buyers wait for.
    move_stock(group, plan, actor=actor, now=now)
    if parent.status == OrderStatus.PENDING and not parent.total:
        # No payment will come that could confirm it (docs/decisions/free-orders.md).
        confirm_free(group, actor=actor, now=now)


def _settlement_of(group: OrderGroup, plan: EditPlan) -> Settlement:
    """What will be due or go back. Raises PaidMore."""
    parent, seller_order, grown = group.parent, plan.seller_order, plan.difference.total
    if parent.status == OrderStatus.PENDING:
        waiting = Payment.objects.filter(order=parent, status=PaymentRecordStatus.UNDERPAID)
        here = sum((paid.amount for paid in waiting), ZERO)
        total = parent.total + grown
        # What came in is a floor: at or below it the order would be paid, and no payment would come to say so.
        if here and here >= total:
            raise _paid_more(parent, here)
        return settle(total=total, here=here)
    left = seller_order_left(seller_order)
    # Of this seller order alone: what a sub-order gives back is not paid for by another's money.
    if left + grown < 0:
        raise _paid_more(seller_order, seller_order.total - left)
    refundable_sum = sum((balance.refundable for _payment, balance in payment_balances(parent)), ZERO)
    return settle(total=group_left(parent) + grown, here=refundable_sum)


def _paid_more(order: Order, amount: Decimal) -> PaidMore:
    shown = format_money(amount, order.currency)
    return PaidMore(
        gettext("%(amount)s %(currency)s came in or went back for order %(number)s: it cannot cost less than that.")
        % {"amount": shown, "currency": order.currency, "number": order.number},
        paid=shown,
        currency=order.currency,
    )
