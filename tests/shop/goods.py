"""The catalogue as it is stored. Stock is made by the services, so that the ledger explains it."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from inventory.models.level import StockLevel
from inventory.services.create_stock_level import create_stock_level
from shared.actor import SYSTEM


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Product {n}")
    slug = factory.Sequence(lambda n: f"product-{n}")


class VariantFactory(DjangoModelFactory):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    price = Decimal("10.00")
    currency = "USD"


class SellerFactory(DjangoModelFactory):
    class Meta:
        model = Seller

    name = factory.Sequence(lambda n: f"Seller {n}")
    slug = factory.Sequence(lambda n: f"seller-{n}")


def stock(variant: Variant, on_hand: int, *, seller: Seller | None = None) -> StockLevel:
    """`on_hand` units at the seller's (else the default seller's) first location."""
    seller_id = seller.pk if seller else None
    return create_stock_level(variant_id=variant.pk, on_hand=on_hand, seller_id=seller_id, actor=SYSTEM)
