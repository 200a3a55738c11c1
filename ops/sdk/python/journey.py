"""From an order to its refund, and a webhook that is verified: runs as it stands against a Kontor.

KONTOR_URL, KONTOR_API_KEY, KONTOR_CUSTOMER (an id) and KONTOR_SKU say where, who, for whom and what.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import time
from uuid import UUID

from kontor import AsyncKontor, InsufficientStock, Kontor, WebhookForged, pages, verify_webhook
from kontor.api_client.models.advance_order_body import AdvanceOrderBody
from kontor.api_client.models.confirm_payment_body import ConfirmPaymentBody
from kontor.api_client.models.order_status import OrderStatus
from kontor.api_client.models.place_order_body import PlaceOrderBody
from kontor.api_client.models.place_order_line_body import PlaceOrderLineBody
from kontor.api_client.models.refund_order_body import RefundOrderBody
from kontor.problems import AmountMismatch

URL, KEY = os.environ["KONTOR_URL"], os.environ["KONTOR_API_KEY"]
CUSTOMER, SKU = UUID(os.environ["KONTOR_CUSTOMER"]), os.environ["KONTOR_SKU"]


def body(quantity: int) -> PlaceOrderBody:
    return PlaceOrderBody(customer=CUSTOMER, items=[PlaceOrderLineBody(variant=SKU, quantity=quantity)])


def buy() -> UUID:
    with Kontor(URL, KEY) as kontor:
        order = kontor.place_order(body=body(2), idempotency_key=f"journey-{time.time_ns()}")
        print("placed", order.number, order.total, order.currency)
        try:
            kontor.place_order(body=body(1_000_000))
        except InsufficientStock as refusal:
            print("refused", refusal.code, refusal.shortages[0]["available"])
        try:
            kontor.confirm_payment(order.id, body=ConfirmPaymentBody(status="paid", amount="0.01"))
        except AmountMismatch as refusal:
            print("due", refusal.amount_due, refusal.currency)
        paid = kontor.confirm_payment(order.id, body=ConfirmPaymentBody(status="paid", reference="journey"))
        print("paid", paid.payment_status.value)
        for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED):
            moved = kontor.advance_order(order.id, body=AdvanceOrderBody(status=status))
            print("now", moved.status.value)
        refunds = kontor.create_refund(order.id, body=RefundOrderBody(amount="1.00", reason="dented"))
        print("refunded", refunds[0].amount)
        newest = next(iter(pages(kontor.list_orders, customer=CUSTOMER, limit=1)))
        print("newest", newest.number)
    return order.id


async def look_again(order: UUID) -> None:
    async with AsyncKontor(URL, KEY) as kontor:
        found = await kontor.get_order(order)
        print("read", found.number, found.status.value)


def verify() -> None:
    """As an endpoint does it, with the bytes that were received."""
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
    sent = json.dumps({"id": "e1", "type": "order.paid"}).encode()
    now = str(int(time.time()))
    signature = hmac.new(base64.b64decode(secret[6:]), b"e1." + now.encode() + b"." + sent, hashlib.sha256).digest()
    headers = {
        "webhook-id": "e1",
        "webhook-timestamp": now,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }
    print("verified", verify_webhook(secret, headers, sent)["type"])
    try:
        verify_webhook(secret, headers, sent + b" ")
    except WebhookForged:
        print("forged one refused")


if __name__ == "__main__":
    asyncio.run(look_again(buy()))
    verify()
