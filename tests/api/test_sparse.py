"""Answers by `?fields=`, and rows of lists, which are read by columns: what they show is what the whole record shows,
and what is not asked for is not read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models.order import Order
from tests.shop.goods import (
    CategoryFactory,
    ProductFactory,
    VariantFactory,
    for_sale,
    make_seller,
    make_variant,
    stock_at,
)
from tests.shop.http.api_client import Caller, login, ok, pointers, refused
from tests.shop.http.declared import document
from tests.shop.people import CompanyFactory, CustomerFactory, make_buyer
from users.models.customer import Customer
from users.models.tag import Tag

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = [
    "/orders",
    "/order-items",
    "/products",
    "/variants",
    "/sellers",
    "/categories",
    "/customers",
    "/deals",
    "/shipments",
]
# What is not read when it is not shown: of which answer, without what, and its table.
UNREAD = [
    ("/orders", "id,total", "orders_order_item"),
    ("/products", "id,name,category", "catalog_variant"),
    ("/products", "id", "catalog_category"),
    ("/variants", "id,sku", "inventory_stock_level"),
    ("/customers", "id,email", "users_tag"),
    ("/deals", "id,value", "crm_deal_line"),
    ("/shipments", "id,number", "orders_shipment_item"),
]
UNREAD_OF_ONE = [
    ("status,payments", "orders_order_item"),
    ("status,items", "orders_payment"),
    ("items", "orders_order_event"),
    ("id", "orders_adjustment"),
]
# Of a page, beside signing in.
STATEMENTS = {
    "/deals": 2,
    "/shipments": 2,
    "/orders": 2,
    "/order-items": 1,
    "/products": 3,
    "/variants": 1,
    "/customers": 1,
    "/sellers": 1,
}
MOMENTS = [datetime(2026, 3, 4, 5, 6, 7, micro, tzinfo=UTC) for micro in (0, 120_000, 123_456, 1)]


@pytest.fixture
def shop(transactional_db: None, staff: Caller) -> Caller:
    """Rows of every kind: money of 0, 2 and 3 digits, a split order, times with and without fractions."""
    other = make_seller("Other", priority=9)
    coffee = CategoryFactory.create(slug="coffee")
    VariantFactory.create(
        product=ProductFactory.create(category=coffee, name='"Ö" \\ \u2028 </b>'), price="0.125", currency="KWD"
    )
    customer = CustomerFactory.create(company=CompanyFactory.create(), custom_fields={"tier": "gold", "seats": 12})
    customer.tags.set([Tag.objects.create(name=name) for name in ("vip", "Early", "old")])
    for number, currency in enumerate(("USD", "JPY", "KWD", "USD")):
        lines = [(for_sale(price="12", currency=currency), 2)]
        if number == 3:
            others = make_variant()
            stock_at(others, 5, other)
            lines.append((others, 1))
        body = {
            "customer": str(customer.pk),
            "currency": currency,
            "items": [{"variant": str(variant.pk), "quantity": units} for variant, units in lines],
        }
        placed = ok(staff.place(body), 201)
        moment = MOMENTS[number]
        Order.objects.filter(pk=placed["id"]).update(created_at=moment, paid_at=moment, updated_at=moment)
        if not number:
            ok(staff.pay(placed))
            ok(staff.post(f"/orders/{placed['id']}/shipments", {"carrier": "Post"}), 201)
    ok(staff.pay(placed))
    for currency, close in (("KWD", "2026-03-04"), ("JPY", None)):
        deal = {"title": "Big", "customer": str(customer.pk), "currency": currency, "expected_close": close}
        one = ok(staff.post("/deals", {**deal, "custom_fields": {}}), 201)
        sold = [{"variant": str(make_variant(currency=currency).pk), "quantity": 2, "unit_price": "1200"}]
        ok(staff.patch(f"/deals/{one['id']}/lines", {"lines": sold}))
    return staff


def test_rows_and_each_member_alone_show_what_the_record_shows(shop: Caller) -> None:
    for path in PATHS:
        rows = ok(shop.get(path))["results"]
        assert rows, path
        for row in rows[:4]:
            whole = ok(shop.get(f"{path}/{row['id']}"))
            assert row == {name: whole[name] for name in row}
            for name in whole:
                assert ok(shop.get(f"{path}/{row['id']}", fields=name)) == {name: whole[name]}
        for name in rows[0]:
            assert ok(shop.get(path, fields=name))["results"] == [{name: row[name]} for row in rows]


def test_members_keep_their_order_and_pages_their_cursor(shop: Caller) -> None:
    page = ok(shop.get("/orders", fields="total,id", limit=2))
    following = ok(shop.get(page["next"]))

    assert [list(row) for row in page["results"]] == [["id", "total"]] * 2
    assert [list(row) for row in following["results"]] == [["id", "total"]] * 2
    assert ok(shop.get(following["previous"]))["results"] == page["results"]


def test_pages_of_one_are_the_list_there_and_back(shop: Caller) -> None:
    for query in ({}, {"ordering": "created_at"}, {"status": "PENDING"}, {"min_total": "1"}):
        expected = [row["id"] for row in ok(shop.get("/orders", **query))["results"]]
        pages = [ok(shop.get("/orders", limit=1, **query))]
        while pages[-1]["next"]:
            pages.append(ok(shop.get(pages[-1]["next"])))
        back = [pages[-1]]
        while back[-1]["previous"]:
            back.append(ok(shop.get(back[-1]["previous"])))

        assert len(expected) > 1, query
        assert [page["results"][0]["id"] for page in pages] == expected
        assert [page["results"][0]["id"] for page in reversed(back)] == expected


def test_a_member_that_there_is_not_is_refused(shop: Caller) -> None:
    for path in PATHS:
        one = ok(shop.get(path))["results"][0]["id"]
        for fields in ("nope", "id,nope", "id,,total", "ID", "id ", "password,id"):
            for asked in (path, f"{path}/{one}"):
                problem = refused(shop.get(asked, fields=fields), 400, "invalid")
                assert pointers(problem) == ["/fields"]
                assert problem["errors"][0]["code"] == "unknown_field"


def test_other_lists_take_no_fields(staff: Caller) -> None:
    for path in ("/users", "/companies", "/orders/active"):
        assert pointers(refused(staff.get(path, fields="id"), 400, "invalid")) == ["/fields"]


def sent(caller: Caller, path: str, **query: Any) -> list[str]:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as found:
        ok(caller.get(path, **query))
    return [query["sql"] for query in found.captured_queries]


def test_what_is_not_shown_is_not_read(shop: Caller) -> None:
    one = ok(shop.get("/orders"))["results"][0]["id"]
    for path, fields, unread in (*UNREAD, *((f"/orders/{one}", *each) for each in UNREAD_OF_ONE)):
        assert any(unread in sql for sql in sent(shop, path)), unread
        assert not any(unread in sql for sql in sent(shop, path, fields=fields)), unread


def test_a_page_takes_the_same_few_statements(shop: Caller) -> None:
    for path, statements in STATEMENTS.items():
        own = [sql for sql in sent(shop, path) if "users_user" not in sql.partition("WHERE")[0]]
        split = 2 if path == "/orders" else 0  # the sub-orders of the split one, and their lines
        assert len(own) == statements + split, own


def test_a_customers_own_login_is_shown_nothing_that_is_the_staffs(shop: Caller) -> None:
    buyer = make_buyer().customer
    Customer.objects.filter(pk=buyer.pk).update(custom_fields={"tier": "gold"}, owner=buyer.user_id)
    own = login(buyer.user)

    row = ok(own.get("/customers", fields="id,owner,custom_fields"))["results"]
    assert row == [{"id": str(buyer.pk), "owner": None, "custom_fields": {}}]
    assert ok(own.get(f"/customers/{buyer.pk}", fields="custom_fields")) == {"custom_fields": {}}
    assert ok(shop.get(f"/customers/{buyer.pk}", fields="custom_fields")) == {"custom_fields": {"tier": "gold"}}


def test_filters_alone_and_together_find_the_same_whichever_way_they_go(shop: Caller) -> None:
    """Comparisons by statements that are kept, a name's beginning by a query made anew."""
    one = ok(shop.get("/products"))["results"][0]
    since = (MOMENTS[0] - timedelta(days=1)).isoformat()

    assert ok(shop.get("/products", slug=one["slug"]))["results"] == [one]
    assert ok(shop.get("/products", slug=one["slug"], name=one["name"][:3], is_active="true"))["results"] == [one]
    assert ok(shop.get("/products", slug=one["slug"], is_active="false"))["results"] == []
    assert ok(shop.get("/products", category="coffee", fields="category"))["results"] == [{"category": "coffee"}]
    assert ok(shop.get("/customers", tag="VIP", created_after=since, fields="tags"))["results"][0]["tags"]


def test_openapi_names_what_may_be_asked_for(shop: Caller) -> None:
    for path in PATHS:
        row = ok(shop.get(path))["results"][0]
        for route, shown in ((path, row), (f"{path}/{{id}}", ok(shop.get(f"{path}/{row['id']}")))):
            parameters = document()["paths"][f"/api/v1{route}"]["get"]["parameters"]
            (declared,) = [each for each in parameters if each["name"] == "fields"]
            assert declared["schema"]["items"]["enum"] == list(shown)
