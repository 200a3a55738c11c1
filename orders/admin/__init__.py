from orders.admin.drafts import admin as draft
from orders.admin.invoices import admin as invoice
from orders.admin.orders import admin as order
from orders.admin.orders import events as order_event
from orders.admin.payments import admin as payment
from orders.admin.payments import disputes as dispute
from orders.admin.pricing import admin as pricing
from orders.admin.refunds import admin as refund
from orders.admin.reservations import admin as reservation
from orders.admin.reservations import backorders as backorder
from orders.admin.returns import admin as order_return
from orders.admin.shipments import admin as shipment

__all__ = [
    "backorder",
    "dispute",
    "draft",
    "invoice",
    "order",
    "order_event",
    "order_return",
    "payment",
    "pricing",
    "refund",
    "reservation",
    "shipment",
]
