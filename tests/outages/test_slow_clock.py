"""A web server whose clock is slow makes ids of the past: nothing is lost by that, as no id decides what is late."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from crm.services.mail.queue_order_mails import queue_order_mails
from orders.models.sales import CustomerSales
from orders.services.upkeep.refresh_sales import refresh_sales
from shared.clock import database_now
from tests.shop.books import sql
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.smtp_server import mail_server

pytestmark = pytest.mark.django_db
LONG_AGO = "01800000-0000-7000-8000-%012d"  # April 2022
# Comparing an id with a moment, or with another row's id. Rows of one moment may be told apart by it.
BY_IDS = re.compile(r"<< 80|\b(?:pk|id)__[lg]te?=|\.id [<>]=? ")
# The lines of a stock document are gone through in the order of their ids, which is any order that stays; the variants
# of a page, too. A month is one of ids by its definition. What was sold lately is a figure to look at.
ALLOWED = {
    "crm/reads/product_page.py",
    "orders/archiving/open_orders.py",
    "orders/documents/credit_note.py",
    "crm/services/merging/undo_merge.py",
    "inventory/services/apply_stock_document.py",
}


def with_ids_of_a_slow_clock(table: str) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for number, (key,) in enumerate(sql(f"SELECT id FROM {table} ORDER BY id")):
        sql(f"UPDATE {table} SET id = %s WHERE id = %s", LONG_AGO % number, key)


def test_its_orders_are_confirmed_by_e_mail() -> None:
    with mail_server():
        queue_order_mails()
        order_of(make_buyer(), (make_level(on_hand=3), 1))
        with_ids_of_a_slow_clock("orders_order_event")

        assert queue_order_mails() == 1


def test_its_orders_are_in_the_sums() -> None:
    refresh_sales()
    buyer = make_buyer()
    order_of(buyer, (make_level(on_hand=3), 1))
    with_ids_of_a_slow_clock("orders_order_event")

    refresh_sales(now=database_now() + timedelta(minutes=1))

    assert CustomerSales.objects.get(customer=buyer.customer).placed == 1


def test_no_code_looks_for_what_is_late_by_ids() -> None:
    root = Path(settings.BASE_DIR)
    below = ("shared", "users", "catalog", "inventory", "orders")
    apps = (*below, "payments", "crm", "events", "exchange", "tools", "config")
    found = {
        f"{path.relative_to(root)}: {line.strip()}"
        for app in apps
        for path in (root / app).rglob("*.py")
        if "migrations" not in path.parts and str(path.relative_to(root)) not in ALLOWED
        for line in path.read_text().splitlines()
        if BY_IDS.search(line)
    }

    assert found == set()
