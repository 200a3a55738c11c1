"""One search box finds customers, companies, leads, deals, orders, products and variants by their beginning."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models.product import Product
from crm.models.lead import Lead
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory, make_buyer

URL = "/admin/search/"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def found(client: Client, term: str) -> str:
    response = client.get(URL, {"s": term})
    assert response.status_code == 200
    return text_of(response)


def test_everything_that_begins_with_the_term_is_found_and_linked(boss: Client) -> None:
    customer = CustomerFactory.create(name="Morgan Blake", email="blake@example.com")
    company = CompanyFactory.create(name="Morgan & Sons")
    lead = Lead.objects.create(name="Morgana Lane")
    deal = make_deal(make_buyer(), "Morgan's forty desks")
    product = Product.objects.create(name="Morgan chair", slug="morgan-chair")

    answer = boss.get(URL, {"s": "  mORGan "})

    links = answer.content.decode()
    assert reverse("admin:users_customer_page", args=[customer.pk]) in links
    assert page_url(product, "page") in links
    for row in (company, lead, deal):
        assert page_url(row) in links
    assert "Customer" in text_of(answer)


def test_a_customer_is_found_by_e_mail_and_phone_and_once_only(boss: Client) -> None:
    CustomerFactory.create(name="ann", email="ann@bell.example", phone="+49 30 1234")

    assert found(boss, "ann").count("ann@bell.example") == 1
    assert "ann@bell.example" in found(boss, "ann@be")
    assert "ann@bell.example" in found(boss, "+49 30")


def test_an_order_is_found_by_its_number_and_a_variant_by_its_sku(boss: Client) -> None:
    level = make_level(on_hand=3)
    order = order_of(make_buyer(), (level, 1))

    assert page_url(order) in boss.get(URL, {"s": f"#{order.number}"}).content.decode()
    assert page_url(level.variant) in boss.get(URL, {"s": level.variant.sku.lower()}).content.decode()


def test_who_may_not_see_a_kind_does_not_find_it_and_it_is_not_read(boss: Client) -> None:
    CustomerFactory.create(name="Morgan Blake")
    lead = Lead.objects.create(name="Morgan Lane")
    colleague = StaffFactory.create()
    colleague.user_permissions.add(Permission.objects.get(codename="view_lead"))
    client = signed_in(colleague)

    with CaptureQueriesContext(connection) as captured:
        text = client.get(URL, {"s": "morgan"}).content.decode()

    assert page_url(lead) in text
    assert "Blake" not in text
    assert not [query for query in captured.captured_queries if "users_customer" in query["sql"]]


def test_there_are_three_bounded_statements_a_kind_at_most(boss: Client) -> None:
    for number in range(30):
        CustomerFactory.create(name=f"Morgan {number}", email=f"morgan{number}@example.com")

    with CaptureQueriesContext(connection) as captured:
        text = found(boss, "morgan")

    assert text.count("@example.com") == 5
    assert (
        len(captured.captured_queries) <= 2 + 1 + 3 * 6
    )  # the session and its user, how common the words are, and the kinds


@pytest.mark.parametrize("term", ["", "x", "\0", "%", "'", "\\", "é" * 500, "<script>", "9" * 40, "zz nobody"])
def test_whatever_is_typed_is_answered(boss: Client, term: str) -> None:
    CustomerFactory.create(name="Somebody")

    assert "Somebody" not in found(boss, term)


def test_lists_are_found_by_name_and_strangers_find_nothing(boss: Client, client: Client) -> None:
    assert "/admin/orders/payment/" in boss.get(URL, {"s": "paym"}).content.decode()
    assert client.get(URL, {"s": "paym"}).status_code == 302


def test_the_palette_is_on_every_page_and_opens_from_the_sidebar(boss: Client) -> None:
    page = boss.get("/admin/").content.decode()

    assert 'id="search-input-command"' in page
    assert "opencommand" in page
