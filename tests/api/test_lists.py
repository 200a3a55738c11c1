"""Pages, filters and ordering; and that a page costs the same however long it is."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.services.adjust_stock import adjust_stock
from shared.actor import SYSTEM
from tests.shop.goods import CategoryFactory, ProductFactory, SellerFactory, VariantFactory, stock_at
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.people import CompanyFactory, CustomerFactory, UserFactory
from users.models.tag import Tag

PATHS = [
    "/users",
    "/customers",
    "/companies",
    "/categories",
    "/products",
    "/variants",
    "/sellers",
    "/stock-levels",
    "/stock-locations",
    "/orders",
    "/order-items",
]


def test_pages_hold_twenty_and_lead_to_each_row_once_and_back(staff: Caller) -> None:
    made = {str(ProductFactory.create().pk) for _ in range(45)}

    seen: list[str] = []
    where, page = "/products", {}
    while where:
        page = ok(staff.get(where))
        seen += [row["id"] for row in page["results"]]
        where = page["next"]

    assert page.keys() == {"next", "previous", "next_cursor", "results"}
    assert len(seen) == 45
    assert set(seen) == made
    assert seen == sorted(seen, reverse=True)
    assert [row["id"] for row in ok(staff.get(page["previous"]))["results"]] == seen[20:40]


def test_the_cursor_alone_leads_to_the_next_page_too(staff: Caller) -> None:
    ProductFactory.create_batch(5)
    first = ok(staff.get("/products", limit=3))

    second = ok(staff.get("/products", limit=3, cursor=first["next_cursor"]))

    assert second["results"] == ok(staff.get(first["next"]))["results"]
    assert (len(second["results"]), second["next_cursor"]) == (2, None)


@pytest.mark.parametrize("name", ["limit", "page_size"])
def test_pages_hold_as_many_as_asked_for_up_to_a_hundred(staff: Caller, name: str) -> None:
    ProductFactory.create_batch(3)

    assert len(ok(staff.get("/products", **{name: 2}))["results"]) == 2
    ok(staff.get("/products", **{name: 100}))
    for wrong in (0, 101, -1, "x", "", "1.5", "²", 10**40):
        assert pointers(refused(staff.get("/products", **{name: wrong}), 400, "invalid")) == [f"/{name}"]


@pytest.mark.parametrize(
    "cursor", ["x", "", "äö", "%", b64encode(b"p=not-a-uuid").decode(), b64encode(b"o=x").decode(), "p=1", "A" * 5000]
)
@pytest.mark.parametrize("path", ["/products", "/orders"])
def test_a_cursor_that_is_not_ours_is_refused(staff: Caller, path: str, cursor: str) -> None:
    assert pointers(refused(staff.get(path, cursor=cursor), 400, "invalid")) == ["/cursor"]


def test_an_empty_filter_is_refused_rather_than_forgotten(staff: Caller) -> None:
    answer = staff.get("/orders?customer=&status=")

    assert [fault["pointer"] for fault in refused(answer, 400, "invalid")["errors"]] == ["/customer", "/status"]


@pytest.mark.parametrize("path", PATHS)
def test_unknown_parameters_are_refused_by_name(staff: Caller, path: str) -> None:
    problem = refused(staff.get(path, nope=1, also="x"), 400, "invalid")

    assert pointers(problem) == ["/also", "/nope"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/products", {"is_active": "maybe"}),
        ("/variants", {"product": "x"}),
        ("/stock-levels", {"seller": "x"}),
        ("/customers", {"created_after": "yesterday"}),
        ("/customers", {"company": "1"}),
        ("/users", {"is_staff": "2"}),
    ],
)
def test_a_filter_of_the_wrong_kind_is_refused_by_name(staff: Caller, path: str, query: dict[str, Any]) -> None:
    response = staff.get(path, **query)

    assert pointers(refused(response, 400, "invalid")) == [f"/{next(iter(query))}"]


def test_filters_narrow_the_catalogue(staff: Caller) -> None:
    coffee = CategoryFactory.create(slug="coffee")
    espresso = ProductFactory.create(name="Espresso 100%", slug="espresso", category=coffee)
    hidden = ProductFactory.create(name="Old", is_active=False)
    variant = VariantFactory.create(product=espresso, sku="ESP")
    VariantFactory.create()
    level = stock_at(variant, 1)

    def ids(path: str, **query: str) -> list[str]:
        return [row["id"] for row in ok(staff.get(path, **query))["results"]]

    assert ids("/products", category="coffee") == ids("/products", slug="espresso") == [str(espresso.pk)]
    assert ids("/products", name="eSPRESSO 100%") == [str(espresso.pk)]
    assert ids("/products", is_active="false") == [str(hidden.pk)]
    assert ids("/variants", sku="ESP") == ids("/variants", product=str(espresso.pk)) == [str(variant.pk)]
    assert ids("/stock-levels", sku="ESP") == ids("/stock-levels", location=str(level.location_id)) == [str(level.pk)]


def test_those_of_a_name_are_paged_newest_first_and_back(staff: Caller) -> None:
    adas = [str(CustomerFactory.create(name=f"Ada {number}").pk) for number in range(45)]
    CustomerFactory.create(name="Bob")

    first = ok(staff.get("/customers", name="aDA"))
    second = ok(staff.get(first["next"]))
    last = ok(staff.get(second["next"]))

    assert [row["id"] for page in (first, second, last) for row in page["results"]] == adas[::-1]
    assert last["next"] is None
    assert ok(staff.get(last["previous"]))["results"] == second["results"]


ROWS: dict[str, Callable[[], object]] = {
    "/users": lambda: CustomerFactory.create(user=UserFactory.create()),
    "/customers": lambda: CustomerFactory.create(company=CompanyFactory.create()).tags.add(
        Tag.objects.create(name=uuid4().hex)
    ),
    "/companies": CompanyFactory.create,
    "/categories": CategoryFactory.create,
    "/products": lambda: stock_at(VariantFactory.create(product__category=CategoryFactory.create()), 1),
    "/variants": lambda: stock_at(VariantFactory.create(), 1),
    "/sellers": SellerFactory.create,
    "/stock-levels": lambda: stock_at(VariantFactory.create(), 1),
    "/stock-locations": lambda: stock_at(VariantFactory.create(), 0, seller=SellerFactory.create()),
}
# authentication, then the rows, then what is prefetched
STATEMENTS = {"/users": 3, "/products": 4}


@pytest.mark.parametrize("path", sorted(ROWS))
def test_a_page_takes_as_many_statements_whatever_its_length(staff: Caller, path: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            ok(staff.get(path))
        return len(queries)

    ROWS[path]()
    short = statements()
    for _ in range(5):
        ROWS[path]()

    assert short == statements() == STATEMENTS.get(path, 2)


def test_a_page_of_the_ledger_takes_three_statements(staff: Caller) -> None:
    level = stock_at(VariantFactory.create(), 1)
    for _ in range(3):
        adjust_stock(level_id=level.pk, quantity=1, reason="x", actor=SYSTEM)

    with CaptureQueriesContext(connection) as queries:
        rows = ok(staff.get(f"/stock-levels/{level.pk}/movements"))["results"]

    assert (len(rows), len(queries)) == (4, 3)
