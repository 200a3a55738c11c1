"""A refund and a return, as the services make them."""

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.returns.decide_return import approve_return
from orders.services.returns.request_return import request_return
from orders.states import OrderStatus
from shared.actor import SYSTEM
from tests.shop.orders import order_of
from tests.shop.people import Buyer


def fill_refunds(buyer: Buyer, level: StockLevel) -> Order:
    """An order of three units: one was called off and refunded, two were shipped, one of them may come back."""
    order = order_of(buyer, (level, 3))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    item = OrderItem.objects.get(order=order)
    refund_order(
        order_id=order.pk, requested=RefundRequest((RequestedLine(item.pk, 1),)), reason="broken", actor=SYSTEM
    )
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    made = request_return(order_id=order.pk, units=[(item.pk, 1)], reason="too small", actor=SYSTEM)
    approve_return(return_id=made.pk, actor=SYSTEM)
    return order
