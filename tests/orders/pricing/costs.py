"""What an order costs and why, as a test compares it."""

from typing import Any

AMOUNTS = ("subtotal", "discount_total", "tax_total", "shipping_total", "total")


def costs(order: dict[str, Any]) -> list[str]:
    return [order[name] for name in AMOUNTS]


def reasons(order: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(reason["kind"], reason["label"], reason["amount"]) for reason in order["adjustments"]]
