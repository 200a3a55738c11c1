from orders.admin import backorder, order, order_event, order_return, payment, refund, reservation

__all__ = ["backorder", "order", "order_event", "order_return", "payment", "refund", "reservation"]
