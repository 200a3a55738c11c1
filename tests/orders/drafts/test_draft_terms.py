"""What drafts name beside their lines: addresses, shipping, payment, coupon, discounts with their reasons."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from catalog.models.seller_member import SellerMember
from catalog.models.variant import Variant
from orders.models.coupon import Coupon
from orders.models.order_item import OrderItem
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from tests.shop.goods import for_sale
from tests.shop.http.admin_pages import superuser
from tests.shop.http.api_client import Caller, login, machine, ok, pointers, refused
from tests.shop.http.order_actions import audit_is_clean
from users.models.customer import Customer
from users.models.user import User

KYIV = {
    "name": "Oksana",
    "company": "",
    "lines": ["Khreshchatyk 1"],
    "city": "Kyiv",
    "region": "",
    "postal_code": "01001",
    "country": "UA",
    "phone": "",
}
TEN_PERCENT = {"kind": "percent", "value": "10", "reason": "friend of the house"}


@pytest.fixture
def cup(db: None) -> Variant:
    return for_sale("CUP", on_hand=5, price="10.00", tax_rate="0.2")


def draft_of(staff: Caller, customer: Customer, *lines: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return ok(staff.post("/drafts", {"customer": str(customer.pk), "lines": list(lines), **facts}), 201)


def line(variant: Variant, quantity: int = 1, **facts: Any) -> dict[str, Any]:
    return {"variant": str(variant.pk), "quantity": quantity, **facts}


def test_the_order_is_what_the_draft_said(staff: Caller, customer: Customer, cup: Variant) -> None:
    ShippingMethod.objects.create(code="post", name="Post", currency=cup.currency, price=5)
    PaymentMethod.objects.create(code="bank", name="Bank", minutes=60)
    off_line = {"kind": "amount", "value": "2.00", "reason": "scratched"}
    terms = {"shipping_method": "post", "payment_method": "bank", "delivery_address": KYIV, "discount": TEN_PERCENT}
    draft = draft_of(staff, customer, line(cup, 2, discount=off_line), line(cup), **terms)
    shown = {name: draft[name] for name in terms}
    # 20 - 2 and 10, less 10 %: 16.20 and 9.00, with 20 % tax and 5.00 for the post.
    assert (draft["worth"]["discount_total"], draft["worth"]["shipping_total"]) == ("4.80", "5.00")
    assert (draft["worth"]["total"], draft["worth"]["problem"]) == ("35.24", "")

    order = ok(staff.post(f"/drafts/{draft['id']}/order", {}), 201)

    assert shown == terms
    assert draft["lines"][0]["discount"] == off_line
    assert (order["total"], order["discount_total"], order["shipping_total"]) == ("35.24", "4.80", "5.00")
    assert (order["payment_method"], order["shipping_method"]) == ("bank", "post")
    assert (order["delivery_address"], order["ship_to_country"]) == (KYIV, "UA")
    reasons = [(each["label"], each["amount"]) for each in order["adjustments"] if each["kind"] == "discount"]
    assert sorted(reasons) == [("friend of the house", "-2.80"), ("scratched", "-2.00")]
    audit_is_clean()


def test_sellers_who_may_see_reasons_read_why_staff_took_something_off(
    staff: Caller, customer: Customer, cup: Variant
) -> None:
    draft = draft_of(staff, customer, line(cup), discount=TEN_PERCENT)
    order = ok(staff.post(f"/drafts/{draft['id']}/order", {}), 201)
    seller = User.objects.create_user("seller@sellers.example", is_staff=True)
    role = Group.objects.get(name="seller")
    role.permissions.add(Permission.objects.get(codename="view_adjustment"))
    seller.groups.add(role)
    SellerMember.objects.create(user=seller, seller_id=order["items"][0]["seller"])

    shown = ok(login(seller).get(f"/orders/{order['id']}"))

    assert not order["ship_to_country"]
    assert [each["label"] for each in shown["adjustments"]] == ["friend of the house"]


def test_what_is_not_named_stays_and_null_takes_away(staff: Caller, customer: Customer, cup: Variant) -> None:
    terms = {"delivery_address": KYIV, "billing_address": KYIV, "discount": TEN_PERCENT, "coupon": "summer"}
    draft = draft_of(staff, customer, line(cup), **terms)
    assert draft["coupon"] == "SUMMER"
    assert draft["worth"]["total"] is None
    assert "SUMMER" in draft["worth"]["problem"]

    taken = {"delivery_address": None, "discount": None, "coupon": None}
    changed = ok(staff.patch(f"/drafts/{draft['id']}", taken))

    assert [changed[name] for name in ("delivery_address", "discount", "coupon")] == [None, None, ""]
    assert changed["billing_address"] == KYIV
    assert changed["worth"]["total"] == "12.00"


def test_wrong_terms_are_named(staff: Caller, customer: Customer, cup: Variant) -> None:
    def faults(lines: Any = (), **facts: Any) -> list[str]:
        body = {"customer": str(customer.pk), "lines": list(lines), **facts}
        return pointers(refused(staff.post("/drafts", body), 400, "invalid"))

    assert faults(discount={"kind": "percent", "value": "101", "reason": "x"}) == ["/discount/value"]
    assert faults(discount={"kind": "amount", "value": "1.005", "reason": " "}) == [
        "/discount/value",
        "/discount/reason",
    ]
    assert faults([line(cup, discount={**TEN_PERCENT, "value": "200"})]) == ["/lines/0/discount/value"]
    assert faults(delivery_address={**KYIV, "lines": []}) == ["/delivery_address/lines"]
    assert faults(ship_to_country="DE", delivery_address=KYIV) == ["/ship_to_country"]


def test_discounts_are_of_those_who_may_agree_prices(customer: Customer, cup: Variant, staff: Caller) -> None:
    seller = machine(superuser("other@example.com"), "orders:read", "orders:write")
    body = {"customer": str(customer.pk), "lines": [line(cup)]}
    discounted = {**body, "lines": [line(cup, discount=TEN_PERCENT)]}
    draft = draft_of(staff, customer, line(cup), discount=TEN_PERCENT)

    assert seller.post("/drafts", {**body, "discount": TEN_PERCENT}).status_code == 403
    assert seller.post("/drafts", discounted).status_code == 403
    refused(seller.post(f"/drafts/{draft['id']}/order", {}), 403, "agreed_prices_not_allowed")
    ok(seller.post("/drafts", body), 201)


def test_a_coupon_counts_on_what_the_lines_own_discounts_leave(staff: Caller, customer: Customer, cup: Variant) -> None:
    Coupon.objects.create(code="HALF", kind="percent", value=50)
    half_off = {"kind": "percent", "value": "50", "reason": "last one"}
    draft = draft_of(staff, customer, line(cup, 2, discount=half_off), coupon="half", discount=TEN_PERCENT)

    order = ok(staff.post(f"/drafts/{draft['id']}/order", {}), 201)

    # 20 → 10 → 5 → 4.50
    assert (order["subtotal"], order["discount_total"], order["total"]) == ("20.00", "15.50", "5.40")
    assert order["total"] == draft["worth"]["total"]
    audit_is_clean()


def test_reasons_follow_when_a_discounted_order_shrinks(staff: Caller, customer: Customer, cup: Variant) -> None:
    half_off = {"kind": "percent", "value": "50", "reason": "last one"}
    draft = draft_of(staff, customer, line(cup, 2, discount=half_off), line(cup), discount=TEN_PERCENT)
    order = ok(staff.post(f"/drafts/{draft['id']}/order", {}), 201)
    first = OrderItem.objects.filter(order=order["id"]).order_by("position")[0]

    body = {"lines": [{"item": str(first.pk), "quantity": 1}], "reason": "one broke"}
    ok(staff.patch(f"/orders/{order['id']}/items", body))

    edited = ok(staff.get(f"/orders/{order['id']}"))
    reasons = {each["label"]: each["amount"] for each in edited["adjustments"] if each["kind"] == "discount"}
    # 10 → 5 → 4.50 and 10 → 9
    assert reasons == {"last one": "-5.00", "friend of the house": "-1.50"}
    assert edited["discount_total"] == "6.50"
    audit_is_clean()
