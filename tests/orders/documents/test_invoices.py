"""Invoices, credit notes and packing slips over HTTP."""

import re
from decimal import Decimal
from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.api.invoices.representations import InvoiceSerializer
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import Refund
from shared.privacy.erasure import ERASED_NAME
from tests.orders.shipping.test_shipping import pack
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import audit_is_clean, refund
from users.models.customer import Customer

NAME = "Чай зелений «Їжак»"
BUYER = "Леся Українка"


@pytest.fixture
def paid(staff: Caller, order_for: Any, customer: Customer) -> dict[str, Any]:
    """A paid order of a Ukrainian: 3 x 10.00 with 20 % of tax, 2 x 7.35 with 7 %."""
    Customer.objects.filter(pk=customer.pk).update(language="uk", name=BUYER, address="вул. Шевченка, 2")
    lines = (named(price="10.00", tax_rate="0.2"), 3), (for_sale(price="7.35", tax_rate="0.07"), 2)
    return ok(staff.pay(ok(staff.place(order_for(*lines)), 201)))


def issue(caller: Caller, order: dict[str, Any], *, if_match: str | None = None, **body: Any) -> Any:
    headers = {} if if_match is None else {"if_match": if_match}
    return caller.post(f"/orders/{order['id']}/invoices", body, **headers)


def glyphs_of(content: bytes) -> set[str]:
    """The letters that a PDF's fonts are there to print: the ones with a shape other than that of missing letters."""
    pairs = re.findall(rb"<(\w{4})> <((?:\w{4})+)>\s", content)  # fpdf writes the maps of letters as they are
    return set("".join(bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs if int(glyph, 16)))


def named(**facts: Any) -> Variant:
    """A variant with a Ukrainian name."""
    variant = for_sale(**facts)
    Variant.objects.filter(pk=variant.pk).update(name=NAME)
    return variant


def test_an_invoice_is_issued_once_and_says_what_the_order_says(staff: Caller, paid: dict[str, Any]) -> None:
    answer = issue(staff, paid)
    invoice = ok(answer, 201)
    again = ok(issue(staff, paid), 200)

    assert set(invoice) == set(InvoiceSerializer().fields)
    assert answer["Location"] == f"/api/v1/invoices/{invoice['id']}"
    assert again == invoice == ok(staff.get(f"/invoices/{invoice['id']}"))
    assert re.fullmatch(r"INV-\d{4}-\d{6}", invoice["number"])
    content = Invoice.objects.get().content
    assert (invoice["total"], content["total"]) == (paid["total"], paid["total"])
    assert content["taxes"] == [
        {"rate": "0.2", "net": "30.00", "tax": "6.00"},
        {"rate": "0.07", "net": "14.70", "tax": "1.03"},
    ]
    assert [(line["quantity"], line["total"]) for line in content["lines"]] == [(3, "36.00"), (2, "15.73")]
    assert content["buyer"]["name"] == BUYER


def test_it_never_changes_and_a_changed_order_gets_another(staff: Caller, paid: dict[str, Any]) -> None:
    first = ok(issue(staff, paid), 201)
    before = staff.get(first["pdf"]).content
    Order.objects.filter(pk=paid["id"]).update(note="x")
    assert ok(issue(staff, paid), 200) == first
    assert staff.get(first["pdf"]).content[:200] == before[:200]
    Order.objects.filter(pk=paid["id"]).update(shipping_total=5, total=56.73)

    second = ok(issue(staff, paid), 201)

    assert int(second["number"][-6:]) == int(first["number"][-6:]) + 1
    assert Invoice.objects.get(pk=second["id"]).content["replaces"] == first["number"]
    assert ok(staff.get(f"/invoices/{first['id']}")) == first


def test_a_corrected_address_gets_another_and_an_erasure_or_a_new_time_zone_does_not(
    staff: Caller, paid: dict[str, Any]
) -> None:
    def issued() -> str:
        return str(issue(staff, paid).json()["number"])

    Order.objects.filter(pk=paid["id"]).update(created_at="2026-11-29T23:30Z", paid_at="2026-11-29T23:30Z")
    first = issued()
    ok(staff.patch("/shop", {"time_zone": "Asia/Tokyo"}))
    assert issued() == first, "the same lines and amounts"

    home = {"lines": ["вул. Лесі, 1"], "city": "Київ", "postal_code": "01001", "country": "UA"}
    ok(staff.patch(f"/orders/{paid['id']}", {"billing_address": home}))
    second = issued()
    assert second != first
    assert Invoice.objects.get(number=second).content["replaces"] == first

    Order.objects.filter(pk=paid["id"]).update(customer_name=ERASED_NAME, billing_address=None)
    assert issued() == second


