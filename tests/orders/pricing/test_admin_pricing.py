"""Prices, taxes, shipping and coupons, as staff keep and use them in the admin."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from catalog.models.price_list import Price, PriceList
from catalog.models.tax import TaxRate, TaxRegion
from orders.models.coupon import Coupon
from orders.models.order import Order
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from shared.ids import new_id
from shop.services.update_shop import update_shop
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, list_url, order_form, page_url, signed_in, superuser, text_of
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import make_buyer
from tests.shop.price_rules import coupon, region, shipping
from users.models.user import User

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def inline(prefix: str, *rows: dict[str, Any]) -> dict[str, str]:
    fields = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        fields |= {f"{prefix}-{index}-{name}": str(value) for name, value in row.items()}
    return fields


def test_staff_see_what_an_order_costs_before_they_place_it(boss: Client) -> None:
    region("DE", "0.19", included=True)
    shipping("post", "5.95", tax_rate="0.19")
    coupon("SUMMER", "10")
    PaymentMethod.objects.create(code="invoice", name="Invoice")
    level, buyer = make_level(on_hand=5, price="100.00"), make_buyer()
    named = {"ship_to_country": "de", "shipping_method": "post", "coupon": "summer", "payment_method": "invoice"}
    fields = order_form(buyer.customer, (level.variant, 1), key=str(new_id())) | named

    shown = text_of(boss.post(add_url(Order), {**fields, "_look": "1"}))
    assert not Order.objects.exists()
    boss.post(add_url(Order), fields)

    assert "95.95 USD" in shown
    order = Order.objects.get()
    assert (order.total, order.coupon_code, order.payment_method) == (Decimal("95.95"), "SUMMER", "invoice")


def test_a_buyers_limit_is_told_before_the_order_is_placed(boss: Client, settings: Any) -> None:
    settings.ORDER_LIMITS_FOR, settings.ORDER_LIMIT_UNPAID_ORDERS = "everyone", 1
    level, buyer = make_level(on_hand=5), make_buyer()
    boss.post(add_url(Order), order_form(buyer.customer, (level.variant, 1), key=str(new_id())))
    fields = order_form(buyer.customer, (level.variant, 1), key=str(new_id()))

    for button in ({"_look": "1"}, {}):
        assert "At most 1 orders may wait for payment" in text_of(boss.post(add_url(Order), {**fields, **button}))


def test_a_coupon_that_does_not_hold_is_told_on_the_page(boss: Client) -> None:
    coupon("SUMMER", "10", is_active=False)
    fields = order_form(make_buyer().customer, (make_level(on_hand=5).variant, 1), key=str(new_id()))

    for button in ({}, {"_look": "1"}):
        answered = boss.post(add_url(Order), {**fields, "coupon": "summer", **button})
        assert "the coupon is switched off" in text_of(answered)


def test_a_price_list_and_a_region_are_kept_with_their_rows(boss: Client) -> None:
    variant = make_level(on_hand=1).variant
    listed = {"name": "Autumn", "currency": "usd", "is_active": "on"}

    wrong = boss.post(
        add_url(PriceList), listed | inline("prices", {"variant": variant.pk, "min_quantity": 1, "amount": "1.005"})
    )
    boss.post(
        add_url(PriceList), listed | inline("prices", {"variant": variant.pk, "min_quantity": 1, "amount": "1.50"})
    )
    rate = {"tax_class": "standard", "name": "MwSt.", "rate": "0.19"}
    boss.post(add_url(TaxRegion), {"country": "de", "name": "Germany"} | inline("rates", rate))

    assert "is a multiple of 0.01" in text_of(wrong)
    assert list(Price.objects.values_list("price_list__currency", "amount")) == [("USD", Decimal("1.5"))]
    assert TaxRate.objects.get().region.country == "DE"
    assert boss.get(page_url(PriceList.objects.get())).status_code == 200


def test_a_slip_of_a_key_is_no_new_currency(boss: Client) -> None:
    variant = make_level(on_hand=1).variant
    listed = {"name": "Autumn", "currency": "uds", "is_active": "on"}
    answered = boss.post(
        add_url(PriceList), listed | inline("prices", {"variant": variant.pk, "min_quantity": 1, "amount": "1.50"})
    )

    assert "UDS is no currency of ISO 4217." in text_of(answered)
    assert not PriceList.objects.exists()


def test_coupons_and_shipping_methods_are_kept(boss: Client) -> None:
    percent = {"code": "summer", "kind": "percent", "value": "10", "min_subtotal": "0", "is_active": "on"} | inline(
        "uses"
    )
    answered = boss.post(add_url(Coupon), percent)
    assert answered.status_code == 302, text_of(answered)
    boss.post(
        add_url(ShippingMethod),
        {
            "code": "post",
            "name": "Post",
            "currency": "USD",
            "price": "5",
            "tax_rate": "0",
            "countries": "de, ua",
            "position": "0",
            "is_active": "on",
        },
    )

    assert Coupon.objects.get().code == "SUMMER"
    assert ShippingMethod.objects.get().countries == ["DE", "UA"]


@pytest.mark.parametrize(("hour", "ends"), [("", "2027-01-01T00:00"), ("18:00", "2026-12-31T18:00")])
def test_a_coupon_until_a_day_is_good_on_that_day_of_the_shops(boss: Client, hour: str, ends: str) -> None:
    update_shop(changes={"time_zone": "Europe/Kyiv"})
    fields = {"code": "XMAS", "kind": "percent", "value": "10", "min_subtotal": "0", "is_active": "on"}
    days = {"valid_from_0": "2026-12-01", "valid_from_1": "", "valid_until_0": "2026-12-31", "valid_until_1": hour}

    answer = boss.post(add_url(Coupon), fields | days | inline("uses"))
    assert answer.status_code == 302, text_of(answer)

    made = Coupon.objects.get()
    starts, until = (datetime.fromisoformat(text).replace(tzinfo=KYIV) for text in ("2026-12-01T00:00", ends))
    assert (made.valid_from, made.valid_until) == (starts, until)
    shown = boss.get(page_url(made)).content.decode()
    assert {'value="2026-12-01"', 'value="2026-12-31"'} <= set(re.findall(r'value="2026-[^"]*"', shown))


def test_a_day_alone_is_the_shops_wherever_the_colleague_is(boss: Client) -> None:
    update_shop(changes={"time_zone": "Europe/Kyiv"})
    User.objects.update(time_zone="America/New_York")
    fields = {"code": "XMAS", "kind": "percent", "value": "10", "min_subtotal": "0", "is_active": "on"}
    days = {"valid_from_0": "2026-12-01", "valid_from_1": "12:00", "valid_until_0": "2026-12-31", "valid_until_1": ""}

    answer = boss.post(add_url(Coupon), fields | days | inline("uses"))
    assert answer.status_code == 302, text_of(answer)

    made = Coupon.objects.get()
    assert (made.valid_from, made.valid_until) == (
        datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("America/New_York")),
        datetime(2027, 1, 1, tzinfo=KYIV),
    )
    shown = boss.get(page_url(made)).content.decode()
    assert {'value="2026-12-01"', 'value="2026-12-31"'} <= set(re.findall(r'value="2026-[^"]*"', shown))
    url = page_url(made)
    assert save(boss, url, opened(boss, url), value="20").status_code == 302
    assert Coupon.objects.get().valid_until == datetime(2027, 1, 1, tzinfo=KYIV)


def test_a_coupon_for_ever_is_shown_and_the_last_day_of_all_years_is_refused(boss: Client) -> None:
    update_shop(changes={"time_zone": "Europe/Kyiv"})
    ever = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    made = Coupon.objects.create(code="EVER", kind="percent", value=10, valid_until=ever)
    url = page_url(made)

    shown = opened(boss, url)
    refused = save(boss, url, shown, valid_until_0="9999-12-31", valid_until_1="")

    assert "9999-12-31" in text_of(boss.get(list_url(Coupon)))
    assert "Enter a valid date/time." in text_of(refused)
    assert Coupon.objects.get().valid_until == ever
