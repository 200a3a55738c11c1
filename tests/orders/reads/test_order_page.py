"""An order's page adds up what was bought, paid and given back, and tells in sentences what happened."""

import re
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.test import Client

from orders.models.order import Order
from orders.models.order_event import MESSAGE, EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.extend_hold import extend_hold
from orders.services.payments.confirm_payment import confirm_payment, record_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.returns.request_return import request_return
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.shipments import lines_of, paid_order, send

UKRAINIAN = {"accept-language": "uk-UA,uk;q=0.9,en;q=0.5"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def one_of(line: OrderItem) -> RefundRequest:
    return RefundRequest((RequestedLine(line.pk, 1),))


def receipt_on(client: Client, order: Order) -> list[tuple[str, str]]:
    page = client.get(page_url(order)).content.decode()
    receipt = re.search(r'<dl class="k-receipt">(.*?)</dl>', page, flags=re.S)
    assert receipt is not None
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", receipt[1], flags=re.S)
    return [(re.sub(r"\s*<.*", "", label), amount) for label, amount in rows]


def test_the_receipt_adds_up_in_order(boss: Client) -> None:
    order = paid_order(4, price="10.00")
    line = lines_of(order)[0]
    send(order)
    refund_order(order_id=order.pk, requested=one_of(line), reason="broken", actor=SYSTEM)

    order.refresh_from_db()
    rows = dict(receipt_on(boss, order))
    assert list(rows) == ["Subtotal", "Tax", "Total", "Paid", "Refunded"]
    amounts = {name: Decimal(text.removesuffix(" USD")) for name, text in rows.items()}
    assert amounts["Subtotal"] + amounts["Tax"] == amounts["Total"] == amounts["Paid"] == order.total
    assert amounts["Refunded"] == -order.total / 4


def test_an_unpaid_order_says_what_is_open(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 3))
    assert receipt_on(boss, order)[-1] == ("Open", "30.00 USD")

    record_payment(order_id=order.pk, actor=SYSTEM, amount=Decimal(10), currency="USD", reference="part")

    assert receipt_on(boss, order)[-2:] == [("Paid", "10.00 USD"), ("Open", "20.00 USD")]


@pytest.mark.parametrize("headers", [{}, UKRAINIAN])
def test_what_happened_is_told_without_ids_and_raw_names(boss: Client, headers: dict[str, str]) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 3))
    extend_hold(order_id=order.pk, actor=SYSTEM)
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="bank-7")
    line = lines_of(order)[0]
    shipment = send(order, 2)
    request_return(order_id=order.pk, units=[(line.pk, 1)], reason="too small", actor=SYSTEM)
    refund_order(order_id=order.pk, requested=one_of(line), reason="sorry", actor=SYSTEM)

    page = boss.get(page_url(order), headers=headers)
    story = page.content.decode().split('id="timeline"')[1].split("</section>")[0]

    assert not UUID.search(re.sub(r"<[^>]*>", "", story))
    assert not re.search(r"\b[a-z]+_[a-z]+\b|[{}]", re.sub(r"<[^>]*>", "", story))
    if not headers:
        text = text_of(page)
        assert f"Shipment {shipment.number} was sent: 2 x {line.sku}." in text
        assert f"Return {order.number}-R1 was asked for: 1 x {line.sku}. too small" in text
        assert f"A refund of 10.00 USD was made. For: 1 x {line.sku}. Cause: Lines refunded." in text
        assert "The payment deadline was extended to" in text
        assert "The order was paid. Status: Pending → Confirmed. bank-7" in text


def test_what_staff_ask_about_a_refund_a_payment_and_a_dispute_is_told(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 1))
    write_event(order, "refunded", refund_status="FAILED", amount="10.00", currency="USD", failure="card expired")
    write_event(
        order,
        "refunded",
        amount="8.00",
        currency="USD",
        cause="return",
        restocking_fee="2.00",
        shipping_amount="0.00",
        items=[{"sku": "CUP", "quantity": 2, "restocked": 1}],
    )
    write_event(order, "edited", payment=str(order.pk), note="bank called")
    write_event(order, "paid", amount="40.00", currency="USD", match="over", too_much="10.00")
    due = "2026-12-05T09:00:00+00:00"
    write_event(order, "disputed", amount="10.00", currency="USD", dispute_status="under_review", evidence_due_at=due)
    write_event(order, "status_changed", sub_orders={"1001-1": "SHIPPED"})

    text = text_of(boss.get(page_url(order)))

    assert "The refund of 10.00 USD failed. Why it failed: card expired." in text
    assert "For: 2 x CUP. Cause: Goods returned. Restocking fee: 2.00 USD. Back in stock: 1 x CUP." in text
    assert "Of it for shipping" not in text
    assert "A payment was settled. Note: bank called." in text
    assert "40.00 USD was paid. The amount: too much. Too much: 10.00 USD." in text
    assert re.search(r"disputes 10\.00 USD: under review\. Evidence is due by .*5.* 2026", text)
    assert "Sub-orders: 1001-1 Shipped." in text


def test_events_of_any_shape_are_shown(boss: Client) -> None:
    """They are never rewritten: older releases wrote some, and restored ones come from elsewhere."""
    order = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 1))
    names = ["items", "units", "lines", "shipments", "changed", "amount", "to", "status", "note", "sub_orders"]
    names += ["currency", "cause", "match", "refund_status", "return_status", "dispute_status", "evidence_due_at"]
    values: list[Any] = [2, "3", "NaN", "1e400", None, True, {"a": 1}, ["x"], [[1]], [{"quantity": 1, "item": "x"}]]
    values += ["0001-01-01T00:00:00+14:00", [{"status": [], "number": {}, "items": 2}]]
    for kind, value in product(EventKind.values, values):
        write_event(order, kind, **dict.fromkeys([*names, MESSAGE], value))
    write_event(order, "shipped", shipments=[{"number": "1001-S1", "status": "SHIPPED"}, {"number": "1001-S2"}])

    page, listed = boss.get(page_url(order)), boss.get("/admin/orders/orderevent/")

    assert (page.status_code, listed.status_code) == (200, 200)
    assert "Shipment 1001-S1 was sent. Shipment 1001-S2." in text_of(page)
    assert "Shipment 1001-S1 was sent. Shipment 1001-S2." in text_of(listed)


def write_event(order: Order, kind: str, **data: Any) -> None:
    OrderEvent.objects.create(order=order, kind=kind, to_status=order.status, data=data, created_at=database_now())
