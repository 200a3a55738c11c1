from orders.admin import (
    backorder,
    draft,
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
