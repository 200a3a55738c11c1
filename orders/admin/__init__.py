from orders.admin import (
    backorder,
    invoice,
    order,
    order_event,
    order_return,
    payment,
    pricing,
    refund,
    reservation,
    shipment,
)

__all__ = [
    "backorder",
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
