"""Removing the demo shop: what it brought goes, what is the shop's own stays, and the books are right."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from config import jobs
from crm.models.demo_row import DemoRow
from crm.models.task import Task
from crm.reads.first_steps import first_steps_done
from events.services.sequence_events import sequence_events
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement
from orders.models.invoice import InvoiceSeries
from orders.models.order import Order
from orders.services.invoices.issue_invoice import issue_invoice
from orders.services.upkeep.audit_books import audit_books
from shared.actor import SYSTEM
from shop.models.shop import Shop
from shop.services.note_demo_shop import note_demo_loaded
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import hidden, page_url, signed_in, superuser, text_of
from tests.shop.order_actions import pay
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.customer import Customer
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)

_BUSINESS = ("catalog", "crm", "inventory", "orders", "payments", "users")
# What every shop has from its first migration on, sums, and the list of what was removed.
_OF_EVERY_SHOP = {"catalog.Seller", "inventory.StockLocation", "crm.Pipeline", "crm.Stage", "crm.OrderMailTemplate"}
_OF_EVERY_SHOP |= {
    "crm.OrderMailProgress",
    "crm.DemoRow",
    "orders.InvoiceSeries",
    "orders.SalesRollup",
    "users.User",
    "users.Role",
}


@pytest.fixture
def demo(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _run("load_demo_shop", "--orders", "40", "--password", "wide harbour 27 lamps")


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def _check_books() -> None:
    sequence_events()
    assert [(finding.check.name, finding.rows[:3]) for finding in audit_books() if finding.count] == []


def _demo_variant() -> Variant:
    levels = StockLevel.objects.filter(on_hand__gt=5, reserved=0, location__name="Main")
    return levels.filter(movements__kind="sale").select_related("variant")[0].variant


def test_the_page_says_what_goes_and_the_worker_leaves_an_empty_shop_with_its_settings(demo: None) -> None:
    boss, url = superuser(), reverse("admin:demo_shop")
    client = signed_in(boss)
    Shop.objects.update(name="Lamp & Co")
    # More than go in one transaction, and their numbers have no gap at any moment.
    for order in Order.objects.whole().filter(payment_status="PAID")[:30]:
        issue_invoice(order_id=order.pk, actor=SYSTEM)
    sequence_events()

    assert "This is the demo shop" in text_of(client.get(reverse("admin:orders_order_changelist")))
    assert not first_steps_done(boss)["order"], "demo orders are nobody's work"
    preview = text_of(client.post(url, {}))
    assert "77 go" in preview
    assert Order.objects.whole().count() == 40
    asked = client.post(url, {"_confirmed": "1"}, follow=True)
    assert "records are dealt with" in text_of(asked)
    again = client.post(url, {"_confirmed": "1", "with_trials": "on"})
    assert (again.status_code, "being removed already" in text_of(again)) == (409, True)
    arguments = _arguments_of_the_job()

    with _companies_that_cannot_go():
        first = jobs.crm.remove_demo_shop(**arguments)
    assert not Order.objects.exists()
    assert first["kept"] == DemoRow.objects.filter(state="kept").count() > 10
    assert set(DemoRow.objects.filter(state="kept").values_list("kept_for", flat=True)) == {"busy", "in use"}
    assert not InvoiceSeries.objects.filter(last_number__gt=0).exists()
    _forget_the_job()
    assert "was in use just then: remove again" in text_of(client.get(url))
    _check_books()
    then = jobs.crm.remove_demo_shop(**arguments)

    assert then == {"removed": first["kept"], "kept": 0}
    assert jobs.crm.remove_demo_shop(**arguments) == {}, "asked for twice"
    _run("load_demo_shop", "--if-empty")
    _check_is_empty(boss)
    _check_books()
    with pytest.raises(CommandError, match="no demo shop"):
        _run("remove_demo_shop", "--yes")
    assert "This is the demo shop" not in text_of(client.get(reverse("admin:index")))
    assert "nothing of it is left" in text_of(client.get(url, follow=True))


def _arguments_of_the_job() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'crm.remove_demo_shop'")
        [(arguments,)] = cursor.fetchall()
    return dict(json.loads(arguments))


def _forget_the_job() -> None:
    """It was run above, without a worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@contextmanager
