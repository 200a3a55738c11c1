"""Staff put deadlines off and change lines in the admin."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from orders.models.draft import Draft
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_item import OrderItem
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import hidden, page_url, signed_in, statements, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


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


def test_a_quote_is_written_changed_and_made_an_order(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9, tax_rate="0")
    lines = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-MIN_NUM_FORMS": "0",
        "lines-MAX_NUM_FORMS": "200",
    }
    line = {"lines-0-variant": str(level.variant_id), "lines-0-quantity": "2", "lines-0-agreed_price": "8.00"}
    about = {"kind": "quote", "customer": str(buyer.customer.pk), "currency": "usd", "note": ""}

    boss.post("/admin/orders/draft/add/", {**about, **lines, **line})
    draft = Draft.objects.get()
    page = boss.get(page_url(draft))

    assert (draft.number[:2], draft.currency, draft.lines.get().agreed_price) == ("Q-", "USD", 8)
    assert "16.00" in text_of(page)
    kept = {"lines-0-id": str(draft.lines.get().pk), "lines-0-draft": str(draft.pk), "lines-INITIAL_FORMS": "1"}
    changed = {**about, **lines, **line, **kept, "lines-0-quantity": "3", "version": hidden(page, "version")}
    assert boss.post(page_url(draft), changed).status_code == 302
    assert f"not {changed['version']}" in text_of(boss.post(page_url(draft), changed)), (
        "what was changed meanwhile is not written over"
    )
    assert boss.get(reverse("admin:orders_draft_pdf", args=[draft.pk])).content[:5] == b"%PDF-"
    url = reverse("admin:orders_draft_send", args=[draft.pk])
    assert "is with the customer" in text_of(boss.post(url, {"version": hidden(boss.get(url), "version")}, follow=True))

    url = reverse("admin:orders_draft_make_order", args=[draft.pk])
    placed = boss.post(url, {"version": hidden(boss.get(url), "version")}, follow=True)

    order = Order.objects.get()
    assert f"Order {order.number} is placed." in text_of(placed)
    assert (order.total, balances(level.pk)) == (24, (9, 3))
    closed = boss.get(page_url(draft))
    assert 'name="version"' not in closed.content.decode()
    assert "Make it an order" not in text_of(closed)


def test_a_drafts_page_takes_as_many_statements_for_many_lines_as_for_few(boss: Client) -> None:
    buyer = make_buyer()
    draft = Draft.objects.create(customer=buyer.customer, currency="USD", number="D-1", owner_id=buyer.actor.user_id)
    for _ in range(7):
        level = make_level(on_hand=9, tax_rate="0")
        draft.lines.create(variant=level.variant, seller=level.location.seller, quantity=2)

    page = statements(boss, page_url(draft))

    assert len(page) <= 16, page
    assert "140.00 USD" in text_of(boss.get(page_url(draft)))


def test_what_is_no_key_opens_no_page(boss: Client) -> None:
    for address in ("order/nothing", "draft/nothing", f"refund/{uuid4()}/refund"):
        assert boss.get(f"/admin/orders/{address}/change/").status_code == 302
