"""Removing orders with all that hangs on them. Nothing of a shop's own ever comes here: see crm.demo.removal.bound."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from crm.models.demo_row import DemoRow, DemoRowState
from orders.documents.numbers import begin_numbers_anew
from orders.lifecycle import reasons
from orders.lifecycle.locking import lock_order_group
from orders.models.dispute import Dispute
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.models.shipment import Shipment
from orders.pricing.coupon_use import give_coupon_back
from orders.reservations.backorders import cancel_backorders
from orders.reservations.holds import end_holds
from orders.states import ReservationStatus
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from shared.actor import Actor
from shared.clock import database_now
from shared.database.append_only import rows_may_change
from shared.models.idempotency_key import IdempotencyKey

# What must be gone before the order, those that name others first; its lines and the rest go with it.
_HANGING = (Dispute, Invoice, Refund, Return, Shipment, Payment, OrderEdit)


@transaction.atomic
def remove_orders(order_ids: Collection[UUID], *, actor: Actor) -> None:
    """Delete whole orders, each with its sub-orders; what they hold of the stock is given back before. With the last
    invoice go the numbers: the next one is the first.

    The stock ledger keeps its rows, whose order lines are noted as removed. Raises NumberedAfter where invoices of
    these orders are not all that there are. Locks: the orders, the series of invoices, the orders' coupons, counters
    of backorders, then stock levels, in primary-key order.
    """
    now = database_now()
    groups = [lock_order_group(order_id) for order_id in sorted(order_ids)]
    ids = [pk for group in groups for pk in group.ids]
    begin_numbers_anew(ids)
    for group in groups:
        give_coupon_back(group.parent)
    cancel_backorders(ids, now=now)
    end_holds(ids, as_status=ReservationStatus.CANCELLED, actor=actor, now=now, reason=reasons.DEMO_REMOVED())
    lines = OrderItem.objects.filter(order__in=ids).values_list("pk", flat=True)
    table = OrderItem._meta.db_table
    DemoRow.objects.bulk_create(
        [DemoRow(table=table, row=line, state=DemoRowState.REMOVED) for line in lines], ignore_conflicts=True
    )
    IntentOperation.objects.filter(intent__order__in=ids).delete()
    IntentOperation.objects.filter(refund__order__in=ids).delete()
    PaymentIntent.objects.filter(order__in=ids).delete()
    for model in _HANGING:
        model._default_manager.filter(order__in=ids).delete()
    IdempotencyKey.objects.filter(pk__in=ids).delete()
    with rows_may_change(OrderEvent):
        Order.objects.filter(parent__in=ids).delete()
        Order.objects.filter(pk__in=ids).delete()
