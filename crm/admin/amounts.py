"""Sums for people."""

from crm.queries import Amount
from shared.admin.display import money


def text_of(amount: Amount) -> str:
    """1,234.50 USD, or that it is at least so much where not all orders were summed."""
    text = money(amount.total, amount.currency)
    return f"at least {text}" if amount.is_least else text
