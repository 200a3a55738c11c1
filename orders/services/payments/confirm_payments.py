"""Money came in for many orders at once."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from orders.incoming_payments.receiving import receive_totals
from orders.lifecycle.locking import lock_untouched_orders
from orders.models.order_event import OrderEvent
from shared.actor import Actor
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.ids import new_id
from shared.metrics.names import BY_HAND, PAYMENT_SECONDS
from shared.metrics.recording import timed


def confirm_payments(*, order_ids: Sequence[UUID], actor: Actor) -> set[UUID]:
    """Record each one's total, as confirm_payment does of one order, for those that are as they were placed: unpaid,
    without sub-orders, and nothing has happened to them. Answers which; of the others confirm_payment says what is to
    be said.

    As many statements for all of them as for one, in one transaction, so name no more than may wait for each other: a
    hundred. Raises Unavailable. Locks: the orders, then their stock levels, both in primary-key order. Commits its own
    transaction.
    """
    event_ids = {order_id: new_id() for order_id in order_ids}

    def work(again: bool) -> set[UUID]:
        # What a try of unknown fate has paid is unpaid no more, and is found by its event.
        paid = (_paid_by(event_ids) if again else None) or set()
        with outermost_transaction():
            orders = lock_untouched_orders([order_id for order_id in event_ids if order_id not in paid])
            if orders:
                receive_totals(orders, actor=actor, now=database_now(), event_ids=event_ids)
            return paid | {order.pk for order in orders}

    with timed(PAYMENT_SECONDS, BY_HAND):
        return retry_transaction(work, name="confirm_payments", find_done=partial(_paid_by, event_ids))


def _paid_by(event_ids: dict[UUID, UUID]) -> set[UUID] | None:
    return set(OrderEvent.objects.filter(pk__in=event_ids.values()).values_list("order_id", flat=True)) or None
