"""What article 226 of Directive 2006/112/EC wants on an invoice, point by point: found on the PDF, or said why not."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models.tax import TaxRate, TaxRegion
from catalog.models.variant import Variant
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.services.shipments.change_shipment import ship_shipment
from shared.actor import SYSTEM
from tests.orders.documents.test_invoices import issue, ok_pdf
from tests.orders.shipping.test_shipping import pack
from tests.shop.goods import for_sale, make_level_of_another
from tests.shop.http.api_client import Caller, ok
from tests.shop.printed import text_in
from users.models.customer import Customer

SHIPPED, PAID = "2026-03-04", "2026-03-02"
# By point: what is to be read on the invoice of `sold`.
WANTED: dict[str, tuple[str, ...]] = {
    "1 date of issue": ("Date",),
    "2 sequential number": ("Invoice INV-",),
    "3 the supplier's VAT number": ("Tax number", "DE811907980"),
    "4 the customer's VAT number": ("Tax number: ATU13585627",),
    "5 full names and addresses": ("Kontor GmbH", "Hafenstraße 7", "Bell Ltd", "Ring 1", "1010 Wien"),
    "6 quantity and nature": ("Linen apron", "3"),
    "7 date of supply, or of payment before it": ("Supplied on", SHIPPED, "Paid on", PAID),
    "8 taxable amount by rate, unit price without tax, discounts": ("Net price", "10.0000", "Tax 20 % of 30.00 EUR"),
    "9 rate": ("20 %", "0 %"),
    "10 tax payable": ("6.00 EUR",),
    "11 reference of an exemption": ("Exempt, art. 135 (1)(h)",),
    "11a reverse charge": ("Exempt, art. 135 (1)(h)",),  # by the same name of a rate of 0
}
# Points that an invoice of Kontor never needs.
NOT_NEEDED = {
    "7a cash accounting": "a shop under that scheme writes it into its invoice's footer; an invoice is of a paid order",
    "10a self-billing": "buyers write no invoices here",
    "12 new means of transport": "none are sold across a border by a shop of goods; the footer can name them",
    "13 travel agents' margin": "no travel is sold",
    "14 second-hand goods, art, antiques": "margin schemes are not computed: the footer names one",
    "15 tax representative": "named in the footer",
}


@pytest.fixture
def sold(staff: Caller, order_for: Any, customer: Customer) -> dict[str, Any]:
    """Paid and sent: an apron at 12.00 with 20 % of tax in it, and stamps that bear none."""
    region = TaxRegion.objects.create(country="AT", name="Austria", prices_include_tax=True)
    TaxRate.objects.create(region=region, tax_class="standard", name="USt 20 %", rate=Decimal("0.2"))
    TaxRate.objects.create(region=region, tax_class="zero", name="Exempt, art. 135 (1)(h)", rate=Decimal(0))
    apron, stamps = for_sale(price="12.00", currency="EUR"), for_sale(price="1.10", currency="EUR")
    Variant.objects.filter(pk=stamps.pk).update(tax_class="zero")
    for variant, name in ((apron, "Linen apron"), (stamps, "Stamps")):
        variant.product.name = name
        variant.product.save()
    seller = {
        "legal_name": "Kontor GmbH",
        "address": {"lines": ["Hafenstraße 7"], "country": "DE"},
        "tax_number": "DE811907980",
    }
    ok(staff.patch("/shop", seller))
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": "ATU 1358 5627"}))
    home = {"lines": ["Ring 1"], "city": "Wien", "postal_code": "1010", "country": "AT"}
    body = order_for((apron, 3), (stamps, 10)) | {"billing_address": {**home, "name": "Bell Ltd"}}
    order: dict[str, Any] = ok(staff.pay(ok(staff.place({**body, "ship_to_country": "AT"}), 201)))
    shipment = ok(pack(staff, order), 201)
    ship_shipment(shipment_id=shipment["id"], actor=SYSTEM)
    Shipment.objects.update(shipped_at=f"{SHIPPED}T12:00Z")
    Order.objects.filter(pk=order["id"]).update(paid_at=f"{PAID}T12:00Z")
    return order


def test_each_point_of_the_article_is_on_the_invoice(staff: Caller, sold: dict[str, Any]) -> None:
    invoice = ok(issue(staff, sold), 201)

    text = text_in(ok_pdf(staff, invoice["pdf"]))

    missing = {point: [word for word in words if word not in text] for point, words in WANTED.items()}
    assert not {point: words for point, words in missing.items() if words}, text
    assert f"Date\n{invoice['issued_at'][:10]}" in text
    assert len(WANTED) + len(NOT_NEEDED) == 18  # points 1 to 15, with 7a, 10a and 11a
    assert all(NOT_NEEDED.values())


def test_what_is_not_sent_yet_is_dated_by_its_payment(staff: Caller, order_for: Any) -> None:
    order = ok(staff.pay(ok(staff.place(order_for((for_sale(), 1))), 201)))

    text = text_in(ok_pdf(staff, ok(issue(staff, order), 201)["pdf"]))

    assert "Supplied on" not in text
    assert "Paid on" in text


def test_sending_the_goods_or_an_older_documents_shape_issues_no_other(staff: Caller, sold: dict[str, Any]) -> None:
    first = ok(issue(staff, sold), 201)
    kept = Invoice.objects.get()
    older = {name: value for name, value in kept.content.items() if name not in ("supplied_on", "tax_notes")}
    older["lines"] = [{key: value for key, value in line.items() if key != "unit_net"} for line in older["lines"]]

    type(kept).objects.filter(pk=kept.pk).update(content=older)

    assert ok(issue(staff, sold), 200)["number"] == first["number"]
    drawn = text_in(ok_pdf(staff, first["pdf"]))
    assert "Linen apron" in drawn
    assert "Net price" not in drawn, "12.00 is a price with tax"
    assert "12.00" in drawn


def test_a_part_that_was_cancelled_leaves_the_day_of_the_rest(staff: Caller, order_for: Any) -> None:
    own, anothers = for_sale(), make_level_of_another(on_hand=5).variant
    order = ok(staff.pay(ok(staff.place(order_for((own, 1), (anothers, 1))), 201)))
    sub_orders = ok(staff.get(f"/orders/{order['id']}"))["sub_orders"]
    kept, gone = (each["id"] for each in sub_orders)
    [line] = ok(staff.get(f"/orders/{gone}"))["items"]
    ok(staff.post(f"/orders/{gone}/refunds", {"items": [{"item": line["id"], "quantity": 1}], "reason": "gone"}), 201)
    assert ok(staff.get(f"/orders/{gone}"))["status"] == "CANCELLED"
    ship_shipment(shipment_id=ok(pack(staff, {"id": kept, "items": []}), 201)["id"], actor=SYSTEM)

    text = text_in(ok_pdf(staff, ok(issue(staff, order), 201)["pdf"]))

    assert "Supplied on" in text
