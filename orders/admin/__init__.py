from orders.admin import (
    backorder,
    dispute,
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
