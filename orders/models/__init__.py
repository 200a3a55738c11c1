from orders.models import idempotency_key, order, order_event, order_item, payment, reservation, sales

__all__ = ["idempotency_key", "order", "order_event", "order_item", "payment", "reservation", "sales"]
