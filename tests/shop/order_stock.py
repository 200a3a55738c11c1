"""Stock as an order's reservations name it."""

from typing import Any

from tests.shop.orders import balances


def level_of(order: dict[str, Any]) -> tuple[int, int]:
    """(on hand, reserved) where the order's stock is held."""
    return balances(order["reservations"][0]["stock_level"])
