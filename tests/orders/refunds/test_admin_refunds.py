"""Staff give money back and take goods back in the admin."""

from decimal import Decimal

import pytest
from django.test import Client

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import OrderStatus
from shared.actor import SYSTEM
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import hidden, list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

CONFIRMED = {"_confirmed": "1"}


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def order(boss: Client) -> Order:
    """3 x 10.00, paid."""
    placed = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 3))
    confirm_payment(order_id=placed.pk, actor=SYSTEM)
    return placed


def level_of(order: Order) -> tuple[int, int]:
    return balances(OrderItem.objects.get(order=order).reservations.first().level_id)  # type: ignore[union-attr]


def test_a_refund_is_shown_before_it_is_made(boss: Client, order: Order) -> None:
    url, item = page_url(order, "refund"), OrderItem.objects.get(order=order)
    form = boss.get(url)
    assert "Can be given back 30.00 USD" in text_of(form)
    fields = {f"quantity-{item.pk}": "2", "restock": "on", "restocking_fee": "1.50", "reason": "broken"}
    fields["version"] = hidden(form, "version")

    assert boss.post(url, {**fields, "_live": "1"}).json()["text"].endswith("18.50 USD")
    asked = boss.post(url, fields)
    assert "2 called off, 2 restocked" in text_of(asked)
    assert not Refund.objects.exists()
    done = boss.post(url, {**fields, **CONFIRMED}, follow=True)

    assert f"18.50 USD of order {order.number} go back." in text_of(done)
    refund = Refund.objects.get()
    assert (refund.amount, refund.restocking_fee) == (Decimal("18.50"), Decimal("1.50"))
    assert level_of(order) == (4, 0)
    stale = boss.post(url, {**fields, f"quantity-{item.pk}": "1", **CONFIRMED})
    assert stale.status_code == 412


def test_what_is_too_much_is_said_and_nothing_given(boss: Client, order: Order) -> None:
    url = page_url(order, "refund")
    fields = {"amount": "30.01", "reason": "sorry", "version": hidden(boss.get(url), "version")}

    assert "At most 30.00 USD can go back." in text_of(boss.post(url, fields))
    refused = boss.post(url, {**fields, **CONFIRMED})

    assert refused.status_code == 409
    assert "up to 30.00 USD can be given back" in text_of(refused)
    assert not Refund.objects.exists()


@pytest.mark.parametrize(("button", "asked"), [("refund", {"reason": "r"}), ("cancel_paid", {"reason": "staff"})])
def test_a_fee_that_leaves_nothing_is_named_as_the_reason(
    boss: Client, order: Order, button: str, asked: dict[str, str]
) -> None:
    url, item = page_url(order, button), OrderItem.objects.get(order=order)
    fields = {f"quantity-{item.pk}": "3", "restocking_fee": "30.01", "note": "n", **asked}
    fields["version"] = hidden(boss.get(url), "version")

    shown, refused = boss.post(url, fields), boss.post(url, {**fields, **CONFIRMED})

    for answer in (shown, refused):
        assert "The fee leaves nothing to give back of 30.00 USD." in text_of(answer)
    assert (refused.status_code, Refund.objects.exists()) == (409, False)


def test_a_paid_order_is_cancelled_with_everything_back(boss: Client, order: Order) -> None:
    url = page_url(order, "cancel_paid")
    assert "Cancel and refund" in text_of(boss.get(page_url(order)))
    fields = {"reason": "customer", "note": "twice", "version": hidden(boss.get(url), "version")}

    assert "30.00 USD" in text_of(boss.post(url, fields))
    boss.post(url, {**fields, **CONFIRMED})

    order.refresh_from_db()
    assert (order.status, order.payment_status, order.cancel_reason) == ("CANCELLED", "REFUNDED", "customer")
    assert level_of(order) == (5, 0)


def test_the_queue_of_refunds_is_paid_out(boss: Client, order: Order) -> None:
    url = page_url(order, "refund")
    fields = {"amount": "4", "reason": "sorry", "version": hidden(boss.get(url), "version"), **CONFIRMED}
    boss.post(url, fields)
    refund, queue = Refund.objects.get(), f"{list_url(Refund)}?queue=open"
    assert order.number in text_of(boss.get(queue))

    boss.post(page_url(refund, "settle"), {"reference": "SEPA-1"})

    refund.refresh_from_db()
    assert (refund.status, refund.reference) == ("DONE", "SEPA-1")
    assert order.number not in text_of(boss.get(queue))
    assert "SEPA-1" in text_of(boss.get(page_url(order)))


def test_a_return_from_request_to_money(boss: Client, order: Order) -> None:
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    item = OrderItem.objects.get(order=order)
    url = page_url(order, "take_back")
    form = {f"quantity-{item.pk}": "2", "reason": "too small", "version": hidden(boss.get(url), "version")}
    boss.post(url, {**form, **CONFIRMED})
    found = Return.objects.get()

    def press(button: str, **fields: str) -> None:
        page = page_url(found, button)
        boss.post(page, {"version": hidden(boss.get(page), "version"), **fields})
        found.refresh_from_db()

    press("approve", answer="Send it.")
    assert found.status == "APPROVED"
    press("receive", **{f"received-{item.pk}": "2", f"restocked-{item.pk}": "1"})
    assert (found.status, level_of(order)) == ("RECEIVED", (3, 0))
    press("refund", restocking_fee="3", **CONFIRMED)

    assert (found.status, Refund.objects.get().amount) == ("REFUNDED", Decimal(17))
    assert found.number in text_of(boss.get(list_url(Return)))
    item.refresh_from_db()
    assert (item.returned_quantity, item.refunded_quantity) == (2, 2)


def test_buttons_that_would_be_refused_are_not_shown(boss: Client, order: Order) -> None:
    shown = boss.get(page_url(order)).content.decode()
    assert page_url(order, "refund") in shown
    assert page_url(order, "take_back") not in shown

    unpaid = order_of(make_buyer(), (make_level(on_hand=1), 1))
    shown = boss.get(page_url(unpaid)).content.decode()
    assert all(page_url(unpaid, button) not in shown for button in ("refund", "cancel_paid", "take_back"))
