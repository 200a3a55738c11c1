"""Lists as files: what the list's own filters choose, for whoever may see it, and nothing a spreadsheet would run."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from exchange import jobs
from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.models.data_export import Export
from exchange.models.stored_file import FileChunk
from shared.clock import database_now
from tests.shop.admin_rows import make_one_of_each, open_deals
from tests.shop.http.admin_pages import list_url, signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.http.import_files import imported, rows_of
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.models.user import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


def export(client: Client, resource: str, query: str = "", file_format: str = "csv") -> Answer:
    url = reverse("admin:exchange_export_of", args=[EXPORT_RESOURCES[resource].name])
    return client.post(f"{url}?{query}", {"resource": resource, "format": file_format})


@pytest.mark.parametrize("resource", EXPORT_RESOURCES)
def test_every_resource_holds_the_rows_of_its_list(boss: Client, resource: str) -> None:
    make_one_of_each("one")
    url = reverse("admin:exchange_export_of", args=[resource if resource != "order_items" else "orders"])

    assert "Export" in text_of(boss.get(list_url(EXPORT_RESOURCES[resource].list_model)))
    rows = rows_of(boss.post(url, {"resource": resource, "format": "csv"}))

    assert len(rows[0]) >= len(EXPORT_RESOURCES[resource].columns)
    assert (
        len(rows) - 1
        == EXPORT_RESOURCES[resource].rows(EXPORT_RESOURCES[resource].list_model._default_manager.all()).count()
        > 0
    )


def test_filters_and_search_of_the_list_choose_the_rows_even_beyond_what_a_page_counts(boss: Client) -> None:
    company, vip = CompanyFactory.create(), Tag.objects.create(name="vip")
    for customer in CustomerFactory.create_batch(3, company=company):
        customer.tags.add(vip)
    many = [Customer(name="Many", email=f"many{n}@example.com") for n in range(1_300)]
    Customer.objects.bulk_create(many)

    of_company = rows_of(export(boss, "customers", f"company__id__exact={company.pk}&p=2"))
    of_search = rows_of(export(boss, "customers", "q=many"))
    of_tag = rows_of(export(boss, "customers", f"tags__id__exact={vip.pk}"))

    assert (len(of_company), len(of_search), len(of_tag)) == (4, 1_301, 4)
    assert export(boss, "customers", "nonsense=1").status_code in (400, 302)


def test_a_search_for_deals_brings_all_of_a_customers_deals(boss: Client) -> None:
    customer = CustomerFactory.create(name="Many Deals")
    open_deals(customer, 1_100, days_ago=1)

    assert len(rows_of(export(boss, "deals", "q=many"))) == 1_101


def test_formulas_are_harmless_and_an_import_takes_the_apostrophe_away(boss: Client) -> None:
    texts = ["=1+1", "+49 30", "-5", "@SUM(A1)", "'=quoted", "'s-Hertogenbosch", "plain"]
    for number, text in enumerate(texts):
        CustomerFactory.create(name=text, email=f"c{number}@example.com", address=f"{text}\r\nsecond line")

    rows = rows_of(export(boss, "customers"))
    names = {row[2]: row[1] for row in rows[1:]}

    assert [names[f"c{n}@example.com"] for n in range(7)] == [
        "'=1+1", "'+49 30", "'-5", "'@SUM(A1)", "''=quoted", "'s-Hertogenbosch", "plain",
    ]  # fmt: skip


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_imported_again_changes_nothing_and_on_empty_books_makes_the_same(
    boss: Client, file_format: str
) -> None:
    CustomField.objects.create(model="customer", key="size", label="Size", kind="number")
    CustomField.objects.create(model="customer", key="since", label="Since", kind="date")
    company = CompanyFactory.create(name="=Acme & Sons")
    ada = CustomerFactory.create(
        name="+Ada",
        company=company,
        group=CustomerGroup.objects.create(name="-Trade"),
        country="UA",
        phone="+49 30 123456",
        custom_fields={"size": "1.5", "since": "2027-05-31"},
    )
    ada.tags.add(Tag.objects.create(name="@vip"), Tag.objects.create(name="b"))
    CustomerFactory.create(address="Two\nlines")
    content = b"".join(export(boss, "customers", file_format=file_format).streaming_content)  # type: ignore[attr-defined]

    again = imported(boss, content, key="id", clears_empty="on")
    assert (again.total, again.unchanged) == (2, 2)

    kept = known()
    Customer.objects.all().delete()
    made = imported(boss, content, key="email", **{"column-0": ""})
    assert (made.creates, known()) == (2, kept)


def known() -> list[tuple[Any, ...]]:
    fields = ["name", "email", "phone", "phone_e164", "address", "company__name", "group__name"]
    fields += ["country", "custom_fields", "language"]
    return sorted(Customer.objects.values_list(*fields), key=str)


def test_a_workbook_holds_numbers_as_numbers(boss: Client) -> None:
    make_one_of_each("one")

    answer = export(boss, "orders", file_format="xlsx")

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert isinstance(rows[1][11], int | float)
    assert rows[0][11] == "Total"


def long_export(client: Client, query: str = "") -> Export:
    Customer.objects.bulk_create([Customer(name=f"C {n}", email=f"c{n}@example.com") for n in range(2_100)])
    answer = export(client, "customers", query)
    assert answer.status_code == 302
    return Export.objects.latest("id")


def test_a_long_list_is_written_by_a_job_and_fetched_by_the_asker_alone(boss: Client) -> None:
    made = long_export(boss)
    page = reverse("admin:exchange_export_change", args=[made.pk])
    file = reverse("admin:exchange_export_file", args=[made.pk])
    assert "Waiting" in text_of(boss.get(page))
    assert boss.get(file).status_code == 404

    jobs.write_export(str(made.pk))
    jobs.write_export(str(made.pk))

    assert "Download" in text_of(boss.get(page))
    assert len(rows_of(boss.get(file))) == 2_101
    other = signed_in(superuser("other@example.com"))
    assert other.get(file).status_code in (302, 404)
    Export.objects.update(expires_at=database_now() - timedelta(minutes=1))
    assert jobs.purge_files() == 1
    assert not FileChunk.objects.exists()


def test_exporting_takes_a_right_of_its_own_and_the_right_to_see(boss: Client) -> None:
    staff = StaffFactory.create()

    def client_with(*codenames: str) -> Client:
        staff.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return signed_in(User.objects.get(pk=staff.pk))

    assert export(client_with("view_customer"), "customers").status_code == 403
    assert export(client_with("export_records"), "customers").status_code == 403
    allowed = client_with("export_records", "view_customer")
    assert export(allowed, "customers").status_code == 200
    made = long_export(allowed)
    jobs.write_export(str(made.pk))
    file = reverse("admin:exchange_export_file", args=[made.pk])
    assert allowed.get(file).status_code == 200
    assert client_with("export_records").get(file).status_code == 403, "the right to see is gone"


def test_a_job_writes_nothing_for_somebody_who_may_not_see_any_more(boss: Client) -> None:
    made = long_export(boss)
    User.objects.update(is_superuser=False)

    jobs.write_export(str(made.pk))

    made.refresh_from_db()
    assert (made.status, made.file) == ("failed", None)


def test_every_sheet_belongs_to_a_list(boss: Client) -> None:
    models: set[type[Model]] = {resource.list_model for resource in EXPORT_RESOURCES.values()}

    assert all(boss.get(list_url(model)).status_code == 200 for model in models)
