"""Staff put deadlines off and change lines in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_item import OrderItem
from tests.journeys.admin_pages import hidden, page_url, signed_in, superuser, text_of
from tests.shop import balances, make_buyer, make_level, order_of


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def url_of(order: Order, name: str) -> str:
    return reverse(f"admin:orders_order_{name}", args=[order.pk])


def test_lines_are_changed_after_a_look_at_what_it_comes_to(boss: Client) -> None:
    level, other = make_level(on_hand=9, tax_rate="0"), make_level(on_hand=9, price="2.50", tax_rate="0")
    order = order_of(make_buyer(), (level, 4))
    url = url_of(order, "edit_lines")
    page = boss.get(url)
    item = OrderItem.objects.get(order=order)
    form = {
        f"quantity-{item.pk}": "1",
        "variant_1": str(other.variant_id),
        "units_1": "2",
        "reason": "told by phone",
        "version": hidden(page, "version"),
    }

    asked = boss.post(url, form)

    assert "4 → 1" in text_of(asked)
    assert "15.00" in text_of(asked)
    assert balances(level.pk) == (9, 4), "nothing is written before it is confirmed"
    done = boss.post(url, {**form, "_confirmed": "1"}, follow=True)
    assert f"Order {order.number} comes to" in text_of(done)
    assert done.redirect_chain[-1][0] == page_url(order)
    assert (balances(level.pk), balances(other.pk)) == ((9, 1), (9, 2))
    assert OrderEdit.objects.get().difference == -25
    again = boss.post(url, {**form, "_confirmed": "1"})
    assert again.status_code == 412


def test_a_deadline_is_put_off(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=2), 1))
    url = url_of(order, "extend")
    page = boss.get(url)
    assert "0 of 1" in text_of(page)

    done = boss.post(url, {"reason": "slow bank", "version": hidden(page, "version")}, follow=True)

    assert "may be paid until" in text_of(done)
    assert Order.objects.get(pk=order.pk).hold_extensions == 1
