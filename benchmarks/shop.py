"""The shop that is measured: 120 variants with plenty of stock, some sold out, two further sellers, 100 customers and
an API key.

Ids are made from small integers, so that a pgbench script can pick rows at random without a look-up.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.ledger import stock
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from shared.actor import Actor
from users.models.api_key import Scope
from users.models.customer import Customer
from users.models.user import User
from users.services.create_api_key import create_api_key

VARIANTS = 120
SOLD_OUT = 12
CUSTOMERS = 100
PLENTY = 1_000_000_000
PRICE = Decimal("19.99")
TAX_RATE = Decimal("0.2")
# Further sellers, each with so many variants that nobody else has.
OTHER_SELLERS = 2
VARIANTS_OF_ANOTHER = 40
BLOCK = 1_000_000  # apart enough for every kind of row


def variant_id(number: int) -> UUID:
    """`number` 1 to VARIANTS has stock; the SOLD_OUT ones after it have none."""
    return UUID(int=number)


def variants_of_another(seller: int) -> range:
    """Numbers of what a further seller, 1 to OTHER_SELLERS, has."""
    first = VARIANTS + SOLD_OUT + 1 + (seller - 1) * VARIANTS_OF_ANOTHER
    return range(first, first + VARIANTS_OF_ANOTHER)


def level_id(number: int) -> UUID:
    return UUID(int=BLOCK + number)


def customer_id(number: int) -> UUID:
    return UUID(int=2 * BLOCK + number)


@dataclass(frozen=True, slots=True)
class Shop:
    """`secret` is the API key's; `actor` is who it signs in as."""

    secret: str
    actor: Actor
    seller_id: UUID


def open_shop() -> Shop:
    """Fill an empty, migrated database."""
    seller = ensure_default_seller()
    owner = User.objects.create_user("bench@example.com", is_staff=True, is_superuser=True)
    scopes = [Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.PAYMENTS_WRITE]
    key, secret = create_api_key(owner=owner, name="Benchmark", scopes=scopes)
    Customer.objects.bulk_create(
        Customer(id=customer_id(n), name=f"Customer {n}", email=f"customer{n}@example.com")
        for n in range(1, CUSTOMERS + 1)
    )
    stock_up(StockLocation.objects.get(), range(1, VARIANTS + SOLD_OUT + 1), range(1, VARIANTS + 1))
    for number in range(1, OTHER_SELLERS + 1):
        other = Seller.objects.create(name=f"Seller {number}", slug=f"seller-{number}", priority=100 + number)
        stock_up(ensure_location(seller=other), variants_of_another(number), variants_of_another(number))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Shop(secret, Actor(owner.pk, key.pk, "benchmark"), seller.pk)


def stock_up(location: StockLocation, numbers: range, in_stock: range) -> None:
    """Variants of these numbers at the location, those `in_stock` with PLENTY."""
    product = Product.objects.create(name="Measured", slug=f"measured-{numbers.start}")
    Variant.objects.bulk_create(
        Variant(id=variant_id(n), product=product, sku=f"BENCH-{n}", price=PRICE, tax_rate=TAX_RATE) for n in numbers
    )
    StockLevel.objects.bulk_create(
        StockLevel(id=level_id(n), variant_id=variant_id(n), location=location) for n in numbers
    )
    with transaction.atomic():
        levels = stock.lock(level_id(n) for n in in_stock)
        moves = [stock.Move(level, PLENTY) for level in levels]
        stock.receive(levels, moves, reason="Opening stock")
