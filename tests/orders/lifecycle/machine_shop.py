"""The real shop that the model is held against."""

from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce

from catalog.models.seller import Seller
from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.upkeep.audit_books import audit_books
from tests.orders.lifecycle.model import Line, ModelShop, PoolName
from tests.shop.goods import add_level, make_level
from tests.shop.people import Buyer, make_buyer

# TEA lies at two locations of the default seller; of MUG the default seller has some and North more; POT is
# North's and South's alone.
PRICES = {"TEA": "10.00", "MUG": "7.35", "POT": "0.05"}
SELLERS = {"TEA": ["Own*"], "MUG": ["Own*", "North"], "POT": ["North", "South"]}


class RealShop:
    """Variants and sellers by the model's names."""

    def __init__(self) -> None:
        self.buyer: Buyer = make_buyer()
        self.sellers = {"Own": ensure_default_seller()} | {
            name: Seller.objects.create(name=name, slug=f"{name.lower()}-{self.buyer.customer.pk}", priority=place)
            for place, name in enumerate(("North", "South"), start=200)
        }
        self.variants = {name: make_level(on_hand=0, price=price).variant for name, price in PRICES.items()}
        StockLevel.objects.filter(variant=self.variants["POT"]).delete()
        self.levels: list[StockLevel] = list(StockLevel.objects.filter(variant__in=self.variants.values()))
        annex = StockLocation.objects.create(seller=self.sellers["Own"], name=f"Annex {self.buyer.customer.pk}")
        self._stock("TEA", annex)
        for variant, seller in (("MUG", "North"), ("POT", "North"), ("POT", "South")):
            self._stock(variant, ensure_location(seller=self.sellers[seller]))

    def _stock(self, variant: str, location: StockLocation) -> None:
        self.levels.append(add_level(self.variants[variant], location, on_hand=0))

    def request(self, lines: list[Line]) -> PlaceOrder:
        """The model's lines as the service takes them."""
        wanted = tuple(
            PlaceOrderLine(str(self.variants[variant].pk), units, self.sellers[seller].pk if seller else None)
            for variant, seller, units in lines
        )
        return PlaceOrder(self.buyer.customer.pk, wanted)

    def pool_of(self, level: StockLevel) -> PoolName:
        """The model's pool that the level belongs to."""
        variant = next(name for name, row in self.variants.items() if row.pk == level.variant_id)
        seller = next(name for name, row in self.sellers.items() if row.pk == level.location.seller_id)
        return variant, seller

    def pools(self) -> dict[PoolName, tuple[int, int]]:
        """(on hand, reserved) of each pool, summed over its locations."""
        sums: dict[PoolName, tuple[int, int]] = {}
        for level in StockLevel.objects.filter(variant__in=self.variants.values()).select_related("location"):
            on_hand, reserved = sums.get(pool := self.pool_of(level), (0, 0))
            sums[pool] = (on_hand + level.on_hand, reserved + level.reserved)
        return sums


def orders_now(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """What each order says of itself, with its payments by reference and the units it holds."""
    found: dict[Any, dict[str, Any]] = {
        order.pk: {
            "status": order.status,
            "payment_status": order.payment_status,
            "reason": order.cancel_reason,
            "version": order.version,
            "payments": {},
            "held": 0,
        }
        for order in Order.objects.filter(pk__in=ids)
    }
    for payment in Payment.objects.filter(order__in=ids):
        found[payment.order_id]["payments"][payment.reference] = payment.status
    # Of an order over several sellers the parts hold the units.
    active = Reservation.objects.filter(status="active")
    of_whole = active.annotate(whole=Coalesce("item__order__parent_id", "item__order_id")).filter(whole__in=ids)
    for row in of_whole.values("whole").annotate(units=Sum("quantity")):
        found[row["whole"]]["held"] = row["units"]
    return found


def expected(model: ModelShop, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """The same, by the model."""
    return {
        order_id: {
            "status": order.status,
            "payment_status": order.payment_status,
            "reason": order.reason,
            "version": order.version,
            "payments": order.payments,
            "held": sum(units for _, units in order.takes) if order.status == "PENDING" else 0,
        }
        for order_id, order in zip(ids, model.orders, strict=True)
    }


def discrepancy() -> list[str]:
    """What the audit finds wrong with the books."""
    return [
        f"{finding.check.name}: {finding.rows}"
        for finding in audit_books()
        if finding.count and finding.check.is_discrepancy
    ]
