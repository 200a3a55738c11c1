"""A small real shop for tests of the database and of races: everything goes through the services."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from django.db import transaction

from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.ledger import stock
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from orders.models.order import Order
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.place_order import place_order
from shared.actor import Actor
from users.models.customer import Customer
from users.models.user import User

_serial = count(1)


@dataclass(frozen=True)
class Buyer:
    """A customer and the login that acts for it."""

    customer: Customer
    actor: Actor


def make_buyer() -> Buyer:
    number = next(_serial)
    user = User.objects.create_user(f"buyer{number}@example.com")
    customer = Customer.objects.create(name=f"Buyer {number}", email=user.email, user=user)
    return Buyer(customer, Actor(user_id=user.pk, principal_id=user.pk, label=user.email))


def make_level(*, on_hand: int, price: str = "10.00", tax_rate: str = "0.19") -> StockLevel:
    """A variant of its own, of which the default seller has `on_hand` units at its first location."""
    number = next(_serial)
    product = Product.objects.create(name=f"Thing {number}", slug=f"thing-{number}")
    variant = Variant.objects.create(
        product=product, sku=f"THING-{number}", price=Decimal(price), tax_rate=Decimal(tax_rate)
    )
    return add_level(variant, ensure_location(seller=ensure_default_seller()), on_hand=on_hand)


def make_level_of_another(*, on_hand: int, price: str = "7.00") -> StockLevel:
    """A variant of its own, which only another seller than the default one has."""
    number = next(_serial)
    seller = Seller.objects.create(name=f"Seller {number}", slug=f"seller-{number}", priority=50)
    product = Product.objects.create(name=f"Thing {number}", slug=f"thing-{number}")
    variant = Variant.objects.create(product=product, sku=f"THING-{number}", price=Decimal(price))
    return add_level(variant, ensure_location(seller=seller), on_hand=on_hand)


def add_level(variant: Variant, location: StockLocation, *, on_hand: int) -> StockLevel:
    """Stock of the variant at one more location."""
    level = StockLevel.objects.create(variant=variant, location=location)
    if on_hand:
        with transaction.atomic():
            stock.receive(stock.lock([level.pk]), [stock.Move(level.pk, on_hand)], reason="first delivery")
    level.refresh_from_db()
    return level


def make_location(name: str) -> StockLocation:
    """One more location of the default seller."""
    seller: Seller = ensure_default_seller()
    return StockLocation.objects.create(seller=seller, name=name)


def request_for(buyer: Buyer, *lines: tuple[StockLevel, int]) -> PlaceOrder:
    """What a buyer would send for so many units of what lies at each level."""
    wanted = tuple(PlaceOrderLine(variant=str(level.variant_id), quantity=units) for level, units in lines)
    return PlaceOrder(customer_id=buyer.customer.pk, lines=wanted)


def order_of(
    buyer: Buyer, *lines: tuple[StockLevel, int], key: str | None = None, now: datetime | None = None
) -> Order:
    """An order placed as a buyer places it."""
    request = request_for(buyer, *lines)
    return place_order(request=request, actor=buyer.actor, idempotency_key=key, now=now).order


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
