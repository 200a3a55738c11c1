from orders.admin import order, order_event, payment, reservation

__all__ = ["order", "order_event", "payment", "reservation"]
