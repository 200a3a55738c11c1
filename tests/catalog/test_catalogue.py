"""/products, /variants, /sellers and /categories."""

from typing import Any
from uuid import uuid4

import pytest

from catalog.models.product import Product
from catalog.models.variant import Variant
from inventory.models.location import StockLocation
from tests.shop.goods import CategoryFactory, ProductFactory, SellerFactory, VariantFactory, stock_at
from tests.shop.http.api_client import NOBODYS, Caller, ok, pointers, refused

PRODUCT_FIELDS = {
    "id", "name", "slug", "description", "category", "is_active", "variants", "pictures", "images", "metadata",
}  # fmt: skip
VARIANT_FIELDS = {"id", "product", "sku", "name", "price", "currency", "tax_rate", "is_active", "available"}
VARIANT_FIELDS |= {"backorder_limit", "tax_class", "barcode", "metadata"}


def test_a_product_is_created_with_a_name(staff: Caller, visitor: Caller) -> None:
    response = staff.post("/products", {"name": "Crème brûlée"})

    body = ok(response, 201)
    assert body.keys() == PRODUCT_FIELDS
    assert (body["slug"], body["category"], body["is_active"], body["variants"]) == ("creme-brulee", None, True, [])
    assert ok(visitor.get(response["Location"])) == body


def test_slugs_are_unique_even_of_names_that_are_not_and_of_those_that_make_none(staff: Caller) -> None:
    slugs = [ok(staff.post("/products", {"name": name}), 201)["slug"] for name in ("Tea", "Tea", "茶", "茶")]

    assert len(set(slugs)) == 4
    problem = refused(staff.post("/products", {"name": "Other", "slug": "tea"}), 409, "already_exists")
    assert pointers(problem) == ["/slug"]
    problem = refused(staff.patch(f"/products/{ProductFactory.create().pk}", {"slug": "tea"}), 409, "already_exists")
    assert pointers(problem) == ["/slug"]


def test_the_category_is_its_slug(staff: Caller) -> None:
    CategoryFactory.create(slug="coffee")

    created = ok(staff.post("/products", {"name": "Espresso", "category": "coffee"}), 201)
    path = f"/products/{created['id']}"

    assert created["category"] == "coffee"
    assert pointers(refused(staff.patch(path, {"category": "nope"}), 400, "invalid")) == ["/category"]
    assert ok(staff.patch(path, {"category": None}))["category"] is None


def test_a_variant_is_created_with_product_sku_and_price(staff: Caller) -> None:
    product = ProductFactory.create()

    body = ok(staff.post("/variants", {"product": str(product.pk), "sku": "TEA", "price": "4.5"}), 201)

    assert body.keys() == VARIANT_FIELDS
    assert (body["price"], body["currency"], body["tax_rate"], body["available"]) == ("4.50", "USD", "0.0000", 0)
    assert ok(staff.get(f"/products/{product.pk}"))["variants"] == [body]


