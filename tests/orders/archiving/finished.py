"""Finished orders of every kind, as the services make them, with a row in every table that leaves with them."""

from decimal import Decimal
from uuid import UUID

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.order_mail import OrderMail
from crm.models.pipeline import Stage, StageKind
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.refund import Refund
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.invoices.issue_invoice import issue_invoice
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.orders.place_order import place_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import settle_refund
from orders.services.returns.decide_return import approve_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.refund_return import refund_return
from orders.services.returns.request_return import request_return
from orders.services.shipments.change_shipment import deliver_shipment, ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.states import CancelReason, DisputeFunds, DisputeStatus, RefundStatus
from payments.services.change_intent import void_intent
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.every_table.edits import fill_edits
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from tests.shop.price_rules import coupon


def finish_orders() -> Buyer:
    """One of each kind; the buyer's."""
    buyer, level = make_buyer(), make_level(on_hand=100, price="7.35")
    cancel_order(order_id=order_of(buyer, (level, 4)).pk, actor=buyer.actor, reason=CancelReason.CUSTOMER)
    cancel_order(
        order_id=sell_ahead(buyer, make_level_to_wait_for(on_hand=1, limit=5), 3).pk,
        actor=SYSTEM,
        reason=CancelReason.STAFF,
    )
    late = order_of(buyer, (level, 1))
    expire_unpaid_orders(now=late.payment_expires_at)
    coupon("ONCE", "10", customer_limit=1)
    request = PlaceOrder(buyer.customer.pk, (PlaceOrderLine(str(level.variant_id), 2),), coupon="ONCE")
    _deliver(place_order(request=request, actor=SYSTEM).order.pk)
    _deliver(order_of(buyer, (level, 2), (make_level_of_another(on_hand=9), 3)).pk)
    _name_it(_deliver(fill_edits(buyer, level).order_id), level.variant_id)  # type: ignore[arg-type]
    _deliver(Order.objects.get(status="PENDING").pk)
    _send_back(order_of(buyer, (level, 5)).pk)
    _dispute(order_of(buyer, (level, 1)).pk)
    return buyer


def _deliver(order_id: UUID) -> Order:
    if Order.objects.get(pk=order_id).paid_at is None:
        confirm_payment(order_id=order_id, actor=SYSTEM, reference=f"bank {order_id}")
    issue_invoice(order_id=order_id, actor=SYSTEM)
    for pk in Order.objects.filter(parent=order_id).values_list("pk", flat=True) or [order_id]:
        shipment = pack_shipment(order_id=pk, actor=SYSTEM, items=None)
        deliver_shipment(shipment_id=ship_shipment(shipment_id=shipment.pk, actor=SYSTEM).pk, actor=SYSTEM)
    return Order.objects.get(pk=order_id)


def _send_back(order_id: UUID) -> None:
    """One unit is called off before, one comes back after."""
    confirm_payment(order_id=order_id, actor=SYSTEM, reference="first")
    line = OrderItem.objects.get(order=order_id)
    refund_order(order_id=order_id, requested=RefundRequest((RequestedLine(line.pk, 1),)), reason="", actor=SYSTEM)
    _deliver(order_id)
    made = request_return(order_id=order_id, units=[(line.pk, 1)], reason="too small", actor=SYSTEM)
    approve_return(return_id=made.pk, actor=SYSTEM)
    receive_return(return_id=made.pk, actor=SYSTEM)
    refund_return(return_id=made.pk, actor=SYSTEM)
    for refund in Refund.objects.exclude(status=RefundStatus.DONE):
        settle_refund(refund_id=refund.pk, actor=SYSTEM, reference=f"back {refund.pk}")


def _dispute(order_id: UUID) -> None:
    """A dispute that was won, and what a provider was asked."""
    intent = create_intent(order_id=order_id, actor=SYSTEM, provider="manual", method="bank_transfer").intent
    void_intent(intent_id=intent.pk, actor=SYSTEM)
    _deliver(order_id)
    told = ToldDispute("sandbox", "sd_1", Decimal(1), DisputeStatus.WON, DisputeFunds.REINSTATED, "fraudulent")
    record_dispute(order_id=order_id, intent_id=None, told=told)  # type: ignore[arg-type]
    event = OrderEvent.objects.filter(order=order_id)[0]
    OrderMail.objects.create(order_id=order_id, event=event, kind="confirmation", status="sent", sent_at=database_now())


def _name_it(order: Order, variant_id: UUID) -> None:
    stage = Stage.objects.filter(kind=StageKind.WON)[0]
    deal = Deal.objects.create(
        title="40 chairs",
        customer=order.customer,
        pipeline=stage.pipeline,
        stage=stage,
        status=StageKind.WON,
        closed_at=database_now(),
        order=order,
    )
    DealLine.objects.create(deal=deal, variant_id=variant_id)
    Activity.objects.create(
        customer=order.customer, order=order, kind="note", text="Wants blue", happened_at=database_now()
    )
