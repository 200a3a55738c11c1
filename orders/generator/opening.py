"""Writing the people and goods of an invented shop."""

import math
from datetime import datetime
from itertools import accumulate
from random import Random

from django.db import connection

from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant, default_currency
from catalog.services.ensure_default_seller import ensure_default_seller
from orders.generator.cast import TAX_PERCENT, Buyer, Cast, Goods
from orders.generator.text import new_uuid

SELLERS = 40
PRODUCTS, VARIANTS_EACH = 250, 4
_ADJECTIVES = ("Plain", "Oak", "Steel", "Folding", "Tall", "Quiet", "Garden", "Travel", "Double", "Winter")
_THINGS = ("Chair", "Lamp", "Kettle", "Desk", "Shelf", "Jar", "Blanket", "Clock", "Basket", "Stool")
_GIVEN = ("Ada", "Ben", "Cleo", "Dario", "Eva", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Luis", "Mina")
_FAMILY = ("Adler", "Brandt", "Costa", "Dumont", "Eriksen", "Ferrari", "Grant", "Horak", "Ivanova", "Jensen", "Kowal")


def make_cast(*, customers: int, since: datetime, tag: str, random: Random) -> Cast:
    """Write customers, products, variants and sellers, all named after `tag`, and return them. In the caller's
    transaction. The first seller takes a quarter of all lines, the last one in 400,000."""
    seller_ids = [str(ensure_default_seller().pk), *_write_sellers(since, tag, random)]
    return Cast(
        buyers=_write_customers(customers, since, tag, random),
        goods=_write_goods(since, tag, random),
        seller_ids=seller_ids,
        seller_weights=list(accumulate(0.75**place for place in range(len(seller_ids)))),
        currency=default_currency(),
    )


def _write_sellers(since: datetime, tag: str, random: Random) -> list[str]:
    sellers = [
        Seller(id=new_uuid(since, random), name=f"Seller {number} ({tag})", slug=f"seller-{tag}-{number}")
        for number in range(1, SELLERS + 1)
    ]
    return [str(seller.pk) for seller in Seller.objects.bulk_create(sellers)]


def _write_goods(since: datetime, tag: str, random: Random) -> list[Goods]:
    products = [
        Product(
            id=new_uuid(since, random),
            name=f"{random.choice(_ADJECTIVES)} {random.choice(_THINGS)} {number}",
            slug=f"{tag}-{number}",
        )
        for number in range(1, PRODUCTS + 1)
    ]
    Product.objects.bulk_create(products)
    variants = [
        Variant(
            id=new_uuid(since, random),
            product=product,
            sku=f"{tag}-{number}-{size}".upper(),
            name=f"Size {size}",
            price=round(math.exp(random.gauss(3, 1)) + 1, 2),
            tax_rate=TAX_PERCENT / 100,
        )
        for number, product in enumerate(products, start=1)
        for size in range(1, VARIANTS_EACH + 1)
    ]
    Variant.objects.bulk_create(variants)
    return [
        Goods(str(variant.pk), variant.sku, f"{variant.product.name} {variant.name}", round(float(variant.price) * 100))
        for variant in variants
    ]


def _write_customers(count: int, since: datetime, tag: str, random: Random) -> list[Buyer]:
    buyers = []
    statement = "COPY users_customer (id, created_at, updated_at, name, email, phone) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number in range(1, count + 1):
            name = f"{random.choice(_GIVEN)} {random.choice(_FAMILY)}"
            email = f"{name.replace(' ', '.').lower()}.{number}@{tag}.example"
            buyer = Buyer(str(new_uuid(since, random)), name, email)
            phone = f"+49{random.randrange(10**9):010d}"
            copy.write(f"{buyer.customer_id}\t{since}\t{since}\t{name}\t{email}\t{phone}\n")
            buyers.append(buyer)
    return buyers
