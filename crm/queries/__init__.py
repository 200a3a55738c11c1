"""What the dashboard and the customer's page show: bounded, or answered by an index."""

from crm.queries.low_stock import count_low_stock
from crm.queries.waiting import count_open_disputes, count_refunds_due

__all__ = ["count_low_stock", "count_open_disputes", "count_refunds_due"]
