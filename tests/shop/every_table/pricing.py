"""Every row that prices, taxes, shipping and coupons have."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog.models.price_list import Price, PriceList
from catalog.models.tax import TaxRate, TaxRegion
from inventory.models.level import StockLevel
from orders.models.coupon import Coupon, CouponKind
from orders.models.hold_policy import HoldPolicy
from orders.models.order import Order
from orders.models.payment_method import PaymentMethod
from orders.models.sales import ArchivedOrder
from orders.models.shipping_method import ShippingMethod
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.place_order import place_order
from shared.clock import database_now
from tests.shop.people import Buyer
from users.models.customer_group import CustomerGroup


def fill_archive(buyer: Buyer) -> None:
    """What stays of an order that left."""
    ArchivedOrder.objects.create(
        number="900",
        month="2020-01",
        customer=buyer.customer,
        currency="USD",
        status="DELIVERED",
        payment_status="PAID",
        revenue=1,
        items=[],
        documents=[],
        created_at=datetime(2020, 1, 1, tzinfo=UTC),
    )


def fill_pricing(buyer: Buyer, level: StockLevel, name: str = "wholesale") -> Order:
    """An order by a group's price list, taxed where it goes, sent somehow, with a coupon."""
    number = TaxRegion.objects.count()
    country = chr(ord("D") + number // 26) + chr(ord("A") + number % 26)
    group = CustomerGroup.objects.create(name=name)
    buyer.customer.group = group
    buyer.customer.save()
    now = database_now()
    weeks = {"valid_from": now - timedelta(weeks=1), "valid_until": now + timedelta(weeks=1)}
    prices = PriceList.objects.create(name=name, currency="USD", customer_group=group, **weeks)
    Price.objects.create(price_list=prices, variant_id=level.variant_id, amount=Decimal(4))
    region = TaxRegion.objects.create(country=country, name=f"Land of {name}", prices_include_tax=True)
    TaxRate.objects.create(region=region, name="MwSt. 19 %", rate=Decimal("0.19"))
    ShippingMethod.objects.create(
        code=f"post-{name}", name="Post", currency="USD", price=Decimal(5), tax_rate=Decimal("0.19")
    )
    Coupon.objects.create(
        code=f"FIVER-{name.upper()}",
        kind=CouponKind.AMOUNT,
        value=5,
        currency="USD",
        usage_limit=100,
        customer_limit=2,
        **weeks,
    )
    # Staff's default is one method; the others have codes of their own.
    is_first = not PaymentMethod.objects.exists()
    code = "bank_transfer" if is_first else f"transfer_{name}"
    PaymentMethod.objects.create(code=code, name="Bank transfer", is_staff_default=is_first)
    HoldPolicy.objects.create(payment_method=code, customer_group=group, minutes=60)
    wanted = PlaceOrder(
        buyer.customer.pk,
        (PlaceOrderLine(str(level.variant_id), 2),),
        ship_to_country=country,
        shipping_method=f"post-{name}",
        coupon=f"FIVER-{name.upper()}",
        payment_method=code,
    )
    return place_order(request=wanted, actor=buyer.actor).order
