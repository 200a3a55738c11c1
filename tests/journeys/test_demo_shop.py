"""The demo shop: what a newcomer finds after the first start, here with 40 orders in place of 300."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Min, Q

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from crm.demo.load import load_demo_shop
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.pipeline import Stage
from crm.models.task import Task
from events.services.sequence_events import sequence_events
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from orders.models.order import NUMBER_SEQUENCE, Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.services.upkeep.audit_books import audit_books
from shared.clock import database_now
from users.models.api_key import ApiKey
from users.models.company import Company
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "wide harbour 27 lamps"


@pytest.fixture(autouse=True)
def quick_password_hashes(settings: Any) -> None:
    """Seven slow hashes a load prove nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ten_o_clock() -> datetime:
    """A fixed moment, for loads that are compared; order numbers begin anew."""
    _restart_order_numbers()
    return datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


def _restart_order_numbers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE {NUMBER_SEQUENCE} RESTART")


def _load(*options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("load_demo_shop", "--orders", "40", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_shop_is_believable_and_its_books_are_right() -> None:
    printed, progress = _load()

    now = database_now()
    assert Order.objects.whole().count() == 40
    assert "Orders: 40 of 40" in progress
    _check_catalogue()
    _check_people()
    _check_logins(password=printed.split("password")[1].split()[0])
    _check_orders(now)
    _check_sales(now)
    sequence_events()  # as the worker does
    assert [finding for finding in audit_books() if finding.count] == []
    assert _movements_out_of_time() == []


def _check_catalogue() -> None:
    assert Product.objects.count() >= 40
    assert Category.objects.alias(products_in=Count("products")).filter(products_in__gt=0).count() >= 6
    assert Product.objects.alias(variants_of=Count("variants")).filter(variants_of__gt=1).count() >= 20
    assert Variant.objects.values("tax_rate").distinct().count() >= 3
    assert Seller.objects.filter(locations__stock_levels__isnull=False).distinct().count() == 3
    free = F("on_hand") - F("reserved")
    levels = StockLevel.objects.annotate(free=free)
    assert levels.filter(free=0).count() >= 5
    assert levels.filter(free__gt=0, free__lte=5).count() >= 5
    assert levels.filter(free__gt=5).count() >= 50


def _check_people() -> None:
    assert Customer.objects.count() >= 60
    assert Customer.objects.filter(company__isnull=False).count() >= 10
    assert Customer.objects.filter(tags__isnull=False).exists()
    assert Company.objects.exists()
    buyer = Customer.objects.get(user__email="buyer@example.com")
    assert Order.objects.filter(customer=buyer).exists()
    assert not ApiKey.objects.exists()


def _check_logins(password: str) -> None:
    for email in ("buyer@example.com", "sales@example.com", "warehouse@example.com", "office@example.com"):
        assert authenticate(email=email, password=password) is not None, email
    assert authenticate(email="webshop@example.com", password=password) is None
    sales = User.objects.get(email="sales@example.com")
    assert sales.is_staff
    assert not sales.is_superuser
    assert sales.has_perm("orders.view_order")
    assert not sales.has_perm("users.change_user")


def _check_orders(now: datetime) -> None:
    states = Counter(Order.objects.values_list("status", "payment_status", "cancel_reason"))
    for state in (
        ("CONFIRMED", "PAID", ""),
        ("PROCESSING", "PAID", ""),
        ("SHIPPED", "PAID", ""),
        ("DELIVERED", "PAID", ""),
        ("CANCELLED", "PENDING", "customer"),
        ("CANCELLED", "PENDING", "staff"),
        ("CANCELLED", "PENDING", "payment_timeout"),
        ("CANCELLED", "REFUND_DUE", "customer"),
        ("CANCELLED", "REFUND_DUE", "payment_timeout"),
    ):
        assert states[state] >= 1, state
    pending = Order.objects.whole().filter(status="PENDING")
    assert 3 <= pending.filter(payment_expires_at__gt=now).count() == pending.count()
    newest = set(Order.objects.whole().order_by("-created_at")[: pending.count()])
    assert newest == set(pending)
    first = Order.objects.aggregate(first=Min("created_at"))["first"]
    assert timedelta(days=60) < now - first < timedelta(days=92)
    assert Payment.objects.filter(status="REFUND_DUE", order__status="DELIVERED").exists(), "paid twice"


def _check_sales(now: datetime) -> None:
    today = (now - timedelta(hours=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    open_tasks = Task.objects.filter(done_at__isnull=True)
    assert not Stage.objects.exclude(pk__in=Deal.objects.values("stage")).exists()
    assert Lead.objects.values("status").distinct().count() == 4
    assert open_tasks.filter(due_at__lt=today).count() >= 2
    assert open_tasks.filter(due_at__gte=today, due_at__lt=tomorrow).count() >= 2
    assert open_tasks.filter(due_at__gte=tomorrow).count() >= 2
    assert Task.objects.filter(done_at__lt=now).exists()
    assert Activity.objects.filter(happened_at__lt=now).count() >= 10
    from_the_future = Q(created_at__gt=now) | Q(closed_at__gt=now)
    assert not Deal.objects.filter(from_the_future).exists()
    assert not Deal.objects.filter(created_at__lt=F("customer__created_at")).exists()
    assert not Order.objects.filter(created_at__lt=F("customer__created_at")).exists()


def _movements_out_of_time() -> list[StockMovement]:
    """Ledger rows that are older than the row before them at the same level."""
    latest: dict[Any, datetime] = {}
    wrong = []
    for movement in StockMovement.objects.order_by("level", "level_version"):
        if movement.created_at < latest.get(movement.level_id, movement.created_at):
            wrong.append(movement)
        latest[movement.level_id] = movement.created_at
    return wrong


def test_two_loads_make_the_same_shop_whatever_the_day_and_hour(ten_o_clock: datetime) -> None:
    load_demo_shop(password=PASSWORD, orders=40, say=lambda stage: None, now=ten_o_clock)
    first = _shop_seen_from(ten_o_clock)

    call_command("flush", interactive=False, verbosity=0)
    _restart_order_numbers()
    another = ten_o_clock.replace(hour=23, minute=59) + timedelta(days=17)
    load_demo_shop(password=PASSWORD, orders=40, say=lambda stage: None, now=another)

    assert _shop_seen_from(another) == first


def _shop_seen_from(now: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """All that the seed decides; order dates as days before `now`."""
    orders = Order.objects.order_by("number").values_list(
        "number", "customer_name", "status", "payment_status", "cancel_reason", "total", "created_at"
    )
    items = OrderItem.objects.order_by("order__number", "position")
    levels = StockLevel.objects.order_by("variant__sku", "location__name")
    customers = Customer.objects.order_by("email", "name")
    deals = Deal.objects.order_by("created_at", "title")
    return {
        "orders": [(*order, (now.date() - at.date()).days) for *order, at in orders],
        "items": list(items.values_list("order__number", "sku", "quantity", "total_price", "seller__slug")),
        "levels": list(levels.values_list("variant__sku", "location__name", "on_hand", "reserved")),
        "customers": list(customers.values_list("name", "email", "company__name")),
        "deals": list(deals.values_list("title", "customer__name", "stage__name", "value", "order__number")),
    }


def test_a_shop_with_something_in_it_is_left_alone() -> None:
    Customer.objects.create(name="Somebody", email="somebody@example.com")

    with pytest.raises(CommandError, match="this one has customers"):
        _load()
    out, err = _load("--if-empty")

    assert (out, err) == ("", "")
    assert not Product.objects.exists()
    assert not User.objects.exists()


def test_a_login_of_the_same_name_is_left_alone() -> None:
    User.objects.create_user("buyer@example.com", "his own password")

    with pytest.raises(CommandError, match=r"logins that exist already: buyer@example\.com"):
        _load()

    assert not Product.objects.exists()


def test_an_interrupted_load_is_named_and_can_be_started_anew() -> None:
    def interrupt(stage: str) -> None:
        if stage.startswith("Stock"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo_shop(password=PASSWORD, orders=40, say=interrupt)
    assert authenticate(email="sales@example.com", password=PASSWORD) is None

    with pytest.raises(CommandError, match=r"was interrupted.*manage\.py flush"):
        _load()
    _, warning = _load("--if-empty")
    assert "was interrupted" in warning

    call_command("flush", interactive=False, verbosity=0)
    _load("--password", PASSWORD)
    assert Order.objects.whole().count() == 40
    assert not Tag.objects.filter(name__icontains="loading").exists()


def test_a_password_that_is_too_weak_is_refused_before_anything_is_written() -> None:
    with pytest.raises(CommandError, match="too short"):
        _load("--password", "demo")

    assert not Product.objects.exists()
