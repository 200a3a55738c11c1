"""Ordering over HTTP from any thread."""

from typing import Any

from django.test import Client

from inventory.models.level import StockLevel
from tests.shop.orders import Buyer


def post_order(secret: str, buyer: Buyer, *lines: tuple[StockLevel, int], key: str | None = None, **named: str) -> Any:
    """POST /orders, with what else is `named`; the response, whatever it is."""
    items = [{"variant": str(level.variant_id), "quantity": units} for level, units in lines]
    headers = {"Authorization": f"Api-Key {secret}"} | ({"Idempotency-Key": key} if key else {})
    return Client(raise_request_exception=False).post(
        "/api/v1/orders",
        {"customer": str(buyer.customer.pk), "items": items, **named},
        content_type="application/json",
        headers=headers,
    )