@pytest.mark.parametrize(
    ("currency", "sent", "shown"),
    [
        ("JPY", "1500", "1500"),
        ("KWD", "1.234", "1.234"),
        ("USD", 3, "3.00"),
        ("USD", 0.1, "0.10"),
        ("USD", "999999999999.99", "999999999999.99"),
    ],
)
def test_prices_have_the_digits_of_their_currency(staff: Caller, currency: str, sent: Any, shown: str) -> None:
    body = {"product": str(ProductFactory.create().pk), "sku": "X", "price": sent, "currency": currency}

    assert ok(staff.post("/variants", body), 201)["price"] == shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "10.005"),
        ("price", "1_0"),
        ("price", "-0.01"),
        ("price", "1000000000000"),
        ("price", 10**40),
        ("price", "NaN"),
        ("price", "1e400"),
        ("price", True),
        ("price", None),
        ("currency", "usd"),
        ("currency", "US"),
        ("tax_rate", "1.01"),
        ("tax_rate", "-0.1"),
        ("tax_rate", "0.12345"),
        ("sku", ""),
        ("sku", "x" * 65),
        ("sku", 5),
        ("product", "no"),
        ("product", NOBODYS),
        ("is_active", "yes"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_by_name(staff: Caller, field: str, value: Any) -> None:
    body = {"product": str(ProductFactory.create().pk), "sku": "X", "price": "1.00", field: value}

    assert pointers(refused(staff.post("/variants", body), 400, "invalid")) == [f"/{field}"]
    assert not Variant.objects.exists()


def test_a_price_must_suit_the_currency_whichever_of_them_changes(staff: Caller) -> None:
    variant = VariantFactory.create(price="10.50", currency="USD")
    path = f"/variants/{variant.pk}"

    assert pointers(refused(staff.patch(path, {"currency": "JPY"}), 400, "invalid")) == ["/price"]
    assert ok(staff.patch(path, {"currency": "JPY", "price": "10"}))["price"] == "10"


def test_a_sku_is_unique(staff: Caller) -> None:
    first, second = VariantFactory.create(sku="A"), VariantFactory.create(sku="B")
    body = {"product": str(first.product_id), "sku": "A", "price": "1"}

    assert pointers(refused(staff.post("/variants", body), 409, "already_exists")) == ["/sku"]
    assert pointers(refused(staff.patch(f"/variants/{second.pk}", {"sku": "A"}), 409, "already_exists")) == ["/sku"]


def test_a_variant_stays_with_its_product(staff: Caller) -> None:
    body = {"product": str(ProductFactory.create().pk)}

    answer = staff.patch(f"/variants/{VariantFactory.create().pk}", body)

    assert pointers(refused(answer, 400, "invalid")) == ["/product"]


def test_available_sums_all_active_levels(staff: Caller, visitor: Caller) -> None:
    variant, seller, closed = VariantFactory.create(), SellerFactory.create(), SellerFactory.create()
    stock_at(variant, 5)
    stock_at(variant, 7, seller=seller)
    stock_at(variant, 100, seller=closed)
    shut = StockLocation.objects.create(seller=seller, name="Shut", is_active=False)
    levels = {"variant": variant.sku, "location": str(shut.pk), "on_hand": 1000}
    ok(staff.post("/stock-levels", levels), 201)

    assert staff.delete(f"/sellers/{closed.pk}").status_code == 204

    assert ok(visitor.get(f"/variants/{variant.pk}"))["available"] == 12
    assert ok(visitor.get(f"/products/{variant.product_id}"))["variants"][0]["available"] == 12


def test_deleting_hides_from_the_public_and_keeps_the_row(staff: Caller, visitor: Caller, buyer: Caller) -> None:
    variant, seller = VariantFactory.create(), SellerFactory.create()
    paths = [f"/variants/{variant.pk}", f"/products/{variant.product_id}", f"/sellers/{seller.pk}"]

    for path in paths:
        assert ok(visitor.get(path))["is_active"]
        for _ in range(2):
            assert staff.delete(path).status_code == 204
        refused(visitor.get(path), 404, "not_found")
        refused(buyer.get(path), 404, "not_found")
        assert ok(staff.get(path))["is_active"] is False
        assert ok(staff.patch(path, {"is_active": True}))["is_active"] is True
        ok(visitor.get(path))


def test_the_variants_of_a_hidden_product_are_hidden(staff: Caller, visitor: Caller) -> None:
    variant = VariantFactory.create()

    staff.delete(f"/products/{variant.product_id}")

    refused(visitor.get(f"/variants/{variant.pk}"), 404, "not_found")
    assert ok(visitor.get("/variants"))["results"] == []


@pytest.mark.parametrize("path", ["/products", "/variants", "/sellers", "/categories"])
def test_only_staff_write(path: str, visitor: Caller, buyer: Caller) -> None:
    for method, where in (("POST", path), ("PATCH", f"{path}/{uuid4()}"), ("DELETE", f"{path}/{uuid4()}")):
        refused(visitor.send(method, where, {}), 401, "not_authenticated")
        refused(buyer.send(method, where, {}), 403, "permission_denied")


@pytest.mark.parametrize("path", ["/products", "/variants", "/sellers", "/categories"])
def test_what_does_not_exist_cannot_be_changed(path: str, staff: Caller) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        refused(staff.send(method, f"{path}/{uuid4()}", None if method == "GET" else {}), 404, "not_found")


def test_sellers_and_categories_are_created_with_a_name(staff: Caller) -> None:
    seller = ok(staff.post("/sellers", {"name": "North & Sons"}), 201)
    category = ok(staff.post("/categories", {"name": "Coffee"}), 201)

    assert (seller["slug"], seller["is_active"], category["slug"]) == ("north-sons", True, "coffee")
    problem = refused(staff.post("/categories", {"name": "Coffee"}), 409, "already_exists")
    assert pointers(problem) == ["/name"]


def test_a_deleted_category_leaves_its_products(staff: Caller) -> None:
    category = CategoryFactory.create()
    product = ProductFactory.create(category=category)

    assert staff.delete(f"/categories/{category.pk}").status_code == 204

    assert Product.objects.get(pk=product.pk).category is None
