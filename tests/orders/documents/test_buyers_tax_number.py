"""The buyer's tax number: as it was when the order was placed, on every document, and never other on an issued one."""

from typing import Any

import pytest

from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.placing.sql import PLAIN
from shared.privacy.erasure import ERASED_NAME
from tests.orders.documents.test_invoices import issue, ok_pdf
from tests.shop.goods import for_sale, make_level_of_another
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.http.order_actions import refund
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import CompanyFactory
from tests.shop.printed import text_in
from users.models.company import Company
from users.models.customer import Customer

OWN, OF_COMPANY, OTHER = "ATU13585627", "DE811907980", "GB980780684"


@pytest.fixture
def company(customer: Customer) -> Company:
    """Whom the customer buys for."""
    made = CompanyFactory.create(tax_number=OF_COMPANY)
    Customer.objects.filter(pk=customer.pk).update(company=made)
    return made


@pytest.fixture
def paid(staff: Caller, order_for: Any, company: Company) -> dict[str, Any]:
    return ok(staff.pay(ok(staff.place(order_for((for_sale(), 2))), 201)))


def issued(staff: Caller, order: dict[str, Any]) -> str:
    """What the invoice says by now."""
    return text_in(ok_pdf(staff, issue(staff, order).json()["pdf"]))


def test_the_statement_that_places_is_still_one_that_the_driver_remembers() -> None:
    assert len(PLAIN) <= 4096


@pytest.mark.parametrize("is_split", [False, True])
def test_an_order_takes_the_customers_own_else_the_companys(
    staff: Caller, order_for: Any, company: Company, customer: Customer, is_split: bool
) -> None:
    others = ((make_level_of_another(on_hand=9).variant, 1),) if is_split else ()
    by_company = ok(staff.place(order_for((for_sale(), 1), *others)), 201)
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": OWN}))
    own = ok(staff.place(order_for((for_sale(), 1), *others)), 201)
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": "", "company": None}))
    without = ok(staff.place(order_for((for_sale(), 1), *others)), 201)

    placed = [by_company, own, without]
    assert [order["customer_tax_number"] for order in placed] == [OF_COMPANY, OWN, ""]
    assert [ok(staff.get(f"/orders/{order['id']}")) for order in placed] == placed
    kept = Order.objects.order_by("number").values_list("customer_tax_number", flat=True)
    assert list(kept) == [number for number in (OF_COMPANY, OWN, "") for _ in range(3 if is_split else 1)]


def test_documents_say_what_the_order_took_whatever_the_customer_says_now(
    staff: Caller, paid: dict[str, Any], customer: Customer
) -> None:
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": OTHER, "company": None}))

    text = issued(staff, paid)
    [back] = ok(refund(staff, paid, amount="1.00", reason="late"), 201)
    note = ok(issue(staff, paid, refund=back["id"]), 201)

    assert f"Tax number: {OF_COMPANY}" in text
    assert f"Tax number: {OF_COMPANY}" in text_in(ok_pdf(staff, note["pdf"]))
    assert issued(staff, paid) == text
    assert Invoice.objects.filter(kind="invoice").count() == 1


def test_the_first_invoice_settles_it_for_an_order_that_has_none(
    staff: Caller, paid: dict[str, Any], customer: Customer
) -> None:
    Order.objects.update(customer_tax_number="")  # as those placed before it was kept
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": OWN}))

    assert f"Tax number: {OWN}" in issued(staff, paid)
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": OTHER}))
    assert f"Tax number: {OWN}" in issued(staff, paid)
    assert Invoice.objects.count() == 1


def test_an_invoice_from_before_it_was_kept_is_drawn_and_stays(
    staff: Caller, paid: dict[str, Any], customer: Customer
) -> None:
    Order.objects.update(customer_tax_number="")
    issue(staff, paid)
    kept = Invoice.objects.get()
    del kept.content["buyer"]["tax_number"]
    kept.save(update_fields=["content"])

    assert "Tax number" not in issued(staff, paid)
    assert Invoice.objects.count() == 1, "a number that the customer got since makes no new invoice of an old order"


def test_a_corrected_number_makes_an_invoice_that_replaces_the_first(staff: Caller, paid: dict[str, Any]) -> None:
    first = ok(issue(staff, paid), 201)
    before = staff.get(first["pdf"]).content

    changed = ok(staff.patch(f"/orders/{paid['id']}", {"customer_tax_number": "atu 1358.5627"}))

    assert (changed["customer_tax_number"], changed["version"]) == (OWN, paid["version"] + 1)
    assert changed["events"][-1]["data"] == {"changed": ["customer_tax_number"]}
    text = issued(staff, paid)
    assert f"Tax number: {OWN}" in text
    assert first["number"] in text
    assert f"Tax number: {OF_COMPANY}" in text_in(before)
    assert text_in(staff.get(first["pdf"]).content) == text_in(before)
    Order.objects.update(customer_name=ERASED_NAME, customer_tax_number="")
    assert issued(staff, paid) == text, "an erasure is no correction"


def test_what_is_no_number_is_refused_by_its_name(staff: Caller, paid: dict[str, Any]) -> None:
    for wrong in ("ATU13585628", "X" * 41):
        answer = refused(staff.patch(f"/orders/{paid['id']}", {"customer_tax_number": wrong}), 400, "invalid")
        assert pointers(answer) == ["/customer_tax_number"]

    assert ok(staff.get(f"/orders/{paid['id']}")) == paid


def test_a_quote_names_the_customers_number(staff: Caller, company: Company, customer: Customer) -> None:
    lines = [{"variant": str(for_sale().pk), "quantity": 1}]
    draft = ok(staff.post("/drafts", {"customer": str(customer.pk), "lines": lines}), 201)

    assert f"Tax number: {OF_COMPANY}" in text_in(staff.get(f"/drafts/{draft['id']}/quote.pdf").content)
    ok(staff.patch(f"/customers/{customer.pk}", {"tax_number": OWN}))
    assert f"Tax number: {OWN}" in text_in(staff.get(f"/drafts/{draft['id']}/quote.pdf").content)


@pytest.mark.parametrize("is_over", [False, True])
def test_staff_correct_it_on_the_orders_page_whatever_its_state(
    staff: Caller, paid: dict[str, Any], is_over: bool
) -> None:
    if is_over:
        for status in ("PROCESSING", "SHIPPED", "DELIVERED"):
            ok(staff.patch(f"/orders/{paid['id']}/status", {"status": status}))
    browser = signed_in(superuser())
    page = browser.get(f"/admin/orders/order/{paid['id']}/change/").content.decode()
    [path] = [each for each in ("change_addresses", "change_tax_number") if f"/{each}" in page]
    form = f"/admin/orders/order/{paid['id']}/{path}/"

    assert OF_COMPANY in page
    assert path == ("change_tax_number" if is_over else "change_addresses")
    wrong = save(browser, form, opened(browser, form), customer_tax_number="ATU1")
    assert "This is no tax number of AT" in wrong.content.decode()
    assert save(browser, form, opened(browser, form), customer_tax_number="ATU 1358 5627").status_code == 302
    assert Order.objects.get().customer_tax_number == OWN
