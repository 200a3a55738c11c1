"""Orders: found, read, previewed, placed, cancelled. No money moves here."""

from typing import Any, Literal

from pydantic import Field

from mcp_server.rest import RestCaller
from mcp_server.tool import Arguments, Key, Limit, RecordId, Tool, is_id, picked, rows_of
from mcp_server.tools.customers import ORDER

_DETAIL = (
    *ORDER,
    "subtotal",
    "discount_total",
    "tax_total",
    "shipping_total",
    "amount_due",
    "items",
    "payments",
    "shipments",
    "note",
    "payment_expires_at",
    "paid_at",
    "cancelled_at",
    "cancel_reason",
    "version",
)


class FindOrders(Arguments):
    customer: RecordId | None = None
    number: str | None = Field(None, max_length=40)
    status: Literal["PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED"] | None = None
    created_after: str | None = Field(None, max_length=40, description="RFC 3339, or a date.")
    created_before: str | None = Field(None, max_length=40, description="RFC 3339, or a date.")
    limit: Limit = 10


class GetOrder(Arguments):
    order: str = Field(min_length=1, max_length=64, description="The order's id or number.")


class OrderLine(Arguments):
    variant: str = Field(min_length=1, max_length=64, description="The variant's id or SKU.")
    quantity: int = Field(ge=1, le=1_000_000)


class PreviewOrder(Arguments):
    customer: RecordId
    items: list[OrderLine] = Field(min_length=1, max_length=200)
    coupon: str | None = Field(None, max_length=40)


class PlaceOrder(PreviewOrder):
    note: str | None = Field(None, max_length=10_000)
    idempotency_key: Key


class CancelOrder(Arguments):
    order: RecordId


def _find_orders(rest: RestCaller, arguments: FindOrders) -> dict[str, Any]:
    page = rest.get("/orders", **arguments.model_dump())
    return {"orders": rows_of(page, *ORDER), "more": page["next"] is not None}


def _get_order(rest: RestCaller, arguments: GetOrder) -> dict[str, Any]:
    order_id = arguments.order
    if not is_id(order_id):
        found = rest.get("/orders", number=order_id, limit=1)["results"]
        if not found:
            return {"order": None}
        order_id = found[0]["id"]
    return {"order": picked(rest.get(f"/orders/{order_id}"), *_DETAIL)}


def _preview_order(rest: RestCaller, arguments: PreviewOrder) -> dict[str, Any]:
    return {"preview": rest.post("/orders/preview", arguments.model_dump())}


def _place_order(rest: RestCaller, arguments: PlaceOrder) -> dict[str, Any]:
    body = arguments.model_dump(exclude={"idempotency_key"})
    return {"order": picked(rest.post("/orders", body, key=arguments.idempotency_key), *_DETAIL)}


def _cancel_order(rest: RestCaller, arguments: CancelOrder) -> dict[str, Any]:
    return {"order": picked(rest.delete(f"/orders/{arguments.order}"), *_DETAIL)}


TOOLS = (
    Tool(
        "find_orders",
        "Find orders",
        "Orders by customer, number, status or day, newest first.",
        FindOrders,
        _find_orders,
    ),
    Tool("get_order", "Read an order", "One order with lines, payments and shipments.", GetOrder, _get_order),
    Tool(
        "preview_order",
        "Preview an order",
        "What an order would cost and whether the stock is there. Nothing is placed or reserved.",
        PreviewOrder,
        _preview_order,
    ),
    Tool(
        "place_order",
        "Place an order",
        "Place an order: its stock is reserved until its payment is due. The same key never places two.",
        PlaceOrder,
        _place_order,
        is_read_only=False,
    ),
    Tool(
        "cancel_order",
        "Cancel an unpaid order",
        "Cancel an order that is not paid; its stock is free again. This cannot be undone.",
        CancelOrder,
        _cancel_order,
        is_read_only=False,
        is_destructive=True,
    ),
)
