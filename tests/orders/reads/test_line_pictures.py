"""Lines of orders, drafts and deals show what they name, by no statement a line."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from catalog.models.picture import Picture
from catalog.models.variant import Variant
from catalog.pictures import urls_of
from catalog.services.pictures.add_picture import add_picture
from orders.models.draft import Draft
from orders.models.order import Order
from orders.models.order_return import Return
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.returns.request_return import request_return
from shared.actor import SYSTEM
from shared.files.storage import drop_files
from tests.shop.admin_rows import make_deal
from tests.shop.deal_lines import add_line
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, page_url, signed_in, statements, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.pictures import png
from tests.shop.shipments import lines_of, paid_order, send

_SHOWN = re.compile(r'<span class="k-thumb" style="background-image: url\(([^)]+)\)"')
_NONE = '<span class="k-thumb k-thumb-none" aria-hidden="true"></span>'


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def pictured(variant: Variant, *, own: bool = False) -> str:
    """The address of the small picture that it gets."""
    made = add_picture(product_id=variant.product_id, data=png(), variant_id=variant.pk if own else None)
    return urls_of(made.pk)["small"]


def shown_on(client: Client, url: str) -> list[str]:
    return _SHOWN.findall(client.get(url).content.decode())


def test_an_order_shows_the_variants_own_picture_before_the_products_and_room_where_there_is_none(boss: Client) -> None:
    own, plain, bare = (make_level(on_hand=5) for _ in range(3))
    pictured(own.variant)
    expected = [pictured(own.variant, own=True), pictured(plain.variant)]
    order = order_of(make_buyer(), (own, 1), (plain, 1), (bare, 1))

    page = boss.get(page_url(order)).content.decode()

    assert _SHOWN.findall(page) == expected
    assert page.count(_NONE) == 1


def test_pages_that_ask_for_units_show_each_line(boss: Client) -> None:
    sent = paid_order(4, price="10.00")
    address = pictured(lines_of(sent)[0].variant)
    packing = page_url(sent, "pack")
    assert shown_on(boss, packing) == [address]
    assert shown_on(boss, page_url(sent, "refund")) == [address]
    send(sent)

    assert shown_on(boss, page_url(sent, "take_back")) == [address]
    request_return(order_id=sent.pk, units=[(lines_of(sent)[0].pk, 1)], reason="too small", actor=SYSTEM)
    assert shown_on(boss, page_url(Return.objects.get(), "receive")) == [address]


def test_drafts_deals_and_the_order_desk_show_each_line(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    address = pictured(level.variant)
    draft = Draft.objects.create(customer=buyer.customer, currency="USD", number="D-1")
    draft.lines.create(variant=level.variant, quantity=2)
    order = order_of(buyer, (level, 1))

    deal = make_deal(buyer)
    add_line(deal, level.variant_id)

    assert shown_on(boss, page_url(draft)) == [address]
    assert shown_on(boss, page_url(deal)) == [address]
    assert shown_on(boss, page_url(deal, "place_order")) == [address]
    assert shown_on(boss, f"{add_url(Order)}?duplicate={order.pk}") == [address]


def test_pictures_of_lines_cost_no_statement_a_line(boss: Client) -> None:
    buyer = make_buyer()
    levels = [make_level(on_hand=9) for _ in range(7)]
    for level in levels:
        pictured(level.variant)
    orders = [order_of(buyer, (levels[0], 1)), order_of(buyer, *((level, 1) for level in levels))]
    for order in orders:
        confirm_payment(order_id=order.pk, actor=SYSTEM)
    boss.get(page_url(orders[0]))

    for name in ("change", "pack", "refund"):
        one, seven = (len(statements(boss, page_url(order, name))) for order in orders)
        assert one == seven, name


def test_a_picker_has_a_place_for_the_picture_and_says_what_is_not_in_stock(boss: Client) -> None:
    empty, there = make_level(on_hand=0), make_level(on_hand=1)
    address = pictured(there.variant)
    asked = {"app_label": "orders", "model_name": "draftline", "field_name": "variant", "term": ""}

    found = {one["id"]: one for one in boss.get("/admin/autocomplete/", asked).json()["results"]}

    assert (found[str(there.variant_id)]["picture"], found[str(there.variant_id)]["is_none"]) == (address, False)
    assert (found[str(empty.variant_id)]["picture"], found[str(empty.variant_id)]["is_none"]) == ("", True)


def images_in(boss: Client, draft: Draft) -> int:
    answer = boss.get(page_url(draft, "pdf"))
    assert answer["Content-Type"] == "application/pdf"
    return answer.content.count(b"/Subtype /Image")


@pytest.fixture
def quote(boss: Client) -> Draft:
    """With two lines."""
    draft = Draft.objects.create(customer=make_buyer().customer, currency="USD", number="Q-1")
    for _ in range(2):
        draft.lines.create(variant=make_level(on_hand=5).variant, quantity=2)
    return draft


def test_a_quote_prints_the_pictures_that_are_there(boss: Client, quote: Draft) -> None:
    assert images_in(boss, quote) == 0

    for line, colour in zip(quote.lines.all(), ("red", "blue"), strict=True):
        add_picture(product_id=line.variant.product_id, data=png(colour=colour))
    assert images_in(boss, quote) == 2

    drop_files(Picture.objects.all()[0].files)
    assert images_in(boss, quote) == 1


def test_a_quote_is_printed_while_no_picture_can_be_read(
    boss: Client, quote: Draft, tmp_path: Path, settings: Any
) -> None:
    pictured(quote.lines.all()[0].variant)
    small = Picture.objects.get().files[-1]
    drop_files([small])
    (tmp_path / small).mkdir(parents=True)  # reading it raises, as a bucket that is away does
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}

    with override_settings(STORAGES={**settings.STORAGES, "default": folder}):
        assert images_in(boss, quote) == 0
