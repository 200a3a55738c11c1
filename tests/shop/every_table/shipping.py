"""Documents and a shipment on its way, as the services make them."""

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.refund import Refund
from orders.services.invoices.issue_invoice import issue_credit_note, issue_invoice
from shared.actor import SYSTEM
from tests.shop.every_table.refunds import fill_refunds
from tests.shop.people import Buyer


def fill_shipping(buyer: Buyer, level: StockLevel) -> Order:
    """A refunded order with a shipment that left, its invoice, and the credit note of the refund."""
    order = fill_refunds(buyer, level)
    issue_invoice(order_id=order.pk, actor=SYSTEM)
    issue_credit_note(order_id=order.pk, refund_id=Refund.objects.get(order=order).pk, actor=SYSTEM)
    return order
