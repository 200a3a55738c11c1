"""One statement a level, whether one row asks or a hundred; pages by an index, however deep; REST's pages at every
cursor."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from catalog.models.variant import Variant
from orders.models.draft import Draft, DraftLine
from orders.models.order import Order
from tests.config.graphql.asking import data_of
from tests.shop.database.plans import plans_of
from tests.shop.http.api_client import Caller, login, ok
from users.models.customer import Customer
from users.models.user import User

# Without it pytest-django makes no test database for a run of this module alone, and the real one would be used.
pytestmark = pytest.mark.django_db

ORDERS = 12_000
OF_ONE = 4_000
LINES = "items(first: 5) { nodes { sku quantity } }"
QUERIES = {
    "orders with their lines and goods": "orders(first: %d) { nodes { total items(first: 3) { nodes { sku variant "
    "{ product { name } } } } } }",
    "orders with all that hangs on them": "orders(first: %d) { nodes { customer { name company { name } } "
    "payments(first: 2) { nodes { amount } } reservations(first: 2) { nodes { quantity } } events(first: 2) "
    "{ nodes { kind } } shipments(first: 2) { nodes { number } } refunds(first: 2) { nodes { amount } } } }",
    "customers with orders and lines": "customers(first: %d) { nodes { orders(first: 5) { nodes { number "
    + LINES
    + " } } } }",
    "products with variants, stock and ledger": "products(first: %d) { nodes { variants(first: 2) { nodes { sku "
    "stockLevels(first: 2) { nodes { onHand movements(first: 1) { nodes { quantity } } } } } } } }",
    "levels with variant and seller": "stockLevels(first: %d) { nodes { available variant { sku product { name } } "
    "seller { name } } }",
    "orders with comments": "orders(first: %d) { nodes { comments(first: 2) { nodes { text } } } }",
    "products with pictures": "products(first: %d) { nodes { pictures(first: 2) { nodes { urls { small } variant "
    "{ sku } } } } }",
    "drafts with lines and goods": "drafts(first: %d) { nodes { deliveryAddress { city } customer { name } order "
    "{ number } lines(first: 2) { nodes { quantity variant { sku } seller { name } } } } }",
    "companies with customers and deals": "companies(first: %d) { nodes { customers(first: 3) { nodes { name deals"
    "(first: 2) { nodes { title } } } } } }",
}


@pytest.fixture(scope="module", autouse=True)
def _full_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Generated orders, a quarter of them one customer's, for all tests of this module, which only read."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_"), "This fills and flushes the database."
        call_command("generate_orders", orders=ORDERS, verbosity=0)
        keys = Order.objects.whole().order_by("id").values_list("pk", flat=True)[:OF_ONE]
        Order.objects.filter(pk__in=list(keys)).update(customer=Customer.objects.earliest("id"))
        _make_drafts()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE orders_order, orders_order_item")
        yield
        call_command("flush", interactive=False, verbosity=0)
        connection.close()  # as pytest-django leaves it for tests that need no database


def _make_drafts() -> None:
    customer, variants = Customer.objects.earliest("id"), list(Variant.objects.order_by("id")[:100])
    drafts = [Draft(number=f"D-{n}", customer=customer, currency="USD") for n in range(len(variants))]
    Draft.objects.bulk_create(drafts)
    lines = zip(drafts, variants, strict=True)
    DraftLine.objects.bulk_create(DraftLine(draft=draft, variant=variant) for draft, variant in lines)


@pytest.fixture
def boss() -> Caller:
    return login(User.objects.create_superuser("reader@example.com"))


@pytest.mark.parametrize("name", QUERIES)
def test_a_hundred_parents_cost_the_statements_of_one(boss: Caller, name: str) -> None:
    query = "{ " + QUERIES[name] + " }"
    data_of(boss, query % 1)

    counts = []
    for parents in (1, 100):
        with CaptureQueriesContext(connection) as sent:
            data_of(boss, query % parents)
        counts.append(len(sent))

    # Where none of one row's is split or prefetched, a hundred have some: a constant few more.
    assert counts[1] <= counts[0] + 3, [each["sql"][:200] for each in sent.captured_queries]
    assert counts[1] <= 12


def test_a_page_of_orders_with_lines_is_two_statements_and_the_sign_in(boss: Caller) -> None:
    query = "{ orders(first: 20) { nodes { number total " + LINES + " } } }"
    data_of(boss, query)

    with CaptureQueriesContext(connection) as sent:
        data_of(boss, query)

    assert len([each for each in sent.captured_queries if "orders_order" in each["sql"]]) <= 4  # two for split ones
    assert len(sent) <= 5


def test_a_customer_with_thousands_of_orders_is_read_as_fast_as_any(boss: Caller) -> None:
    many = Customer.objects.earliest("id")
    few = Order.objects.exclude(customer=many).latest("id").customer
    query = "query ($id: ID!) { customer(id: $id) { orders(first: 5) { nodes { number } } } }"

    costs = {}
    for customer in (many, few):
        [plan] = [plan for plan in plans_of(lambda: data_of(boss, query, id=str(customer.pk))) if "LATERAL" in plan.sql]  # noqa: B023
        costs[customer.pk] = plan.rows_read
        assert "order_customer_created" in str(plan.indexes)
    assert costs[many.pk] <= costs[few.pk] + 10


def test_deep_pages_begin_at_a_condition_of_an_index(boss: Caller) -> None:
    many = Customer.objects.earliest("id")
    root = "query ($c: String) { orders(first: 100, after: $c) { nodes { id } pageInfo { endCursor } } }"
    nested = (
        f'query ($c: String) {{ customer(id: "{many.pk}") {{ orders(first: 100, after: $c) '
        "{ nodes { id } pageInfo { endCursor } } } }"
    )
    for query in (root, nested):
        cursor = None
        for _page in range(20):
            shown = data_of(boss, query, c=cursor)
            page = shown.get("orders") or shown["customer"]["orders"]
            cursor = page["pageInfo"]["endCursor"]
        after = cursor
        plans = [plan for plan in plans_of(lambda: data_of(boss, query, c=after)) if '"orders_order"' in plan.sql]  # noqa: B023
        assert plans
        for plan in plans:
            assert plan.rows_read < 1_000, plan
            assert plan.faults == [], plan


def test_pages_are_rests_pages_from_every_cursor(boss: Caller) -> None:
    Order.objects.filter(pk__in=[order.pk for order in Order.objects.whole()[:7]]).update(
        created_at=Order.objects.whole()[0].created_at  # equals are told apart by a cursor, too
    )
    rest = [row["id"] for row in ok(boss.get("/orders", limit=12))["results"]]
    query = (
        "query ($n: Int!, $c: String) { orders(first: $n, after: $c) "
        "{ edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"
    )

    edges = data_of(boss, query, n=12, c=None)["orders"]["edges"]
    assert [edge["node"]["id"] for edge in edges] == rest
    for place, edge in enumerate(edges[:9]):
        following = data_of(boss, query, n=3, c=edge["cursor"])["orders"]
        assert [each["node"]["id"] for each in following["edges"]] == rest[place + 1 : place + 4]
        assert following["pageInfo"]["hasNextPage"] is True


def test_nested_pages_meet_each_row_once(boss: Caller) -> None:
    customer = Order.objects.whole().latest("id").customer
    product = Variant.objects.earliest("id").product
    orders = Order.objects.whole().filter(customer=customer).order_by("-created_at", "-id")
    of_several = Order.objects.whole().annotate(lines=Count("items")).order_by("-lines", "id")[0]
    whole = {
        "items": [str(key) for key in of_several.items.order_by("position").values_list("pk", flat=True)],
        "orders": [str(key) for key in orders.values_list("pk", flat=True)],
        "variants": [str(key) for key in product.variants.order_by("id").values_list("pk", flat=True)],
    }
    assert len(whole["items"]) > 1
    for root, name, pk, first in (
        ("customer", "orders", customer.pk, 2),
        ("product", "variants", product.pk, 2),
        ("order", "items", of_several.pk, 1),
    ):
        query = (
            f"query ($id: ID!, $c: String) {{ {root}(id: $id) {{ {name}(first: {first}, after: $c) "
            "{ nodes { id } pageInfo { hasNextPage endCursor } } } }"
        )
        met: list[str] = []
        page: Any = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
        while page["pageInfo"]["hasNextPage"]:
            page = data_of(boss, query, id=str(pk), c=page["pageInfo"]["endCursor"])[root][name]
            met += [node["id"] for node in page["nodes"]]
        assert met == whole[name]
