"""Two colleagues have a page open that asks before something is done: what it showed has changed meanwhile."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.models.deal import Deal
from orders.models.draft import Draft
from orders.models.order import Order
from orders.models.order_item import OrderItem
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.http.deal_pages import stage
from tests.shop.http.sent_forms import Fields, fields_of, opened, save
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


@pytest.fixture
def ann(transactional_db: None) -> Client:
    return signed_in(superuser("ann@example.com"))


@pytest.fixture
def ben(transactional_db: None) -> Client:
    return signed_in(superuser("ben@example.com"))


def confirmed(client: Client, url: str, fields: Fields, **changed: str) -> Answer:
    """Send the form, look at what would come of it, and confirm."""
    asked = save(client, url, fields, **changed)
    assert (asked.status_code, "Please confirm" in text_of(asked)) == (200, True), text_of(asked)
    return save(client, url, fields_of(asked))


def units(order: Order) -> list[int]:
    return list(OrderItem.objects.filter(order=order).order_by("position").values_list("quantity", flat=True))


def test_an_orders_lines_are_shown_again_and_both_changes_stay(ann: Client, ben: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=9), 4), (make_level(on_hand=9), 4))
    one, two = OrderItem.objects.filter(order=order).order_by("position")
    url = reverse("admin:orders_order_edit_lines", args=[order.pk])
    hers, his = opened(ann, url), opened(ben, url)
    assert confirmed(ann, url, hers, **{f"quantity-{one.pk}": "3"}, reason="told by phone").status_code == 302

    again = save(ben, url, his, **{f"quantity-{two.pk}": "1"}, reason="told by mail")

    assert again.status_code == 412
    assert "Somebody changed this meanwhile" in text_of(again)
    shown = fields_of(again)
    assert (shown[f"quantity-{one.pk}"], shown[f"quantity-{two.pk}"]) == (["3"], ["1"])
    assert shown["reason"] == ["told by mail"]
    assert confirmed(ben, url, shown).status_code == 302
    assert units(order) == [3, 1]


def test_what_changes_between_looking_and_confirming_is_shown_again(ann: Client, ben: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=9), 4))
    one = OrderItem.objects.get(order=order)
    url = reverse("admin:orders_order_edit_lines", args=[order.pk])
    looked = save(ben, url, opened(ben, url), **{f"quantity-{one.pk}": "1"}, reason="told by mail")
    confirmed(ann, url, opened(ann, url), **{f"quantity-{one.pk}": "3"}, reason="told by phone")

    again = save(ben, url, fields_of(looked))

    assert again.status_code == 412
    assert units(order) == [3]
    assert "Keep mine 1" in text_of(again)
    assert "Keep theirs 3" in text_of(again)
    assert confirmed(ben, url, fields_of(again), **{f"_choice-quantity-{one.pk}": "mine"}).status_code == 302
    assert units(order) == [1]


def test_a_deal_that_another_moved_is_not_moved_on_unasked(ann: Client, ben: Client) -> None:
    deal = make_deal(make_buyer())
    url = reverse("admin:crm_deal_move", args=[deal.pk])
    names = ["Qualified", "Proposal"]
    hers, his = opened(ann, url), opened(ben, url)
    assert save(ann, url, hers, stage=str(stage(names[0]).pk)).status_code == 302

    again = save(ben, url, his, stage=str(stage(names[1]).pk))

    assert again.status_code == 412
    assert f"Keep theirs {names[0]}" in text_of(again)
    assert Deal.objects.get(pk=deal.pk).stage.name == names[0]
    assert save(ben, url, fields_of(again), **{"_choice-stage": "mine"}).status_code == 302
    assert Deal.objects.get(pk=deal.pk).stage.name == names[1]


def test_a_draft_that_changed_is_looked_at_before_it_is_ordered(ben: Client) -> None:
    draft = Draft.objects.create(number="D-1", customer=make_buyer().customer, currency="USD")
    draft.lines.create(variant=make_level(on_hand=9, tax_rate="0").variant, quantity=2)
    url = reverse("admin:orders_draft_make_order", args=[draft.pk])
    his = opened(ben, url)
    draft.lines.update(quantity=5)
    Draft.objects.filter(pk=draft.pk).update(version=2)

    again = save(ben, url, his)

    assert again.status_code == 412
    assert "50.00" in text_of(again)
    assert not Order.objects.exists()
    assert save(ben, url, fields_of(again)).status_code == 302
    assert Order.objects.get().total == 50
