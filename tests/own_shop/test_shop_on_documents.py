"""Who sells stands on pages and documents; what was issued keeps what it said."""

from typing import Any

from django.test import Client

from orders.models.invoice import Invoice
from shop.services.save_bank_account import save_bank_account
from shop.services.update_shop import update_shop
from tests.orders.documents.test_invoices import glyphs_of, issue
from tests.shop.goods import for_sale
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok

IBAN = "DE89370400440532013000"
FIRST = {"name": "Tee & Tassen", "legal_name": "Tee & Tassen GmbH", "city": "Köln", "tax_number": "DE123456789"}


def test_the_header_and_the_sign_in_page_have_the_shops_name(db: None) -> None:
    boss, stranger = signed_in(superuser()), Client()
    assert "Kontor" in text_of(stranger.get("/admin/login/"))

    update_shop(changes=FIRST)

    assert "Tee & Tassen" in text_of(boss.get("/admin/"))
    assert "Tee & Tassen" in text_of(stranger.get("/admin/login/"))


def test_an_issued_invoice_keeps_the_seller_that_it_named(staff: Caller, order_for: Any) -> None:
    update_shop(changes={**FIRST, "payment_terms": "14 days"})
    save_bank_account(account_id=None, values={"iban": IBAN, "bic": "COBADEFFXXX"})
    order = _paid(staff, order_for)
    invoice = ok(issue(staff, order), 201)
    before = staff.get(f"/invoices/{invoice['id']}.pdf").content

    update_shop(changes={"name": "Ж", "legal_name": "Ж", "bank_accounts": []})

    kept = Invoice.objects.get().content["seller"]
    assert (kept["name"], kept["tax_number"], kept["payment_terms"]) == ("Tee & Tassen GmbH", "DE123456789", "14 days")
    assert kept["bank_accounts"][0]["iban"] == "DE89 3704 0044 0532 0130 00"
    assert "Ж" not in glyphs_of(staff.get(f"/invoices/{invoice['id']}.pdf").content)
    assert glyphs_of(before) == glyphs_of(staff.get(f"/invoices/{invoice['id']}.pdf").content)
    # And the shop's new name makes no new invoice of an order that has not changed.
    assert ok(issue(staff, order), 200) == invoice


def test_a_packing_slip_is_printed_with_todays_name(staff: Caller, order_for: Any) -> None:
    update_shop(changes={"name": "Їжак"})
    order = _paid(staff, order_for)
    shipment = ok(staff.post(f"/orders/{order['id']}/shipments", {}), 201)

    assert "Ї" in glyphs_of(staff.get(f"/shipments/{shipment['id']}/packing-slip.pdf").content)


def test_an_invoice_of_a_shop_without_a_name_is_drawn_as_before(staff: Caller, order_for: Any) -> None:
    ok(issue(staff, _paid(staff, order_for)), 201)
    row = Invoice.objects.get()
    Invoice.objects.update(content={name: value for name, value in row.content.items() if name != "seller"})

    assert staff.get(f"/invoices/{row.pk}.pdf").status_code == 200


def _paid(staff: Caller, order_for: Any) -> dict[str, Any]:
    paid: dict[str, Any] = ok(staff.pay(ok(staff.place(order_for((for_sale(), 1))), 201)))
    return paid
