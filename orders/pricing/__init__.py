"""What an order costs, and why. Pure but for `terms`, which reads what the rules go by.

Everything is exact decimals; what is rounded, and how, is in docs/pricing.md.
"""

from orders.pricing.amounts import LineAmounts, OrderAmounts, price_line, sum_order

__all__ = ["LineAmounts", "OrderAmounts", "price_line", "sum_order"]
