"""The product's page: what it is, its variants with price and stock, what was sold, and what to do next."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from catalog.models.product import Product
from catalog.models.variant import Variant
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import CategoryFactory, ProductFactory, VariantFactory, make_level
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
    """Where the one primary button leads."""
    page = client.get(page_of(product)).content.decode()
    (button,) = [part for part in page.split("<a ")[1:] if part.startswith('class="k-button k-small k-primary"')]
    return button.split('href="')[1].split('"')[0]


def test_the_page_says_what_it_is_and_what_there_is_of_it(boss: Client) -> None:
    level = make_level(on_hand=12, price="29.90")
    product, variant = level.variant.product, level.variant
    product.description, product.category = "Woven in the north.", CategoryFactory.create(name="Kitchen")
    product.save()
    paid, cancelled, _unpaid = (order_of(make_buyer(), (level, units)) for units in (3, 2, 1))
    confirm_payment(order_id=paid.pk, actor=SYSTEM, reference="paid")
    cancel_order(order_id=cancelled.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    text = text_of(boss.get(page_of(product)))

    assert "Woven in the north." in text
    assert "Kitchen" in text
    assert variant.sku in text
    assert "29.90 USD" in text
    assert "Sold in 30 days 3" in text
    assert "On hand 9" in text
    assert "Reserved 1" in text


def test_the_next_step_is_what_the_product_lacks(boss: Client) -> None:
    product = ProductFactory.create()

    assert main_button(boss, product) == f"{reverse('admin:catalog_variant_add')}?product={product.pk}"

    VariantFactory.create(product=product)
    assert main_button(boss, product) == reverse("admin:inventory_stockdocument_add")

    stocked = make_level(on_hand=1).variant.product
    assert main_button(boss, stocked) == page_url(stocked)


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


def test_who_may_see_less_is_told_less(boss: Client) -> None:
    level = make_level(on_hand=1234)
    order = order_of(make_buyer(), (level, 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="paid")
    colleague = StaffFactory.create()
    colleague.user_permissions.add(Permission.objects.get(codename="view_product"))

    answer = signed_in(colleague).get(page_of(level.variant.product))

    text = text_of(answer)
    assert level.variant.product.name in text
    assert level.variant.sku not in text
    assert "Sold" not in text
    assert "1,234" not in text
    assert "k-primary" not in answer.content.decode().split("k-actions")[-1].split("</div>")[0]


@pytest.mark.parametrize("key", ["nothing", "01900000-0000-7000-8000-000000000000"])
def test_what_is_not_there_is_not_found(boss: Client, key: str) -> None:
    assert boss.get(reverse("admin:catalog_product_page", args=[key])).status_code == 404
