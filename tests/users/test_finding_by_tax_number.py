"""Customers and companies are found by the beginning of their tax number, however it is typed."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse

from tests.shop.database.plans import explain_statement
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok
from tests.shop.people import CompanyFactory, CustomerFactory
from users.models.company import Company
from users.models.customer import Customer
from users.queries import begins_tax_number

TYPED = ("DE136695976", "de 136.695.976", "DE-1366", "de 1 36")
Factory = type[CustomerFactory] | type[CompanyFactory]
BOTH = [(Customer, CustomerFactory), (Company, CompanyFactory)]


@pytest.mark.parametrize("term", TYPED)
@pytest.mark.parametrize(("model", "factory"), BOTH)
def test_lists_and_the_api_find_it(
    staff: Caller, term: str, model: type[Customer] | type[Company], factory: Factory
) -> None:
    factory.create(name="Nobody Else", tax_number="DE811907980")
    factory.create(name="Without One")
    factory.create(name="Bell Works", tax_number="DE136695976")

    page = text_of(signed_in(superuser("looker@example.com")).get(list_url(model), {"q": term}))
    answer = ok(staff.get(f"/{'customers' if model is Customer else 'companies'}?{urlencode({'search': term})}"))

    assert "Bell Works" in page
    assert "Nobody Else" not in page
    assert [row["name"] for row in answer["results"]] == ["Bell Works"]


@pytest.mark.parametrize("term", TYPED)
def test_the_search_box_finds_it(db: None, term: str) -> None:
    customer = CustomerFactory.create(name="Ann Bell", tax_number="DE136695976")
    company = CompanyFactory.create(name="Bell Works", tax_number="DE136695976")
    CustomerFactory.create(name="Without One")

    answer = signed_in(superuser()).get("/admin/search/", {"s": term})

    links = answer.content.decode()
    assert reverse("admin:users_customer_page", args=[customer.pk]) in links
    assert page_url(company) in links
    assert "Without One" not in text_of(answer)


def test_digits_find_a_phone_number_and_a_tax_number_alike(staff: Caller) -> None:
    CustomerFactory.create(name="By Number", tax_number="123456789")
    CustomerFactory.create(name="By Phone", phone="+1 202 555 1234")
    CustomerFactory.create(name="By Neither")

    page = text_of(signed_in(superuser("looker@example.com")).get(list_url(Customer), {"q": "1234"}))
    answer = ok(staff.get("/customers?search=1234"))

    assert {row["name"] for row in answer["results"]} == {"By Number", "By Phone"}
    assert ("By Number" in page, "By Phone" in page, "By Neither" in page) == (True, True, False)


@pytest.mark.parametrize("term", ["", "DE", "DE1", "---", "Bell", "x" * 300 + "1"])
def test_what_can_be_no_number_is_not_looked_for(db: None, term: str) -> None:
    assert begins_tax_number(term) is None


@pytest.mark.parametrize("model", [Customer, Company])
def test_an_index_answers_also_where_one_plan_is_kept_for_all_numbers(
    db: None, model: type[Customer] | type[Company]
) -> None:
    start = begins_tax_number("de 1366")
    assert start is not None
    page = start.first_of(model._default_manager.all(), 5).values("pk").query.sql_with_params()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    plan = explain_statement(*page)

    assert plan.indexes == {f"{model._meta.model_name}_tax_number_begins"}
    assert "Sort" not in {node["Node Type"] for node in plan.nodes}
