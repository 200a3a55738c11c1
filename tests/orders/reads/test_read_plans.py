"""On full tables every promised read takes its page out of an index: a lost index fails here, not a clock."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from orders.lifecycle.locking import lock_order_group
from orders.models.order import Order
from orders.reads import orders as queries
from orders.reads.orders import items_with_order
from tests.shop.database.plans import Plan, plans_of
from tests.shop.database.ranks import (
    customer_of_rank,
    days_ago,
    one,
    seller_gone_longest,
    seller_of_rank,
    total_of_rank,
)
from tests.shop.http.api_client import Caller, login, ok, refused
from users.models.customer import Customer
from users.models.user import User

# Without it pytest-django makes no test database for a run of this module alone, and the real one would be used.
pytestmark = pytest.mark.django_db

ORDERS = 100_000
# A page of up to 50 orders with their lines, each row three or four pages of 8 KiB away; all orders are thousands.
MAX_BUFFERS = 600


@pytest.fixture(scope="module", autouse=True)
def _full_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """100,000 generated orders, vacuumed and analyzed, for all tests of this module, which only read."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_"), "This fills and flushes the database."
        call_command("generate_orders", orders=ORDERS, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE orders_order, orders_order_item")
        yield
        call_command("flush", interactive=False, verbosity=0)
        connection.close()  # as pytest-django leaves it for tests that need no database


@pytest.fixture(scope="module")
def staff(_full_tables: None) -> Caller:
    return login(User.objects.create_superuser("plans@example.com"))


# What is asked for, how, and the index that must answer. Values are looked up when the tables are full.
FILTERS: dict[str, tuple[Callable[[], dict[str, str]], str]] = {
    "all orders": (dict, "order_created"),
    "the best customer": (lambda: {"customer": customer_of_rank(0)}, "order_customer_created"),
    "a rare customer": (lambda: {"customer": customer_of_rank(5_000)}, "order_customer_created"),
    "the commonest status": (lambda: {"status": "DELIVERED"}, "order_status_created"),
    "a rare status": (lambda: {"status": "PENDING"}, "order_status_created"),
    "the commonest payment status": (lambda: {"payment_status": "PAID"}, "order_payment_created"),
    "a rare payment status": (lambda: {"payment_status": "REFUND_DUE"}, "order_payment_created"),
    "a payment status of none": (lambda: {"payment_status": "FAILED"}, "order_payment_created"),
    "the largest seller": (lambda: {"seller": seller_of_rank(0)}, "item_seller_listed"),
    "a middling seller": (lambda: {"seller": seller_of_rank(12)}, "item_seller_listed"),
    "a rare seller": (lambda: {"seller": seller_of_rank(28)}, "item_seller_listed"),
    "a number": (lambda: {"number": one("SELECT max(number) FROM orders_order")}, "order_number_unique"),
    "since a month": (lambda: {"created_after": days_ago(30)}, "order_created"),
    "before two years": (lambda: {"created_before": days_ago(730)}, "order_created"),
    "a week": (lambda: {"created_after": days_ago(400), "created_before": days_ago(393)}, "order_created"),
    "any minimum": (lambda: {"min_total": "0"}, "order_worth_created"),
    "half of all": (lambda: {"min_total": total_of_rank(ORDERS // 2)}, "order_worth_created"),
    "one in a hundred": (lambda: {"min_total": total_of_rank(ORDERS // 100)}, "order_worth_created"),
    "one in a thousand": (lambda: {"min_total": total_of_rank(ORDERS // 1000)}, "order_worth_created"),
    "the largest": (lambda: {"min_total": total_of_rank(0)}, "order_worth_created"),
    "larger than any": (lambda: {"min_total": "999999999999"}, "order_worth_created"),
    "customer and status": (lambda: {"customer": customer_of_rank(0), "status": "DELIVERED"}, "order_customer_status"),
    "customer, rare status": (lambda: {"customer": customer_of_rank(0), "status": "PENDING"}, "order_customer_status"),
    "status and a month": (
        lambda: {"status": "CANCELLED", "created_after": days_ago(100), "created_before": days_ago(70)},
        "order_status_created",
    ),
}


def assert_flat(plans: list[Plan], index: str) -> None:
    """Some statement reads the index, and none looks at more than a page's worth of pages."""
    assert plans
    assert [plan.faults for plan in plans] == [[]] * len(plans), plans
    assert max(plan.buffers for plan in plans) <= MAX_BUFFERS, [(plan.buffers, plan.sql) for plan in plans]
    assert index in set.union(*(plan.indexes for plan in plans)), plans[0].nodes


@pytest.mark.parametrize("ordering", ["-created_at", "created_at"])
@pytest.mark.parametrize("name", FILTERS)
def test_a_page_of_orders_comes_out_of_an_index(staff: Caller, name: str, ordering: str) -> None:
    make_query, index = FILTERS[name]
    query = make_query()

    assert_flat(plans_of(lambda: ok(staff.get("/orders", ordering=ordering, **query))), index)


@pytest.mark.parametrize("ordering", ["-created_at", "created_at"])
@pytest.mark.parametrize("name", ["all orders", "the best customer", "the largest seller", "half of all"])
def test_later_pages_are_no_slower(staff: Caller, name: str, ordering: str) -> None:
    make_query, index = FILTERS[name]
    page = ok(staff.get("/orders", ordering=ordering, limit="50", **make_query()))
    for _ in range(12):
        page = ok(staff.get(page["next"]))

    following, preceding = page["next"], page["previous"]

    for url in (following, preceding):
        plans = plans_of(lambda url=url: ok(staff.get(url)))  # type: ignore[misc]
        # PostgreSQL 18 may read a customer's rows from this one and sort them (docs/reads.md).
        either = any("order_customer_status" in plan.indexes for plan in plans) and name == "the best customer"
        assert_flat(plans, "order_customer_status" if either else index)


@pytest.mark.parametrize(
    ("query", "index"), [({}, "order_customer_created"), ({"status": "CANCELLED"}, "order_customer_status")]
)
def test_a_customers_own_list_is_no_slower(staff: Caller, query: dict[str, str], index: str) -> None:
    user = User.objects.create_user(f"best-{index}@example.com")
    Customer.objects.filter(pk=customer_of_rank(0)).update(user=user)

    assert_flat(plans_of(lambda: ok(login(user).get("/orders", **query))), index)


SELLERS: dict[str, Callable[[], str]] = {
    "the largest": lambda: seller_of_rank(0),
    "a middling one": lambda: seller_of_rank(12),
    "one whose lines are all old": seller_gone_longest,
}


@pytest.mark.parametrize("name", SELLERS)
def test_a_sellers_lines_come_out_of_its_own_index(staff: Caller, name: str) -> None:
    seller = SELLERS[name]()
    expected = [
        str(pk) for pk in items_with_order().filter(seller_id=seller).order_by("-id").values_list("pk", flat=True)
    ]

    for _ in range(7):  # PostgreSQL then keeps one plan for all sellers
        page = ok(staff.get("/order-items", seller=seller, limit="50"))
        plans = plans_of(lambda: ok(staff.get("/order-items", seller=seller, limit="50")))
        assert_lines_flat(plans)
    assert [row["id"] for row in page["results"]] == expected[:50]
    if page["next"]:
        following = ok(staff.get(page["next"]))
        assert_lines_flat(plans_of(lambda: ok(staff.get(page["next"]))))
        assert [row["id"] for row in following["results"]] == expected[50:100]
        assert ok(staff.get(following["previous"]))["results"] == page["results"]


def assert_lines_flat(plans: list[Plan]) -> None:
    """For a page of 50: 51 lines at most of each of six statuses, each with its order, some pages away."""
    assert [plan.faults for plan in plans] == [[]] * len(plans), plans
    assert max(plan.buffers for plan in plans) <= 6 * 51 * 8, [(plan.buffers, plan.sql) for plan in plans]
    assert "item_seller_status" in set.union(*(plan.indexes for plan in plans)), plans[0].nodes


def test_pages_of_a_minimum_and_of_a_seller_hold_the_right_orders(staff: Caller) -> None:
    """The reads that take a way round give what the plain query gives, page after page, both ways."""
    minimum, seller = total_of_rank(200), seller_of_rank(20)
    large = Order.objects.filter(total__gte=minimum).order_by("-created_at", "-id")
    sold = Order.objects.filter(items__seller_id=seller).order_by("-created_at", "-id").distinct()

    for query, expected in (({"min_total": minimum}, large), ({"seller": seller}, sold)):
        ids = [str(pk) for pk in expected.values_list("pk", flat=True)]
        assert walk(staff, **query) == ids
        assert walk(staff, ordering="created_at", **query) == ids[::-1]


def walk(staff: Caller, **query: str) -> list[str]:
    """Ids on all pages, there; and the same pages backwards."""
    pages = [ok(staff.get("/orders", limit="70", **query))]
    while pages[-1]["next"]:
        pages.append(ok(staff.get(pages[-1]["next"])))
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(ok(staff.get(back[-1]["previous"])))
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages]
    return [row["id"] for page in pages for row in page["results"]]


def best_customers() -> dict[str, Any]:
    return {"customer_id": customer_of_rank(0)}


CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    "month of orders": (
        lambda: queries.month_of_orders(status="DELIVERED", month=datetime.now(UTC) - timedelta(days=90))[:20],
        "order_status_created",
    ),
    "month of orders from a total up": (
        lambda: queries.month_of_orders(
            status="DELIVERED", month=datetime.now(UTC) - timedelta(days=90), min_total=Decimal(20)
        )[:20],
        "order_status_created",
    ),
    "a customer's history": (lambda: queries.customer_history(customer_of_rank(0))[:20], "order_customer_created"),
    "a customer's orders by status and date": (
        lambda: queries.customer_orders(
            customer_of_rank(0), status="DELIVERED", since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime.now(UTC)
        )[:20],
        "order_customer_status",
    ),
    "orders with products": (lambda: queries.orders_with_products_since(days_ago(365))[:20], "order_created"),
    "a seller's items by status": (
        lambda: queries.seller_items(seller_of_rank(0), status="SHIPPED")[:20],
        "item_seller_status",
    ),
    "the board": (lambda: queries.active_orders(limit=20), "order_status_created"),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_named_query_reads_its_index(name: str) -> None:
    read, index = CALLS[name]

    plans = plans_of(lambda: list(read()))

    assert_flat([plan for plan in plans if "GROUP BY 1" not in plan.sql], index)


def test_the_board_shows_the_newest_orders_in_progress(staff: Caller) -> None:
    plans = plans_of(lambda: ok(staff.get("/orders/active")))
    rows = ok(staff.get("/orders/active", limit="50"))["results"]

    assert_flat(plans, "order_status_created")
    active = Order.objects.exclude(status__in=["DELIVERED", "CANCELLED"]).order_by("-created_at", "-id")[:50]
    assert [row["id"] for row in rows] == [str(order.pk) for order in active]
    assert [row["item_count"] for row in rows] == [order.items.count() for order in active]
    assert [row["customer_name"] for row in rows] == [order.customer_name for order in active]


def test_the_sweep_and_the_refund_queue_read_small_indexes() -> None:
    overdue = Order.objects.filter(status="PENDING", payment_expires_at__lte=datetime.now(UTC))

    assert_flat(plans_of(lambda: list(overdue.order_by("payment_expires_at")[:200])), "order_unpaid_deadline")


def test_an_order_and_its_family_are_locked_by_their_keys() -> None:
    order_id = Order.objects.values_list("pk", flat=True)[ORDERS // 2]

    def lock() -> None:
        with transaction.atomic():
            lock_order_group(order_id)

    assert_flat(plans_of(lock), "orders_order_pkey")
    assert {"order_parent"} <= {index for plan in plans_of(lock) for index in plan.indexes}


def test_explain_reads_measures_each_hot_read_with_and_without_its_index() -> None:
    indexes = "SELECT string_agg(indexdef, ',' ORDER BY indexname) FROM pg_indexes WHERE tablename LIKE 'orders_%'"
    out, before = io.StringIO(), one(indexes)

    call_command("explain_reads", stdout=out)

    rows = [line.strip("| ").split(" | ") for line in out.getvalue().splitlines() if line.startswith("| ")][2:]
    buffers = {name: (int(kept.replace(",", "")), int(lost.replace(",", ""))) for name, _, _, kept, _, lost, _ in rows}
    assert len(buffers) >= 18
    assert max(kept for kept, _ in buffers.values()) <= MAX_BUFFERS
    assert [name for name, (kept, lost) in buffers.items() if lost <= kept] == []
    assert one(indexes) == before


def test_a_combination_that_no_index_serves_ends_by_the_timeout(staff: Caller) -> None:
    """Most orders are delivered and paid, and all of them are looked at for one that large."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5ms'")
        answer = staff.get("/orders", status="DELIVERED", payment_status="PAID", min_total="999999")
        transaction.set_rollback(True)

    refused(answer, 503, "unavailable")
    assert answer.headers["Retry-After"]
