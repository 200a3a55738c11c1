"""A customer's past orders, and lists of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from orders.models.order import Order
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.place_order import place_order
from shared.actor import SYSTEM
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok
from users.models.customer import Customer

DAY_ONE = datetime(2024, 5, 1, tzinfo=UTC)


def make_history(customer: Customer) -> list[Order]:
    """Seven orders of one customer, a day apart, of 1 to 7 units at 10.00; the fifth and sixth of one moment."""
    variant = for_sale("TEA", on_hand=1_000)
    days = (0, 1, 2, 3, 4, 4, 6)
    return [
        place_order(
            request=PlaceOrder(customer.pk, (PlaceOrderLine(variant.sku, units),)),
            actor=SYSTEM,
            now=DAY_ONE + timedelta(days=day),
        ).order
        for units, day in enumerate(days, start=1)
    ]


def ids(rows: list[Any]) -> list[str]:
    return [str(row["id"] if isinstance(row, dict) else row.pk) for row in rows]


def listed(caller: Caller, path: str = "/orders", **query: Any) -> list[str]:
    """The ids on the first page."""
    return ids(ok(caller.get(path, **query))["results"])