def _companies_that_cannot_go() -> Iterator[None]:
    """As if each were named by something nobody thought of, and the group of customers locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION hold_on() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = TG_ARGV[0]; END $$;"
            "CREATE TRIGGER hold_on BEFORE DELETE ON users_company EXECUTE FUNCTION hold_on('23503');"
            "CREATE TRIGGER hold_on BEFORE DELETE ON users_customer_group EXECUTE FUNCTION hold_on('55P03')"
        )
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION hold_on() CASCADE")


def _check_is_empty(boss: User) -> None:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in _BUSINESS]
    left = {model._meta.label for model in models if model._base_manager.exists()}
    assert left - {"users.StaffSession", "users.KnownPlace"} == _OF_EVERY_SHOP
    assert [seller.is_default for seller in Seller.objects.all()] == [True]
    assert [place.name for place in StockLocation.objects.all()] == ["Main"]
    assert list(User.objects.all()) == [boss]
    shop = Shop.objects.get()
    assert (shop.name, shop.demo_loaded_at) == ("Lamp & Co", None)


def test_what_is_the_shops_own_stays_with_what_it_names(demo: None) -> None:
    boss, buyer, own = superuser(), make_buyer(), make_level(on_hand=5)
    lamp = _demo_variant()
    renamed = Product.objects.exclude(pk=lamp.product_id).order_by("pk")[0]
    level = StockLevel.objects.get(variant=lamp, location__name="Main")
    of_demo_goods, of_own = order_of(buyer, (level, 2)), order_of(buyer, (own, 1))
    pay(of_own)()
    client = signed_in(boss)
    client.post(
        reverse("admin:catalog_product_change", args=[renamed.pk]), _form_of(client, renamed, name="My own mug")
    )
    caller = Customer.objects.filter(company__isnull=False).exclude(pk=buyer.customer.pk)[0]
    task = Task.objects.create(title="Call back", customer=caller)

    _run("remove_demo_shop", "--yes")

    assert set(Order.objects.values_list("pk", flat=True)) == {of_demo_goods.pk, of_own.pk}
    assert set(Variant.objects.values_list("pk", flat=True)) == {
        *(lamp.pk, own.variant_id),
        *renamed.variants.values_list("pk", flat=True),
    }
    assert set(Product.objects.values_list("name", flat=True)) >= {"My own mug"}
    assert set(Customer.everyone.values_list("pk", flat=True)) == {buyer.customer.pk, caller.pk}
    assert Task.objects.get() == task
    lamp.refresh_from_db()
    assert lamp.is_active is False, "nobody orders it any more"
    reasons = set(DemoRow.objects.filter(state="kept").values_list("table", "kept_for"))
    assert {("catalog_variant", "order"), ("catalog_product", "changed"), ("users_customer", "task")} <= reasons
    _check_books()

    _run("remove_demo_shop", "--yes", "--with-trials")

    assert [order.pk for order in Order.objects.all()] == [of_own.pk]
    assert [level.pk for level in StockLevel.objects.all()] == [own.pk]
    assert [customer.pk for customer in Customer.everyone.all()] == [buyer.customer.pk]
    assert not Task.objects.exists()
    assert not StockMovement.objects.exclude(level=own).exists()
    _check_books()


def _form_of(client: Any, product: Product, **changes: str) -> dict[str, str]:
    page = client.get(page_url(product))
    rows = {
        name: hidden(page, name)
        for prefix in ("variants", "pictures")
        for name in (f"{prefix}-TOTAL_FORMS", f"{prefix}-INITIAL_FORMS")
        if f'name="{name}"' in page.content.decode()
    }
    return {"name": product.name, "slug": product.slug, "is_active": "on", **rows, **changes}


def test_the_banner_is_hidden_for_the_session_alone() -> None:
    boss = superuser()
    note_demo_loaded()
    client = signed_in(boss)

    client.post(reverse("admin:demo_shop_hide"), {"next": "/admin/"})

    assert "This is the demo shop" not in text_of(client.get("/admin/"))
    assert "This is the demo shop" in text_of(signed_in(boss).get("/admin/"))
