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
from orders.editing.planning import EditPlan, plan_edit
from orders.editing.reasons import follow_lines
from orders.editing.stock_moves import allocate_growing, growing, move_stock
from orders.editing.wishes import EditWish, GivesMoneyBack, PaidMore
from orders.editing.writing import amounts_after, facts, picture, write_lines
from orders.incoming_payments.balances import family_left, part_left, purses
from orders.incoming_payments.receiving import confirm_free, kept_due
from orders.lifecycle.changes import change_order, check_version, find_changed
from orders.lifecycle.locking import lock_family
from orders.lifecycle.order_group import Family
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.payment import Payment, PaymentRecordStatus
from orders.models.refund import RefundCause
from orders.placing.plan import InsufficientStock
from orders.refunds.give_back import give_back
from orders.services.orders.expire_unpaid_orders import expire_orders_holding
from orders.shipping.following import follow_refund
from orders.states import JOURNEY, OrderStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.enqueue import enqueue
from shared.ids import new_id
from shared.money import format_money
from shared.transactions import outermost_transaction, retry_transaction

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What would come of a wish: `money` is of the whole order; `shortages` as InsufficientStock names them."""

    plan: EditPlan
    root: Order
    money: Settlement
    shortages: Sequence[dict[str, object]]


def edit_order(
    *,
    order_id: UUID,
    wish: EditWish,
    actor: Actor,
    reason: str,
    may_refund: bool = True,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Change, drop and add lines of a single order or a seller's part, with its stock, its totals and its money.

    Unpaid: the new total is to be paid; if that is nothing, the order is confirmed. Paid: a higher one leaves an amount
    due, a lower one gives the difference back, where whoever asks `may_refund`; attempts
    to pay the old amount are voided by a job. A wish that changes nothing does nothing. Short of stock, overdue orders
    that hold it expire, once. Raises OrderNotFound, StaleVersion, InsufficientStock, GivesMoneyBack, PaidMore,
    RefundTooHigh, Unavailable, and what plan_edit raises. Locks: the family, the counters of what waits for goods, then
    stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def work(again: bool) -> Order:
        with outermost_transaction():
            family = lock_family(order_id)
            if again and (done := find_changed(event_id)):
                return done
            order = family.member(order_id)
            check_version(order, expected_version)
            plan = plan_edit(family, order, wish)
            if not may_refund and _money(family, plan).back:
                raise GivesMoneyBack
            if not plan.is_empty:
                _apply(family, plan, actor=actor, reason=reason, now=now or database_now(), event_id=event_id)
            return order

    def edit() -> Order:
        return retry_transaction(work, name="edit_order", find_done=partial(find_changed, event_id))

    try:
        return edit()
    except InsufficientStock as short:
        expire_orders_holding(level_ids=short.level_ids, now=now)
    return edit()


def preview_edit(*, order_id: UUID, wish: EditWish, expected_version: int | None = None) -> EditPreview:
    """What the wish would come to now. Writes nothing. Raises as edit_order, but for InsufficientStock."""

    def work(_again: bool) -> EditPreview:
        with outermost_transaction():
            family = lock_family(order_id)
            order = family.member(order_id)
            check_version(order, expected_version)
            plan = plan_edit(family, order, wish)
            money = _money(family, plan)
            shortages: Sequence[dict[str, object]] = ()
            try:
                allocate_growing(growing(plan))
            except InsufficientStock as short:
                shortages = short.data["shortages"]
            return EditPreview(plan, family.root, money, shortages)

    return retry_transaction(work, name="preview_edit")


def _apply(family: Family, plan: EditPlan, *, actor: Actor, reason: str, now: datetime, event_id: UUID) -> None:
    root, part = family.root, plan.part
    money = _money(family, plan)
    before = picture(part, plan.items)
    follow_lines(root, plan)
    write_lines(family, plan)
    change: dict[str, Any] = {"kind": EventKind.EDITED, "actor": actor, "now": now, "reason": reason}
    change["data"] = facts(plan)
    is_paid, total = root.status != OrderStatus.PENDING, root.total + plan.difference.total
    kept: dict[str, Any] = {"open_amount": kept_due(money.due, total=total, is_paid=is_paid)}
    own: dict[str, Any] = kept if part.pk == root.pk else {}
    change_order(part, event_id=event_id, **change, **amounts_after(part, plan.difference), **own)
    if part.pk != root.pk:
        change_order(root, **change, **amounts_after(root, plan.difference), **kept)
    OrderEdit.objects.create(
        id=new_id(),
        order=part,
        order_version=part.version,
        before=before,
        after=picture(part, OrderItem.objects.filter(order=part).order_by("position")),
        difference=plan.difference.total,
        reason=reason,
        actor_id=actor.user_id,
        created_at=now,
    )
    if money.back:
        give_back(root, part, amount=money.back, cause=RefundCause.EDIT, reason=reason, actor=actor, now=now)
    if plan.difference.total:
        enqueue("payments.void_outdated_intents", order_id=str(root.pk))
    if part.status in JOURNEY:
        follow_refund(family, part, actor=actor, now=now)  # where only what was dropped was missing, all is shipped
    move_stock(family, plan, actor=actor, now=now)
    if root.status == OrderStatus.PENDING and not root.total:
        confirm_free(family, actor=actor, now=now)


def _money(family: Family, plan: EditPlan) -> Settlement:
    """What will be due or go back. Raises PaidMore."""
    root, part, grown = family.root, plan.part, plan.difference.total
    if root.status == OrderStatus.PENDING:
        waiting = Payment.objects.filter(order=root, status=PaymentRecordStatus.UNDERPAID)
        here = sum((paid.amount for paid in waiting), ZERO)
        total = root.total + grown
        if here and here >= total:
            raise _paid_more(root, here)
        return settle(total=total, here=here)
    left = part_left(part)
    if left + grown < 0:
        raise _paid_more(part, part.total - left)
    usable = sum((purse.usable for _payment, purse in purses(root)), ZERO)
    return settle(total=family_left(root) + grown, here=usable)


def _paid_more(order: Order, amount: Decimal) -> PaidMore:
    shown = format_money(amount, order.currency)
    return PaidMore(
        gettext("%(amount)s %(currency)s came in or went back for order %(number)s: it cannot cost less than that.")
        % {"amount": shown, "currency": order.currency, "number": order.number},
        paid=shown,
        currency=order.currency,
    )
