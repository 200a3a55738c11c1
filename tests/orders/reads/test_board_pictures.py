"""The board's cards show what the first lines look like."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from catalog.models.product import Product
from catalog.models.seller_member import SellerMember
from catalog.services.pictures.add_picture import add_picture
from inventory.models.level import StockLevel
from orders.models.order import Order
from tests.shop.goods import SellerFactory, VariantFactory, make_level, stock_at
from tests.shop.http.admin_pages import signed_in, statements, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.pictures import png
from users.models.user import User

BOARD = "/admin/orders/order/board/"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def pictured(level: StockLevel, text: str = "") -> StockLevel:
    add_picture(product_id=level.variant.product_id, data=png(), alternative_text=text)
    return level


def card_of(client: Client, number: str) -> str:
    html = client.get(BOARD).content.decode()
    [card] = [card for card in html.split('<li class="k-deal"')[1:] if f">{number}</a>" in card]
    return card.split("</li>")[0]


def said(card: str) -> list[str]:
    return re.findall(r'role="img" aria-label="([^"]*)"', card)


def test_the_first_lines_that_have_a_picture_show_it(boss: Client) -> None:
    levels = [pictured(make_level(on_hand=9), f"Seen {place}") for place in range(4)]
    bare = make_level(on_hand=9)
    order = order_of(make_buyer(), (levels[0], 1), (bare, 1), (levels[1], 2), (levels[2], 1))
    none = order_of(make_buyer(), (bare, 1))

    assert said(card_of(boss, order.number)) == ["Seen 0", "Seen 1"]
    assert "k-thumb" not in card_of(boss, none.number)


def test_a_picture_without_a_text_is_called_after_its_product(boss: Client) -> None:
    order = order_of(make_buyer(), (pictured(make_level(on_hand=1)), 1))

    assert said(card_of(boss, order.number)) == [Product.objects.get().name]


def test_a_split_order_shows_its_sub_orders_goods_and_a_seller_its_own(boss: Client) -> None:
    helper = User.objects.create_user("helper@example.com", is_staff=True)
    helper.groups.add(Group.objects.get(name="seller"))
    sellers = [SellerFactory.create() for _ in range(2)]
    SellerMember.objects.create(user=helper, seller=sellers[1])
    levels = [
        pictured(stock_at(VariantFactory.create(), 9, seller=seller), f"Of {place}")
        for place, seller in enumerate(sellers)
    ]
    order = order_of(make_buyer(), (levels[0], 1), (levels[1], 1))
    own = Order.objects.get(parent=order.pk, seller=sellers[1])

    assert sorted(said(card_of(boss, order.number))) == ["Of 0", "Of 1"]
    assert said(card_of(signed_in(helper), own.number)) == ["Of 1"]


def test_pictures_take_three_statements_for_any_number_of_cards(boss: Client) -> None:
    levels = [pictured(make_level(on_hand=99)) for _ in range(3)]
    order_of(make_buyer(), *((level, 1) for level in levels))
    few = statements(boss, BOARD)

    for _ in range(6):
        order_of(make_buyer(), *((level, 1) for level in levels))

    many = statements(boss, BOARD)
    assert len(many) == len(few)
    assert sum("catalog_picture" in sql for sql in many) == 2
