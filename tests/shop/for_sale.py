"""What is for sale in these tests."""

from decimal import Decimal
from itertools import count
from typing import Any

from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from tests.shop.orders import add_level

_serial = count(1)


def make_variant(sku: str = "", *, price: str = "10.00", tax_rate: str = "0", currency: str = "USD") -> Variant:
    """A variant that nobody stocks."""
    number = next(_serial)
    product = Product.objects.create(name=f"Good {number}", slug=f"good-{number}")
    return Variant.objects.create(
        product=product,
        sku=sku or f"GOOD-{number}",
        price=Decimal(price),
        tax_rate=Decimal(tax_rate),
        currency=currency,
    )


def make_seller(name: str, *, priority: int) -> Seller:
    """A seller, not the default one, with a location."""
    seller = Seller.objects.create(name=name, slug=name.lower(), priority=priority)
    ensure_location(seller=seller)
    return seller


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