def test_an_unpaid_order_and_a_stale_version_get_none(staff: Caller, order_for: Any, paid: dict[str, Any]) -> None:
    unpaid = ok(staff.place(order_for((for_sale(), 1))), 201)

    with nothing_changes():
        refused(issue(staff, unpaid), 409, "not_paid")
        refused(issue(staff, paid, if_match='"1"'), 412, "stale_version")
        refused(issue(staff, paid, version=1), 412, "stale_version")


def test_a_customer_reads_its_own_documents_and_issues_none(
    staff: Caller, buyer: Caller, other_buyer: Caller, paid: dict[str, Any]
) -> None:
    invoice = ok(issue(staff, paid), 201)
    shipment = ok(pack(staff, paid), 201)
    slip = f"/shipments/{shipment['id']}/packing-slip.pdf"

    for caller, status in ((buyer, 200), (other_buyer, 404), (Caller(), 401)):
        assert caller.get(invoice["pdf"]).status_code == status
        assert caller.get(slip).status_code == status
    assert [row["id"] for row in ok(buyer.get("/invoices", order=paid["id"]))["results"]] == [invoice["id"]]
    assert ok(other_buyer.get("/invoices"))["results"] == []
    refused(issue(buyer, paid), 403, "permission_denied")


def test_documents_are_printed_in_cyrillic(staff: Caller, paid: dict[str, Any]) -> None:
    invoice = ok(issue(staff, paid), 201)
    shipment = ok(pack(staff, paid), 201)

    for path in (invoice["pdf"], f"/shipments/{shipment['id']}/packing-slip.pdf"):
        answer = staff.get(path)
        assert answer["Content-Type"] == "application/pdf"
        assert set(NAME + BUYER) - {" "} <= glyphs_of(answer.content), path


@pytest.mark.parametrize(
    "words",
    [
        *("王小明 炊飯器 ニュース", "김철수 박영희", "หมอน้ำ", "राम क्षत्रिय", "محمد 12 كتاب", "דוד (שלם)", "বাংলা தமிழ்"),
        *("ქართული", "Հայերեն", "ខ្មែរ", "မြန်မာ", "አማርኛ", "★ 😀"),
    ],
)
def test_documents_are_printed_in_any_script(staff: Caller, paid: dict[str, Any], words: str) -> None:
    order = renamed(paid, words)

    invoice = ok(issue(staff, order), 201)
    shipment = ok(pack(staff, paid), 201)

    for path in (invoice["pdf"], f"/shipments/{shipment['id']}/packing-slip.pdf"):
        assert set(words) - {" "} <= glyphs_of(ok_pdf(staff, path)), path


def test_a_long_name_is_cut_into_lines_that_lose_no_letter(staff: Caller, paid: dict[str, Any]) -> None:
    words = "ผลไม้รวมบรรจุกระป๋องขนาดใหญ่" * 5

    invoice = ok(issue(staff, renamed(paid, words)), 201)

    assert set(words) <= glyphs_of(ok_pdf(staff, invoice["pdf"]))


def test_what_has_no_shape_is_left_out(staff: Caller, paid: dict[str, Any]) -> None:
    invoice = ok(issue(staff, renamed(paid, "می\u200cرود ❤\ufe0f 👍🏽 Zu\u00adcker")), 201)

    drawn = glyphs_of(ok_pdf(staff, invoice["pdf"]))

    assert set("میرود❤👍Zucker") <= drawn
    assert not drawn & set("\ufe0f🏽\u00ad")


def test_a_letter_that_no_font_has_is_named_not_drawn_as_a_box(staff: Caller, paid: dict[str, Any]) -> None:
    invoice = ok(issue(staff, renamed(paid, "Tablet \U00012000")), 201)

    answer = staff.get(invoice["pdf"])

    refused(answer, 409, "unprintable_letter")
    problem = answer.json()
    assert (problem["letter"], problem["code_point"]) == ("\U00012000", "U+12000")
    assert "CUNEIFORM SIGN A, U+12000" in problem["detail"]


def renamed(order: dict[str, Any], words: str) -> dict[str, Any]:
    """The order with another name on its lines and for its buyer."""
    OrderItem.objects.filter(order=order["id"]).update(name=words)
    Order.objects.filter(pk=order["id"]).update(customer_name=f"{words} Ltd")
    return order


def ok_pdf(caller: Caller, path: str) -> bytes:
    answer = caller.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), answer.content[:200]
    return bytes(answer.content)


