"""The only place that locks orders. Lock order everywhere: idempotency key, then order, then stock levels."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.states import OrderStatus
from shared.errors import NotFound, Refusal
from shared.planner.compiled import Ids, compiled_rows
from shared.planner.compiled_query import EqualsAny


class OrderNotFound(NotFound):
    code = "order_not_found"
    title = _("No such order")


class IsSubOrder(Refusal):
    """What was asked of a sub-order can only happen to the whole order."""

    code = "is_sub_order"
    title = _("The order is a sub-order of another one")
    members = {"whole": UUID}


def lock_order_group(order_id: UUID) -> OrderGroup:
    """Lock the order with its parent order and all sub-orders until the transaction ends, and read them as they are
    now.

    One statement, the parent order first. FOR NO KEY UPDATE: items, payments and events point at them. Raises
    OrderNotFound.
    """
    _need_transaction()
    locked = _lock_rows(order_id=order_id)
    if not locked:
        raise OrderNotFound(gettext("No such order: %(order)s.") % {"order": order_id})
    # The parent order comes first: the statement sorts those without a parent to the front.
    parent, *sub_orders = locked
    for sub_order in sub_orders:
        # The same instance for all: what is changed on the parent order is seen from every sub-order, and no read is
        # needed.
        sub_order.parent = parent
    return OrderGroup(
        parent, tuple(sorted(sub_orders, key=lambda sub_order: (len(sub_order.number), sub_order.number)))
    )


# For the statements that follow in this transaction, as placing's first statement has it: a plan that was made while
# the tables were nearly empty reads them from end to end, and is kept until the next ANALYZE, a minute of a rush later.
_NO_WHOLE_TABLES = Func(
    Value("enable_seqscan"), Value("off"), Value(True), function="set_config", output_field=TextField()
)


@compiled_rows
def _lock_rows(*, order_id: UUID) -> QuerySet[Order]:
    # Which parent order an order has never changes, so it may be read without a lock.
    parent_id_of = Coalesce(Subquery(Order.objects.filter(pk=order_id).order_by().values("parent_id")), order_id)
    group = Order.objects.filter(Q(pk=parent_id_of) | Q(parent_id=parent_id_of)).annotate(plans=_NO_WHOLE_TABLES)
    locked = group.select_for_update(of=("self",), no_key=True)
    return locked.order_by(F("parent_id").asc(nulls_first=True), "number")


def lock_parent_order(order_id: UUID) -> OrderGroup:
    """As lock_order_group, for what only a whole order can do. Raises OrderNotFound, IsSubOrder for a sub-order."""
    group = lock_order_group(order_id)
    if group.parent.pk != order_id:
        raise IsSubOrder(
            gettext("Order %(number)s is a sub-order of %(whole)s: do it there.")
            % {"number": group.member(order_id).number, "whole": group.parent.number},
            whole=str(group.parent.pk),
        )
    return group


def check_live(order: Order) -> None:
    """Raise OrderNotFound for a locked order that is deleted: whoever asks over the API has none of that id."""
    # Asked under the lock, because an order may be deleted between the request's first look and here.
    if order.deleted_at is not None:
        raise OrderNotFound(gettext("No such order: %(order)s.") % {"order": order.pk})


def lock_order(order_id: UUID) -> Order:
    """Lock an order, with its whole order group: a sub-order changes only under its parent order's lock. Raises
    OrderNotFound."""
    return lock_order_group(order_id).member(order_id)


def lock_untouched_orders(order_ids: Sequence[UUID]) -> list[Order]:
    """Lock those of the orders, in primary-key order, that wait for their payment, have no sub-orders, and that nothing
    has happened to since they were placed; read them as they are now."""
    _need_transaction()
    return _lock_untouched(order_ids=list(order_ids))


@compiled_rows
def _lock_untouched(*, order_ids: Ids) -> QuerySet[Order]:
    untouched = Order.objects.filter(
        EqualsAny("pk", order_ids), status=OrderStatus.PENDING, version=1, total__gt=0, parent=None, deleted_at=None
    )
    locked = untouched.exclude(Exists(Order.objects.filter(parent_id=OuterRef("pk")))).annotate(plans=_NO_WHOLE_TABLES)
    return locked.select_for_update(of=("self",), no_key=True).order_by("pk")


def lock_overdue_orders(*, now: datetime, limit: int) -> dict[UUID, str]:
    """Lock up to `limit` unpaid orders whose deadline is past, longest overdue first, passing over those that
    somebody else is paying, cancelling or expiring at this moment. Answers id: number."""
    _need_transaction()
    # A sub-order has no deadline of its own: it is its parent order that is found, and locked for both.
    overdue = Order.objects.filter(status=OrderStatus.PENDING, payment_expires_at__lte=now)
    # Whoever holds the lock is paying or cancelling: the sweep must neither wait for them nor take it from them.
    locked = overdue.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return dict(locked.order_by("payment_expires_at").values_list("pk", "number")[:limit])


def _need_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Locking an order outside a transaction would hold nothing.")
