"""Variants that come by a file: prices in their currency, tax classes, backorders."""

from decimal import Decimal

import pytest
from django.test import Client

from catalog.models.variant import Variant
from tests.shop.goods import ProductFactory, VariantFactory
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.import_files import checked, errors, uploaded, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


def test_prices_are_updated_by_sku_and_must_fit_their_currency(boss: Client) -> None:
    yen, dollar = VariantFactory.create(currency="JPY", price=Decimal(100)), VariantFactory.create()
    product = ProductFactory.create(slug="lamp")
    text = f"SKU;Price;Product\n{yen.sku};9,5;\n{dollar.sku};12,50;\nLAMP-1;1,234;lamp\nLAMP-2;7;lamp\nLAMP-3;7;\n"

    data_import = checked(boss, uploaded(boss, text, kind="variants"))

    assert [(row, column) for row, column, _ in errors(boss, data_import)] == [
        ("2", "Price"), ("4", "Price"), ("6", "Product (slug)"),
    ]  # fmt: skip
    written(boss, data_import, leaves_out_faulty="on")
    dollar.refresh_from_db()
    assert dollar.price == Decimal("12.5")
    assert [variant.sku for variant in product.variants.all()] == ["LAMP-2"]


def test_tax_class_and_backorders_of_a_variant_come_by_file(boss: Client) -> None:
    known, other = VariantFactory.create(), VariantFactory.create(tax_class="zero", backorder_limit=3)
    text = f"SKU,Tax class,Backorder limit\n{known.sku},Reduced,1 000\n{other.sku},,\nX-1,luxury,-1\n"

    data_import = checked(boss, uploaded(boss, text, kind="variants"), clears_empty="on")

    wrong = {(row, column) for row, column, _ in errors(boss, data_import)}
    assert {("4", "Tax class"), ("4", "Backorder limit")} <= wrong
    written(boss, data_import, leaves_out_faulty="on")
    found = Variant.objects.values_list("sku", "tax_class", "backorder_limit")
    assert set(found) == {(known.sku, "reduced", 1000), (other.sku, "standard", 0)}
