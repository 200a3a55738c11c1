"""An order's page adds up what was bought, paid and given back, and tells in sentences what happened."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.extend_hold import extend_hold
from orders.services.payments.confirm_payment import confirm_payment, record_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.returns.request_return import request_return
from shared.actor import SYSTEM
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
        assert f"A refund of 10.00 USD was made. For: 1 x {line.sku}. sorry" in text
        assert "The payment deadline was extended to" in text
        assert "The order was paid. Status: Pending → Confirmed. bank-7" in text
