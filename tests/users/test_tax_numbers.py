"""The tax number of a customer and of a company: how it is kept, what is refused, who finds it."""

import pytest
from django.urls import reverse

from shared.text.tax_number import country_of_fault, plain_tax_number
from tests.shop.http.admin_pages import list_url, signed_in, superuser
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import CompanyFactory, CustomerFactory
from users.models.company import Company
from users.models.customer import Customer

VALID = (
    *("ATU13585627", "BE0428759497", "DE811907980", "EL094259216", "ESB58378431", "FR40303265045", "IE6433435F"),
    *("NL004495445B01", "XI980780684", "GB980780684", "CHE107787577MWST", "CHE107787577", "NO995525828MVA"),
    *("NO995525828", "", "123456789", "12/345/67890", "27AAPFU0939F1ZV", "T1234567890123", "UA4711"),
    *("DEMA850101AB1", "ATUPA7085R"),  # of Mexico and India, where the first letters are those of a name
)
WRONG = ("ATU13585628", "DE811907981", "DE1", "GB980780685", "CHE107787578", "CH123456", "NO995525829MVA", "NOTAX")


@pytest.mark.parametrize("number", VALID)
def test_a_number_of_a_country_or_of_one_without_a_check_is_taken(number: str) -> None:
    assert country_of_fault(number) == ""


@pytest.mark.parametrize("number", WRONG)
def test_what_begins_as_a_number_of_a_checked_country_must_be_one(number: str) -> None:
    assert country_of_fault(number) == number[:2]


@pytest.mark.parametrize("typed", ["de 811.907-980", "DE\u00a0811\u2011907\u2013980\n", "\uff24\uff25811907980"])
def test_what_is_printed_between_the_letters_is_left_out(typed: str) -> None:
    assert plain_tax_number(typed) == "DE811907980"


@pytest.mark.parametrize("path", ["/customers", "/companies"])
def test_it_is_kept_plain_however_it_is_sent(staff: Caller, path: str) -> None:
    body = {"name": "Ada", "tax_number": "de 811.907-980"} | ({"email": "ada@x.org"} if path == "/customers" else {})

    made = ok(staff.post(path, body), 201)

    assert made["tax_number"] == "DE811907980"
    assert ok(staff.get(f"{path}/{made['id']}")) == made
    changed = ok(staff.patch(f"{path}/{made['id']}", {"tax_number": " che-107.787.577 mwst"}))
    assert changed["tax_number"] == "CHE107787577MWST"
    assert ok(staff.get(f"{path}?tax_number=CHE-107.787.577%20MWST"))["results"] == [changed]
    assert ok(staff.get(f"{path}?tax_number=DE811907980"))["results"] == []
    assert ok(staff.get(f"{path}?tax_number=."))["results"] == []
    assert ok(staff.patch(f"{path}/{made['id']}", {"tax_number": ""}))["tax_number"] == ""


@pytest.mark.parametrize("path", ["/customers", "/companies"])
@pytest.mark.parametrize("wrong", ["DE811907981", "X" * 41, "12\u202e34", "12\x0134"])
def test_a_refusal_names_the_field_and_writes_nothing(staff: Caller, path: str, wrong: str) -> None:
    row = (CustomerFactory if path == "/customers" else CompanyFactory).create(tax_number="GB980780684")

    problem = refused(staff.patch(f"{path}/{row.pk}", {"tax_number": wrong, "name": "Other"}), 400, "invalid")

    assert pointers(problem) == ["/tax_number"]
    assert ok(staff.get(f"{path}/{row.pk}"))["tax_number"] == "GB980780684"
    assert ok(staff.get(f"{path}/{row.pk}"))["name"] == row.name


def test_a_customer_says_its_own_and_nobody_elses(buyer: Caller) -> None:
    own = f"/customers/{buyer.customer.pk}"

    assert ok(buyer.patch(own, {"tax_number": "GB 980 7806 84"}))["tax_number"] == "GB980780684"
    refused(buyer.patch(f"/customers/{CustomerFactory.create().pk}", {"tax_number": "1"}), 404, "not_found")
    assert ok(buyer.get(own))["tax_number"] == "GB980780684"


def test_staff_type_it_into_the_forms(db: None) -> None:
    browser, company, customer = signed_in(superuser()), CompanyFactory.create(), CustomerFactory.create()
    company_form = reverse("admin:users_company_change", args=[company.pk])
    form = reverse("admin:users_customer_change", args=[customer.pk])

    assert save(browser, company_form, opened(browser, company_form), tax_number="de 811 907 980").status_code == 302
    wrong = save(browser, form, opened(browser, form), tax_number="ATU1")
    assert save(browser, form, opened(browser, form), tax_number="ATU 1358.5627").status_code == 302

    assert "This is no tax number of AT: a digit or letter is wrong or missing." in wrong.content.decode()
    assert Company.objects.get().tax_number == "DE811907980"
    assert Customer.objects.get().tax_number == "ATU13585627"


@pytest.mark.parametrize("model", [Customer, Company])
def test_lists_find_it_as_it_is_printed(db: None, model: type[Customer | Company]) -> None:
    factory = CustomerFactory if model is Customer else CompanyFactory
    factory.create(name="Nobody Else", tax_number="DE136695976")
    factory.create(name="Bell Works", tax_number="DE811907980")

    page = signed_in(superuser()).get(list_url(model), {"q": "de 811.907.980"}).content.decode()

    assert "Bell Works" in page
    assert "Nobody Else" not in page


def test_the_customers_page_shows_its_own_or_the_companys(db: None) -> None:
    browser, company = signed_in(superuser()), CompanyFactory.create(tax_number="DE811907980")
    customer = CustomerFactory.create(company=company)
    page = reverse("admin:users_customer_page", args=[customer.pk])

    inherited = browser.get(page).content.decode()
    Customer.objects.update(tax_number="ATU13585627")
    own = browser.get(page).content.decode()

    assert "DE811907980" in inherited
    assert "ATU13585627" in own
    assert "DE811907980" not in own
