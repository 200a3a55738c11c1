"""The product's page: what it is, its variants with price and stock, what was sold, and what to do next."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models.product import Product
from catalog.models.variant import Variant
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.returns.take_goods_back import take_goods_back
from orders.states import CancelReason, OrderStatus
from shared.actor import SYSTEM
from tests.shop.goods import CategoryFactory, ProductFactory, VariantFactory, make_level, stock_at
from tests.shop.http.admin_pages import list_url, page_url, signed_in, statements, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, make_buyer

# The session and its user, the shop, four numbers of the menu; then the product, its pictures, the number of its
# variants, a page of them, and their stock.
MOST_STATEMENTS = 12


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def page_of(product: Product) -> str:
    return page_url(product, "page")


def main_button(client: Client, product: Product) -> str:
    """Where the one primary button leads; "" without one."""
    page = client.get(page_of(product)).content.decode()
    buttons = [part for part in page.split("<a ")[1:] if part.startswith('class="k-button k-small k-primary"')]
    assert len(buttons) <= 1
    return buttons[0].split('href="')[1].split('"')[0] if buttons else ""


def paid(level: StockLevel, units: int, *, now: datetime | None = None) -> Order:
    order = order_of(make_buyer(), (level, units), now=now)
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="paid", now=now)
    return order


def colleague_with(*rights: str) -> Client:
    colleague = StaffFactory.create()
    colleague.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return signed_in(colleague)


def test_the_page_says_what_it_is_and_what_there_is_of_it(boss: Client) -> None:
    level = make_level(on_hand=12, price="29.90")
    product, variant = level.variant.product, level.variant
    product.description, product.category = "Woven in the north.", CategoryFactory.create(name="Kitchen")
    product.save()
    paid(level, 3)
    cancelled, _unpaid = (order_of(make_buyer(), (level, units)) for units in (2, 1))
    cancel_order(order_id=cancelled.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    text = text_of(boss.get(page_of(product)))

    assert "Woven in the north." in text
    assert "Kitchen" in text
    assert variant.sku in text
    assert "29.90 USD" in text
    assert "Sold in 30 days 3" in text
    assert "On hand 9" in text
    assert "Reserved 1" in text


def test_sold_are_units_of_orders_placed_in_30_days_that_did_not_come_back(boss: Client) -> None:
    level = make_level(on_hand=20)
    paid(level, 7, now=timezone.now() - timedelta(days=40))
    paid(level, 5, now=timezone.now() - timedelta(days=20))
    order = paid(level, 3)
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    take_goods_back(
        order_id=order.pk, units={OrderItem.objects.get(order=order).pk: (2, 2)}, reason="too small", actor=SYSTEM
    )

    assert "Sold in 30 days 6" in text_of(boss.get(page_of(level.variant.product)))


def test_the_next_step_is_what_the_product_lacks(boss: Client) -> None:
    product = ProductFactory.create()

    assert main_button(boss, product) == f"{reverse('admin:catalog_variant_add')}?product={product.pk}"

    VariantFactory.create(product=product)
    assert main_button(boss, product) == reverse("admin:inventory_stockdocument_add")

    stocked = make_level(on_hand=1).variant.product
    assert main_button(boss, stocked) == page_url(stocked)


def test_nothing_is_missing_of_what_is_stocked_or_no_longer_offered(boss: Client) -> None:
    empty, stocked = make_level(on_hand=0).variant.product, make_level(on_hand=1).variant.product
    receiver = colleague_with("view_product", "view_variant", "view_stocklevel", "add_stockdocument")
    receive = reverse("admin:inventory_stockdocument_add")

    assert main_button(receiver, empty) == receive
    assert main_button(receiver, stocked) == ""
    assert receive in receiver.get(page_of(stocked)).content.decode()
    Product.objects.filter(pk=empty.pk).update(is_active=False)
    assert main_button(receiver, empty) == ""
    assert main_button(boss, empty) == page_url(empty)
    without_variants = ProductFactory.create(is_active=False)
    assert main_button(boss, without_variants) == page_url(without_variants)


def test_offering_starts_and_stops_on_the_products_page(boss: Client) -> None:
    product = make_level(on_hand=1).variant.product

    for step in ("stop_offering", "offer_again"):
        assert page_url(product, step) in boss.get(page_of(product)).content.decode()
        assert page_of(product) in boss.get(page_url(product, step)).content.decode()
        assert boss.post(page_url(product, step)).headers["Location"] == page_of(product)


def test_the_list_and_the_stock_of_a_variant_are_a_link_away(boss: Client) -> None:
    level, other = make_level(on_hand=5), make_level(on_hand=6)
    product = level.variant.product

    assert page_of(product) in boss.get(list_url(Product)).content.decode()
    page = boss.get(page_of(product)).content.decode()
    address = f"{reverse('admin:inventory_stocklevel_changelist')}?variant__id__exact={level.variant_id}"
    assert address in page
    assert page_url(level.variant) in page
    listed = boss.get(address).content.decode()
    assert page_url(level) in listed
    assert page_url(other) not in listed


def test_many_variants_cost_no_more_statements_and_are_shown_a_page_at_a_time(boss: Client) -> None:
    level = make_level(on_hand=5)
    product = level.variant.product
    few = len(statements(boss, page_of(product)))
    Variant.objects.bulk_create(
        Variant(product=product, sku=f"MANY-{number:03}", price=1, currency="USD") for number in range(300)
    )

    assert len(statements(boss, page_of(product))) == few <= MOST_STATEMENTS
    first = text_of(boss.get(page_of(product)))
    assert "MANY-023" in first
    assert "MANY-024" not in first
    assert "Variants 301" in first
    seen, url = set(), page_of(product)
    while url:
        page = boss.get(url).content.decode()
        seen |= {part[:3] for part in page.split("MANY-")[1:]}
        more = [part for part in page.split('href="') if "Next variants" in part.split("</a>")[0]]
        url = f"{page_of(product)}{more[0].split('#')[0]}" if more else ""
    assert len(seen) == 300


def test_figures_of_some_variants_alone_say_so(boss: Client) -> None:
    product = ProductFactory.create()
    made = Variant.objects.bulk_create(
        Variant(product=product, sku=f"MANY-{number:04}", price=1, currency="USD") for number in range(1_001)
    )
    stock_at(max(made, key=lambda variant: variant.pk), 4)

    text = text_of(boss.get(page_of(product)))

    assert "On hand at least 0" in text
    assert "Reserved at least 0" in text
    assert "Variants at least 1,000" in text
    assert main_button(boss, product) == page_url(product)  # there may be goods of the others


def test_who_may_see_less_is_told_less(db: None) -> None:
    level = make_level(on_hand=1234)
    paid(level, 1)
    client = colleague_with("view_product")

    text = text_of(client.get(page_of(level.variant.product)))

    assert level.variant.product.name in text
    assert level.variant.sku not in text
    assert "Sold" not in text
    assert "On hand" not in text
    assert "1,233" not in text
    assert main_button(client, level.variant.product) == ""


@pytest.mark.parametrize("key", ["nothing", "01900000-0000-7000-8000-000000000000"])
def test_what_is_not_there_is_not_found(boss: Client, key: str) -> None:
    assert boss.get(reverse("admin:catalog_product_page", args=[key])).status_code == 404
