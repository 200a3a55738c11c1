"""Staff place, pay, move on and cancel orders in the admin."""

from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.payment import Payment
from orders.states import CancelReason
from shared.ids import new_id
from tests.shop.database.races import run_together
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import add_url, hidden, order_form, page_url, signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

ADD = "/admin/orders/order/add/"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_staff_place_an_order_for_a_customer(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    form = boss.get(f"{ADD}?customer={buyer.customer.pk}")

    placed = boss.post(ADD, order_form(buyer.customer, (level.variant, 2), key=hidden(form, "key")), follow=True)

    order = Order.objects.get()
    assert f"Order {order.number} is placed." in text_of(placed)
    assert placed.redirect_chain[-1][0] == page_url(order)
    assert order.customer == buyer.customer
    assert balances(level.pk) == (5, 2)
    assert buyer.customer.name in text_of(form)


def test_the_same_page_sent_twice_places_one_order(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    form = order_form(buyer.customer, (level.variant, 2), key=str(new_id()))

    boss.post(ADD, form)
    again = boss.post(ADD, form, follow=True)

    assert Order.objects.count() == 1
    assert "sent twice and placed once" in text_of(again)
    assert balances(level.pk) == (5, 2)


def _click(client: Client, form: dict[str, str]) -> int:
    return client.post(ADD, form).status_code


@pytest.mark.django_db(transaction=True)
def test_a_double_click_places_one_order() -> None:
    buyer, level, user = make_buyer(), make_level(on_hand=50), superuser()
    form = order_form(buyer.customer, (level.variant, 2), key=str(new_id()))
    clients = [signed_in(user) for _ in range(6)]

    answers = run_together(*(partial(_click, client, form) for client in clients))

    assert answers == [302] * 6
    assert Order.objects.count() == 1
    assert balances(level.pk) == (50, 2)


def test_a_page_sent_again_with_other_lines_asks_before_placing_another(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9)
    key = str(new_id())
    boss.post(ADD, order_form(buyer.customer, (level.variant, 1), key=key))

    asked = boss.post(ADD, order_form(buyer.customer, (level.variant, 3), key=key))
    assert "has placed an order already" in text_of(asked)
    assert Order.objects.count() == 1

    boss.post(ADD, order_form(buyer.customer, (level.variant, 3), key=hidden(asked, "key")))
    assert Order.objects.count() == 2


def test_a_refusal_is_shown_and_leaves_nothing(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=1)

    refused = boss.post(ADD, order_form(buyer.customer, (level.variant, 2), key=str(new_id())))

    assert refused.status_code == 409
    assert "Not enough stock" in text_of(refused)
    assert not Order.objects.exists()
    assert balances(level.pk) == (1, 0)


@pytest.mark.parametrize("change", [{"lines-0-quantity": "0"}, {"lines-0-variant": ""}, {"customer": ""}, {"key": "x"}])
def test_an_incomplete_order_page_says_what_is_missing(boss: Client, change: dict[str, str]) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    form = order_form(buyer.customer, (level.variant, 1), key=str(new_id())) | change

    answer = boss.post(ADD, form)

    assert answer.status_code == 200
    assert any(word in text_of(answer) for word in ("Mend the lines", "required", "at least one line", "valid UUID"))
    assert not Order.objects.exists()


def _confirm(client: Client, order: Order, **fields: str) -> Answer:
    return client.post(
        page_url(order, "confirm_payment"), {"amount": str(order.total), "reference": "", **fields}, follow=True
    )


def test_a_payment_is_asked_about_and_confirmed(boss: Client) -> None:
    level = make_level(on_hand=5)
    order = order_of(make_buyer(), (level, 2))

    asked = boss.get(page_url(order, "confirm_payment"))
    assert not Payment.objects.exists()
    told = _confirm(boss, order, reference="TRF-1")

    order.refresh_from_db()
    assert order.number in text_of(asked)
    assert (order.status, order.payment_status) == ("CONFIRMED", "PAID")
    assert f"Order {order.number}: Confirmed, payment paid." in text_of(told)
    assert Payment.objects.get().reference == "TRF-1"
    assert balances(level.pk) == (3, 0)
    assert OrderEvent.objects.filter(order=order, kind="paid", actor__email="boss@example.com").exists()


def test_another_amount_is_refused(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))

    refused = _confirm(boss, order, amount="1.00")

    assert refused.status_code == 409
    assert "1.00 USD came in" in text_of(refused)
    assert not Payment.objects.exists()


def test_an_order_is_cancelled_with_a_reason_and_gives_its_stock_back(boss: Client) -> None:
    level = make_level(on_hand=5)
    order = order_of(make_buyer(), (level, 2))
    page = page_url(order, "cancel")
    version = hidden(boss.get(page), "version")

    silent = boss.post(page, {"reason": "staff", "note": "", "version": version})
    assert "This field is required." in text_of(silent)
    boss.post(page, {"reason": "staff", "note": "ordered by mistake", "version": version})

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("CANCELLED", CancelReason.STAFF)
    assert balances(level.pk) == (5, 0)
    assert OrderEvent.objects.get(order=order, kind="cancelled").reason == "ordered by mistake"


def test_an_order_that_changed_meanwhile_is_not_cancelled(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))
    _confirm(boss, order)

    refused = boss.post(page_url(order, "cancel"), {"reason": "staff", "note": "late", "version": "1"})

    assert refused.status_code in (409, 412)
    order.refresh_from_db()
    assert order.status == "CONFIRMED"


def test_a_paid_order_moves_on_step_by_step(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))
    _confirm(boss, order)

    for status in ("PROCESSING", "SHIPPED", "DELIVERED"):
        page = page_url(order, "advance")
        version = hidden(boss.get(page), "version")
        boss.post(page, {"status": status, "reason": "", "version": version})

    order.refresh_from_db()
    assert order.status == "DELIVERED"


def test_only_what_may_happen_next_has_a_button(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))

    unpaid = boss.get(page_url(order)).content.decode()
    _confirm(boss, order)
    paid = boss.get(page_url(order)).content.decode()

    assert page_url(order, "cancel") in unpaid
    assert page_url(order, "advance") not in unpaid
    assert page_url(order, "cancel") not in paid
    assert page_url(order, "advance") in paid


def test_orders_are_neither_edited_nor_deleted(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))

    assert boss.post(page_url(order), {"status": "DELIVERED"}).status_code == 403
    assert boss.post(page_url(order, "delete"), {"post": "yes"}).status_code == 403
    order.refresh_from_db()
    assert order.status == "PENDING"


def test_whoever_may_only_look_changes_nothing(db: None) -> None:
    looker = User.objects.create_user("looker@example.com", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_order"))
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))
    client = signed_in(looker)

    assert client.get(page_url(order)).status_code == 200
    assert _confirm(client, order).status_code == 403
    assert client.get(add_url(Order)).status_code == 403
    assert page_url(order, "confirm_payment") not in client.get(page_url(order)).content.decode()
    assert not Payment.objects.exists()
