"""A quote on paper says all that the order will be placed with."""

from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.models.coupon import Coupon
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from tests.orders.documents.test_invoices import glyphs_of, ok_pdf
from tests.orders.drafts.test_draft_terms import KYIV, draft_of, line
from tests.shop.goods import for_sale
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok, refused
from users.models.customer import Customer


@pytest.fixture
def cup(db: None) -> Variant:
    return for_sale("CUP", on_hand=5, price="10.00", tax_rate="0.2")


def off(reason: str) -> dict[str, Any]:
    return {"kind": "percent", "value": "10", "reason": reason}


def test_the_terms_are_printed(staff: Caller, customer: Customer, cup: Variant) -> None:
    ShippingMethod.objects.create(code="post", name="Φ", currency=cup.currency, price=5)
    PaymentMethod.objects.create(code="bank", name="Ψ", minutes=60)
    Coupon.objects.create(code="ZZZ", kind="percent", value=50)
    terms = {"shipping_method": "post", "payment_method": "bank", "coupon": "zzz", "discount": off("Ξ")}
    plain = draft_of(staff, customer, line(cup))
    named = draft_of(staff, customer, line(cup, discount=off("Ж")), delivery_address={**KYIV, "city": "Ґ"}, **terms)
    letters = set("ΦΨZΞЖҐ")

    printed = [glyphs_of(ok_pdf(staff, f"/drafts/{draft['id']}/quote.pdf")) for draft in (plain, named)]

    assert not letters & printed[0]
    assert letters <= printed[1]


def test_a_quote_whose_coupon_does_not_hold_is_neither_printed_nor_sent(
    staff: Caller, customer: Customer, cup: Variant
) -> None:
    quote = draft_of(staff, customer, line(cup), coupon="gone")

    refused(staff.get(f"/drafts/{quote['id']}/quote.pdf"), 409, "draft_not_possible")
    problem = refused(staff.post(f"/drafts/{quote['id']}/sending", {}), 409, "draft_not_possible")
    page = signed_in(superuser("boss@example.com")).get(f"/admin/orders/draft/{quote['id']}/pdf/", follow=True)

    assert "GONE" in problem["detail"]
    assert f"{quote['number']} cannot be shown to the customer as it is" in text_of(page)
    ok(staff.patch(f"/drafts/{quote['id']}", {"coupon": ""}))
    ok(staff.post(f"/drafts/{quote['id']}/sending", {}))
