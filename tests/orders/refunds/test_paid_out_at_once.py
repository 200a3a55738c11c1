"""Cash over the counter: a refund of money that came by hand is paid out in the form that gives it back."""

from decimal import Decimal

import pytest
from django.test import Client

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from shared.actor import SYSTEM
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.admin_pages import hidden, list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

CONFIRMED = {"_confirmed": "1"}


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def order(boss: Client) -> Order:
    """3 x 10.00, paid by hand."""
    placed = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 3))
    confirm_payment(order_id=placed.pk, actor=SYSTEM)
    return placed


def fields_of(boss: Client, order: Order, page: str, **more: str) -> dict[str, str]:
    form = boss.get(page_url(order, page))
    assert 'name="paid_out"' in form.content.decode()
    return {"version": hidden(form, "version"), **more}


def test_a_tick_pays_out_what_came_by_hand(boss: Client, order: Order) -> None:
    url = page_url(order, "refund")
    fields = fields_of(boss, order, "refund", amount="4", reason="sorry", paid_out="on")

    assert "Paid out by hand 4.00 USD" in text_of(boss.post(url, fields))
    assert not Refund.objects.exists()
    done = boss.post(url, {**fields, **CONFIRMED}, follow=True)

    assert "4.00 USD are paid out." in text_of(done)
    refund = Refund.objects.get()
    assert (refund.status, refund.done_at is not None) == ("DONE", True)
    assert order.number not in text_of(boss.get(f"{list_url(Refund)}?queue=open"))
    told = OrderEvent.objects.filter(order=order, kind="refunded").order_by("created_at", "id")
    assert [event.actor and event.actor.email for event in told][-1] == "boss@example.com"
    assert boss.post(url, {**fields, **CONFIRMED}).status_code == 412
    assert Refund.objects.count() == 1


def test_without_the_tick_it_waits_as_before(boss: Client, order: Order) -> None:
    fields = fields_of(boss, order, "refund", amount="4", reason="sorry")

    boss.post(page_url(order, "refund"), {**fields, **CONFIRMED})

    assert Refund.objects.get().status == "DUE"


def test_a_paid_order_is_cancelled_and_its_cash_handed_back_at_once(boss: Client, order: Order) -> None:
    first = fields_of(boss, order, "refund", amount="4", reason="sorry")
    boss.post(page_url(order, "refund"), {**first, **CONFIRMED})
    fields = fields_of(boss, order, "cancel_paid", reason="customer", note="changed their mind", paid_out="on")

    done = boss.post(page_url(order, "cancel_paid"), {**fields, **CONFIRMED}, follow=True)

    assert "26.00 USD are paid out." in text_of(done)
    assert sorted(Refund.objects.values_list("amount", "status")) == [(4, "DUE"), (26, "DONE")]
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("CANCELLED", "REFUNDED")


def test_money_of_a_provider_goes_by_itself(boss: Client, order: Order) -> None:
    Payment.objects.update(provider="sandbox")
    url = page_url(order, "refund")
    form = boss.get(url)
    assert 'name="paid_out"' not in form.content.decode()

    fields = {"version": hidden(form, "version"), "amount": "4", "reason": "sorry", "paid_out": "on", **CONFIRMED}
    boss.post(url, fields)

    assert Refund.objects.get().status == "DUE"


def test_what_a_provider_sends_is_not_handed_out(boss: Client) -> None:
    """20.00 came in cash and 10.00 through a provider: of 25.00 no more than the cash is on the counter."""
    placed = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 3))
    confirm_payment(order_id=placed.pk, actor=SYSTEM)
    cash = Payment.objects.get()
    Payment.objects.update(amount=20, is_partial=True)
    Payment.objects.create(
        **{field.attname: getattr(cash, field.attname) for field in Payment._meta.fields if field.attname != "id"}
        | {"amount": 10, "is_partial": True, "provider": "sandbox", "reference": "p-1"}
    )
    url = page_url(placed, "refund")
    fields = fields_of(boss, placed, "refund", amount="25", reason="sorry", paid_out="on", paid_out_reference="T-9")

    seen = text_of(boss.post(url, fields))
    assert "Paid out by hand 20.00 USD" in seen
    assert "Sent by the payment provider 5.00 USD" in seen

    done = boss.post(url, {**fields, **CONFIRMED}, follow=True)
    assert "20.00 USD are paid out." in text_of(done)
    made = Refund.objects.order_by("amount").values_list("amount", "status", "reference")
    assert list(made) == [(5, "DUE", ""), (20, "DONE", "T-9")]


def test_a_refund_of_another_sub_order_is_not_paid_out_with_a_cancellation(boss: Client) -> None:
    """Made by a colleague while this one looks at the page: nobody has handed that money out."""
    buyer = make_buyer()
    parent = order_of(buyer, (make_level(on_hand=5, tax_rate="0"), 1), (make_level_of_another(on_hand=5), 1))
    confirm_payment(order_id=parent.pk, actor=SYSTEM)
    ours, theirs = Order.objects.filter(parent=parent).order_by("number")
    fields = fields_of(boss, ours, "cancel_paid", reason="customer", note="changed their mind", paid_out="on")
    item = theirs.items.get()
    refund_order(
        order_id=theirs.pk,
        requested=RefundRequest((RequestedLine(item.pk, 1, True),), None, False, Decimal(0)),
        reason="broken",
        actor=SYSTEM,
    )

    boss.post(page_url(ours, "cancel_paid"), {**fields, **CONFIRMED})

    assert dict(Refund.objects.values_list("order_id", "status")) == {ours.pk: "DONE", theirs.pk: "DUE"}


def test_a_tick_where_nothing_goes_back_by_hand_says_so(boss: Client, order: Order) -> None:
    url = page_url(order, "refund")
    fields = fields_of(boss, order, "refund", amount="4", reason="sorry", paid_out="on")
    cash = Payment.objects.get()
    Payment.objects.update(amount=20, is_partial=True)
    Payment.objects.create(
        **{field.attname: getattr(cash, field.attname) for field in Payment._meta.fields if field.attname != "id"}
        | {"amount": 10, "is_partial": True, "provider": "sandbox", "reference": "p-1"}
    )
    Payment.objects.filter(pk=cash.pk).update(refunded_amount=18)

    done = boss.post(url, {**fields, **CONFIRMED}, follow=True)

    assert "Nothing of it goes back by hand" in text_of(done)
    assert Refund.objects.get().status == "DUE"
