"""A demo shop in small: a few rows of each kind that matter, on the list as the real ones are."""

from dataclasses import dataclass

from catalog.models.tax import TaxRegion
from catalog.models.variant import Variant
from crm.demo.marks import SOURCE, mark_demo_rows
from crm.models.lead import Lead
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.shipping_method import ShippingMethod
from shared.history.signing import acting
from tests.shop.goods import make_level, make_variant
from tests.shop.orders import order_of
from tests.shop.people import Buyer, CompanyFactory, StaffFactory, make_buyer
from tests.shop.price_rules import region, shipping
from users.models.company import Company
from users.models.user import User


@dataclass(frozen=True)
class SmallDemo:
    """`seller` is a login of its staff, `idle` another one; `cup` is a variant beside the one of `level`."""

    buyer: Buyer
    company: Company
    seller: User
    idle: User
    lead: Lead
    level: StockLevel
    lamp: StockLevel
    cup: Variant
    orders: list[Order]
    germany: TaxRegion
    france: TaxRegion
    post: ShippingMethod


def small_demo(*, orders: int = 0, source: str = SOURCE, is_listed: bool = True) -> SmallDemo:
    with acting(None, source):
        buyer, company = make_buyer(), CompanyFactory.create()
        buyer.customer.company = company
        buyer.customer.save(update_fields=["company"])
        level, lamp = make_level(on_hand=100), make_level(on_hand=10)
        cup = make_variant()
        Variant.objects.filter(pk=cup.pk).update(product=level.variant.product)
        cup.product.delete()
        made = SmallDemo(
            buyer=buyer,
            company=company,
            seller=StaffFactory.create(email="webshop@example.com"),
            idle=StaffFactory.create(),
            lead=Lead.objects.create(name="Ada"),
            level=level,
            lamp=lamp,
            cup=Variant.objects.get(pk=cup.pk),
            orders=[order_of(buyer, (level, 1)) for _ in range(orders)],
            germany=region("DE", "0.19"),
            france=region("FR", "0.2"),
            post=shipping("post"),
        )
        if is_listed:
            mark_demo_rows()
    return made
