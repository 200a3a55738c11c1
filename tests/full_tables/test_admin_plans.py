"""On full tables no page of the admin reads more rows than a list counts, whatever is filtered or looked for."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from benchmarks.admin_pages import TERMS, Page, admin_pages
from shared.admin.paginator import MAX_COUNTED
from tests.shop.database.plans import most_read
from tests.shop.http.admin_pages import registered, signed_in, superuser, without_menu

# Without it pytest-django makes no test database for a run of this module alone, and the real one would be used.
pytestmark = [pytest.mark.django_db, pytest.mark.long]

GROUPS = ["dashboard", "rows", "autocomplete", *(model._meta.label for model in registered())]
# A list's sign-in, count, keys, rows and prefetched rows, and in front how common words are and two searches; the
# dashboard has a dozen cards and the menu's three numbers (which a running server remembers for some seconds), an
# order's page as many tables as it has parts, what its payments have left, its timeline and its tasks.
MOST_STATEMENTS = {"dashboard": 19, "rows": 30, "orders.Invoice": 20}
MOST_OF_A_LIST = 19  # one of them reads the shop, whose name is on each page; four are the numbers above lists
# Levels are few, and their quantities change with every order: this one reads all of them (docs/admin-speed.md).
READS_ALL = {"availability low", "availability none", "availability low, page 100", "availability none, page 100"}


@pytest.fixture(scope="module")
def pages(full_shop: None, django_db_blocker: DjangoDbBlocker) -> list[Page]:
    with django_db_blocker.unblock():
        return list(admin_pages())


@pytest.fixture
def boss(pages: list[Page]) -> Client:
    return signed_in(superuser())


@pytest.mark.parametrize("group", GROUPS)
def test_no_page_reads_more_than_a_list_counts(boss: Client, pages: list[Page], group: str, settings: Any) -> None:
    if group != "dashboard":  # whose pages have the menu that all have
        settings.UNFOLD = without_menu()
    asked = [page for page in pages if page.group == group or page.group.startswith(f"{group} of ")]
    assert asked

    explained: dict[str, int] = {}
    faults = []
    for page in asked:
        sent = sent_by(boss, page)
        assert len(sent) <= MOST_STATEMENTS.get(page.group, MOST_OF_A_LIST), page
        for sql, params in sent:
            if (
                page.name in READS_ALL
                or not sql.lstrip().startswith("SELECT")
                or (key := f"{sql}{params}") in explained
            ):
                continue
            explained[key] = most_read(sql, params)
            if explained[key] > MAX_COUNTED + 500:
                faults.append(f"{page.name}: {explained[key]:,} rows: {sql[:300]}")
    assert faults == []


def sent_by(client: Client, page: Page) -> list[tuple[str, Any]]:
    """The SQL of one page; one that lies behind the last page is turned away."""
    sent: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        answer = client.get(page.url)
    assert answer.status_code in ({200, 302, 404} if "page " in page.name else {200}), (page, answer.status_code)
    return sent


@pytest.mark.parametrize("path", ["/api/v1/customers", "/api/v1/companies", "/api/v1/products", "/api/v1/leads"])
def test_a_beginning_asked_for_over_rest_reads_no_more(boss: Client, path: str) -> None:
    faults = []
    for term in TERMS:
        page = Page("api", term, f"{path}?{urlencode({'name': term})}")
        for sql, params in sent_by(boss, page):
            read = most_read(sql, params) if sql.startswith("SELECT") else 0
            if read > MAX_COUNTED + 500:
                faults.append(f"{term}: {read:,} rows: {sql[:300]}")
    assert faults == []


@pytest.mark.parametrize("resource", ["customers", "variants", "leads", "deals", "orders", "invoices"])
def test_words_asked_for_over_rest_read_no_more(boss: Client, resource: str) -> None:
    """A letter, a common word, one with a rare one, one whose rows are all old, none, a number, and last digits."""
    faults = []
    for term in ("a", "ada", "Ada Adler", "zoltan", "nobody", "CROWD-7", "thing 7", "0123"):
        page = Page("api", term, f"/api/v1/{resource}?{urlencode({'search': term})}")
        for sql, params in sent_by(boss, page):
            read = most_read(sql, params) if sql.lstrip().startswith("SELECT") else 0
            if read > MAX_COUNTED + 500:
                faults.append(f"{term}: {read:,} rows: {sql[:300]}")
    assert faults == []
