"""The catalogue as it is stored, and the stock of it. Units come in through the ledger, so that it explains them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from factory.declarations import Sequence, SubFactory

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.ledger import stock
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from tests.shop.factory import ModelFactory


class CategoryFactory(ModelFactory[Category]):
    class Meta:
        model = Category

    name = Sequence(lambda n: f"Category {n}")
    slug = Sequence(lambda n: f"category-{n}")


class ProductFactory(ModelFactory[Product]):
    class Meta:
        model = Product

    name = Sequence(lambda n: f"Product {n}")
    slug = Sequence(lambda n: f"product-{n}")


class VariantFactory(ModelFactory[Variant]):
    """A variant that nobody stocks."""

    class Meta:
        model = Variant

    product = SubFactory(ProductFactory)
    sku = Sequence(lambda n: f"SKU-{n}")
    price = Decimal("10.00")
    currency = "USD"


class SellerFactory(ModelFactory[Seller]):
    """Another seller than the default one, without a location."""

    class Meta:
        model = Seller

    name = Sequence(lambda n: f"Seller {n}")
    slug = Sequence(lambda n: f"seller-{n}")


def make_variant(sku: str = "", *, price: str = "10.00", tax_rate: str = "0", currency: str = "USD") -> Variant:
    """A variant that nobody stocks."""
    named = {"sku": sku} if sku else {}
    return VariantFactory.create(price=Decimal(price), tax_rate=Decimal(tax_rate), currency=currency, **named)


def make_seller(name: str, *, priority: int) -> Seller:
    """A seller, not the default one, with a location."""
    seller = SellerFactory.create(name=name, slug=name.lower(), priority=priority)
    ensure_location(seller=seller)
    return seller


def make_location(name: str) -> StockLocation:
    """One more location of the default seller."""
    seller: Seller = ensure_default_seller()
    return StockLocation.objects.create(seller=seller, name=name)


def add_level(variant: Variant, location: StockLocation, *, on_hand: int) -> StockLevel:
    """Stock of the variant at one more location."""
    level = StockLevel.objects.create(variant=variant, location=location)
    if on_hand:
        with transaction.atomic():
            stock.receive(stock.lock([level.pk]), [stock.Move(level.pk, on_hand)], reason="first delivery")
    level.refresh_from_db()
    return level


def stock_at(variant: Variant, on_hand: int, seller: Seller | None = None, *, location: str = "") -> StockLevel:
    """Units of the variant at the seller's (unset: the default seller's) first location, or at a new one."""
    owner = seller or ensure_default_seller()
    place = (
        StockLocation.objects.create(seller=owner, name=location, priority=10)
        if location
        else ensure_location(seller=owner)
    )
    return add_level(variant, place, on_hand=on_hand)


def for_sale(sku: str = "", *, on_hand: int = 100, **variant: Any) -> Variant:
    """A variant that the default seller stocks."""
    made = make_variant(sku, **variant)
    stock_at(made, on_hand)
    return made


def make_level(*, on_hand: int, price: str = "10.00", tax_rate: str = "0.19") -> StockLevel:
    """A variant of its own, of which the default seller has `on_hand` units at its first location."""
    return stock_at(make_variant(price=price, tax_rate=tax_rate), on_hand)


def make_level_of_another(*, on_hand: int, price: str = "7.00") -> StockLevel:
    """A variant of its own, which only another seller than the default one has."""
    return stock_at(make_variant(price=price), on_hand, SellerFactory.create(priority=50))


def balances(level_id: UUID) -> tuple[int, int]:
    """(on hand, reserved) of a level as it is now."""
    level = StockLevel.objects.get(pk=level_id)
    return level.on_hand, level.reserved


def restock(level_id: UUID, units: int = 1) -> None:
    """Make up what was sold, so that `units` are on hand again."""
    missing = units - balances(level_id)[0]
    if missing > 0:
        with transaction.atomic():
            stock.receive(stock.lock([level_id]), [stock.Move(level_id, missing)], reason="made up")