def test_a_refund_has_one_credit_note(staff: Caller, paid: dict[str, Any]) -> None:
    made = Refund.objects.create(
        order_id=paid["id"],
        payment_id=paid["payments"][0]["id"],
        cause="amount",
        amount="5.00",
        currency="USD",
        reason="Запізнення",
        created_at=paid["created_at"],
    )
    with nothing_changes():
        refused(issue(staff, paid, refund=str(made.pk)), 409, "invoice_missing")
    invoice = ok(issue(staff, paid), 201)

    note = ok(issue(staff, paid, refund=str(made.pk)), 201)

    assert ok(issue(staff, paid, refund=str(made.pk)), 200) == note
    assert (note["kind"], note["total"], note["number"][:3]) == ("credit_note", "5.00", "CN-")
    assert Invoice.objects.get(pk=note["id"]).content["invoice"] == invoice["number"]
    assert staff.get(note["pdf"]).content.startswith(b"%PDF")
    refused(issue(staff, paid, refund=paid["id"]), 404, "refund_not_found")


def refunded(staff: Caller, order: dict[str, Any], *units: int, **wish: Any) -> dict[str, Any]:
    """The credit note of a refund of so many units of each line."""
    made = ok(refund(staff, order, *units, **wish), 201)[0]
    return ok(issue(staff, order, refund=made["id"]), 201)


def test_credit_notes_say_net_and_tax_and_add_up_to_the_invoice(staff: Caller, paid: dict[str, Any]) -> None:
    invoice = ok(issue(staff, paid), 201)

    notes = [refunded(staff, paid, 1), refunded(staff, paid, 2, 1), refunded(staff, paid, 0, 1)]

    assert (notes[0]["net"], notes[0]["tax"], notes[0]["total"]) == ("10.00", "2.00", "12.00")
    assert notes[1]["taxes"] == [
        {"rate": "0.2", "net": "20.00", "tax": "4.00"},
        {"rate": "0.07", "net": "7.35", "tax": "0.52"},
    ]
    for name in ("net", "tax", "total"):
        assert sum(Decimal(note[name]) for note in notes) == Decimal(invoice[name])
    line = Invoice.objects.get(pk=notes[0]["id"]).content["lines"][0]
    assert (line["net"], line["tax_rate"], line["tax"], line["total"]) == ("10.00", "0.2", "2.00", "12.00")
    audit_is_clean()


def test_a_free_amount_and_a_fee_bear_tax_of_every_rate_by_its_share(staff: Caller, paid: dict[str, Any]) -> None:
    invoice = ok(issue(staff, paid), 201)

    notes = [refunded(staff, paid, amount="20.00"), refunded(staff, paid, 3, 0, restocking_fee="4.27")]

    assert notes[0]["taxes"] == [
        {"rate": "0.2", "net": "11.60", "tax": "2.32"},
        {"rate": "0.07", "net": "5.68", "tax": "0.40"},
    ]
    assert [Decimal(note["net"]) + Decimal(note["tax"]) for note in notes] == [Decimal("20.00"), Decimal("31.73")]
    assert sum(Decimal(note["tax"]) for note in notes) == Decimal(invoice["tax"])


def test_a_changed_order_credits_the_tax_of_what_it_costs_less(staff: Caller, paid: dict[str, Any]) -> None:
    ok(issue(staff, paid), 201)
    lines = [{"item": paid["items"][0]["id"], "quantity": 1}]
    ok(staff.patch(f"/orders/{paid['id']}/items", {"lines": lines, "reason": "sold out"}))
    made = ok(staff.get(f"/orders/{paid['id']}/refunds"))["results"][0]

    note = ok(issue(staff, paid, refund=made["id"]), 201)

    assert (note["total"], note["taxes"]) == ("24.00", [{"rate": "0.2", "net": "20.00", "tax": "4.00"}])


def test_a_credit_note_of_before_is_printed_as_it_was(staff: Caller, paid: dict[str, Any]) -> None:
    ok(issue(staff, paid), 201)
    note = refunded(staff, paid, 1)
    kept = Invoice.objects.get(pk=note["id"]).content
    for name in ("net", "tax", "taxes", "shipping_tax", "other_amount"):
        del kept[name]
    for line in kept["lines"]:
        del line["net"], line["tax_rate"], line["tax"]
    Invoice.objects.filter(pk=note["id"]).update(content=kept)

    assert staff.get(note["pdf"]).content.startswith(b"%PDF")
    shown = ok(staff.get(f"/invoices/{note['id']}"))
    assert (shown["net"], shown["tax"], shown["taxes"], shown["total"]) == (None, None, [], "12.00")


def test_an_invoice_of_200_lines_goes_over_pages(staff: Caller, order_for: Any) -> None:
    variants = [named(price="9999.99") for _ in range(200)]
    order = ok(staff.pay(ok(staff.place(order_for(*((variant, 12) for variant in variants))), 201)))

    content = staff.get(ok(issue(staff, order), 201)["pdf"]).content

    assert 4 <= len(re.findall(rb"/Type /Page\b", content)) <= 14
