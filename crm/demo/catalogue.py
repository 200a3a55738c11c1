"""Putting the assortment into the catalogue."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.variant import Variant, default_currency
from crm.demo.assortment import RANGES, Item
from crm.demo.rows import insert
from shared.money.amounts import round_money


@dataclass(frozen=True, slots=True)
class Good:
    """A variant that is for sale, as stock and orders need it; `price` is net, in the shop's currency."""

    variant_id: UUID
    sku: str
    price: Decimal
    lies_at: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All goods by SKU, in the assortment's order."""

    goods: dict[str, Good]
    categories: int
    products: int


def make_catalogue(*, at: datetime) -> Catalogue:
    """Categories, products and variants, all made at `at`. 6 statements."""
    categories = [Category(name=r.name, slug=slugify(r.name), created_at=at) for r in RANGES]
    products: list[Product] = []
    variants: list[Variant] = []
    goods: dict[str, Good] = {}
    for category, shop_range in zip(categories, RANGES, strict=True):
        for item in shop_range.items:
            product = _make_product(item, category, at)
            products.append(product)
            for variant in _make_variants(item, product, shop_range.tax_rate, at):
                variants.append(variant)
                goods[variant.sku] = _good_of_variant(variant, item)
    with transaction.atomic():
        insert(Category, categories)
        insert(Product, products)
        insert(Variant, variants)
    return Catalogue(goods, len(categories), len(products))


def _make_product(item: Item, category: Category, at: datetime) -> Product:
    return Product(
        name=item.name,
        slug=slugify(item.name),
        description=item.text,
        category=category,
        is_active=item.is_active,
        created_at=at,
    )


def _make_variants(item: Item, product: Product, tax_rate: Decimal, at: datetime) -> list[Variant]:
    currency = default_currency()
    return [
        Variant(
            product=product,
            sku=f"{item.code}-{suffix}",
            name=name,
            price=round_money(Decimal(item.price) * Decimal(share), currency),
            currency=currency,
            tax_rate=tax_rate,
            created_at=at,
        )
        for suffix, name, share in item.options
    ]


def _good_of_variant(variant: Variant, item: Item) -> Good:
    return Good(variant.pk, variant.sku, variant.price, item.lies_at, item.is_active)
