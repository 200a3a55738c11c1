"""How many statements a request sends, BEGIN and COMMIT and savepoints included: the same for any number of rows."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.shop.goods import for_sale, stock_at
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.http.order_actions import make_overdue
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)

PLACING = 12
SIGN_IN_AND_THROTTLE = 2


@pytest.fixture
def buyer(transactional_db: None) -> Caller:
    return login(make_buyer().customer.user)


def statements(request: Callable[[], Answer], status: int) -> list[str]:
    """The SQL that one request sends on a connection that is open already."""
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as sent:
        answer = request()
    ok(answer, status)
    return [query["sql"] for query in sent.captured_queries]


def own(*lines: tuple[Any, int]) -> dict[str, Any]:
    """A customer's own order."""
    return {"items": [{"variant": str(variant.pk), "quantity": quantity} for variant, quantity in lines]}


QUERIES: list[dict[str, Any]] = [{"limit": 1}, {"limit": 10}, {"limit": 10, "status": "PENDING"}]


@pytest.mark.parametrize("key", ["k1", None])
def test_placing_takes_the_same_few_statements_for_any_number_of_lines(buyer: Caller, key: str | None) -> None:
    counts: list[int] = []
    for lines in (1, 3, 200):
        body = own(*((for_sale(), 1) for _ in range(lines)))
        sql = statements(partial(buyer.place, body, key=key and f"{key}-{len(counts)}"), 201)
        assert tuple(s for s in sql if s in {"BEGIN", "COMMIT"}) == ("BEGIN", "COMMIT")
        assert sum("users_user" in s for s in sql) == 1
        assert sum("shared_rate_limit_window" in s for s in sql) == 1
        counts.append(len(sql))

    assert len(set(counts)) == 1
    assert counts[0] <= PLACING + SIGN_IN_AND_THROTTLE


def test_placing_by_key_and_from_many_locations_takes_no_more(buyer: Caller, order_for: Any) -> None:
    robot = machine(buyer.user, "orders:write")
    variant = for_sale(on_hand=1)
    for number in range(20):
        stock_at(variant, 1, location=f"Shelf {number}")
    statements(lambda: robot.place(own((for_sale(), 1))), 201)  # the key's first use is written down

    sql = statements(lambda: robot.place(own((variant, 21)), key="k1"), 201)

    assert len(sql) <= PLACING + SIGN_IN_AND_THROTTLE


def test_a_replay_and_a_refusal_take_no_more(buyer: Caller) -> None:
    variant = for_sale(on_hand=5)
    ok(buyer.place(own((variant, 1)), key="k1"), 201)

    replay = statements(lambda: buyer.place(own((variant, 1)), key="k1"), 200)
    short = statements(lambda: buyer.place(own((variant, 9)), key="k2"), 409)

    assert len(replay) <= PLACING + SIGN_IN_AND_THROTTLE
    assert len(short) <= PLACING + SIGN_IN_AND_THROTTLE


def test_freeing_overdue_stock_places_by_two_transactions(buyer: Caller) -> None:
    variant = for_sale(on_hand=1)
    make_overdue(ok(buyer.place(own((variant, 1))), 201))

    sql = statements(lambda: buyer.place(own((variant, 1))), 201)

    assert sql.count("BEGIN") == sql.count("COMMIT") == 2
    refused(buyer.place(own((variant, 1))), 409, "insufficient_stock")


def test_what_changes_an_order_takes_the_same_for_any_number_of_lines(buyer: Caller) -> None:
    staff = login(make_staff())
    counts: dict[str, set[int]] = {"pay": set(), "move": set(), "cancel": set(), "read": set()}
    for lines in (1, 20):
        body = own(*((for_sale(), 1) for _ in range(lines)))
        paid, gone = (ok(buyer.place(body), 201) for _ in range(2))
        requests: dict[str, Callable[[], Answer]] = {
            "pay": partial(staff.pay, paid),
            "move": partial(staff.patch, f"/orders/{paid['id']}/status", {"status": "PROCESSING"}),
            "cancel": partial(staff.delete, f"/orders/{gone['id']}"),
            "read": partial(staff.get, f"/orders/{paid['id']}"),
        }
        for name, request in requests.items():
            counts[name].add(len(statements(request, 200)))

    assert {name: len(found) for name, found in counts.items()} == dict.fromkeys(counts, 1)
    assert {name: found for name, found in counts.items() if found.pop() > COSTS[name]} == {}


# At most, with sign-in, and each change with the statement that reads the order in full.
COSTS = {"pay": 11, "move": 7, "cancel": 11, "read": 2}


def make_staff() -> User:
    return User.objects.create_superuser("staff@example.com")


@pytest.mark.parametrize(("path", "limit"), [("/orders", 4), ("/order-items", 2)])
def test_a_page_of_a_list_takes_no_more_for_any_number_of_rows(buyer: Caller, path: str, limit: int) -> None:
    variants = [for_sale() for _ in range(5)]
    for _ in range(12):
        ok(buyer.place(own(*((variant, 1) for variant in variants))), 201)
    for caller in (buyer, login(make_staff())):
        for query in QUERIES:
            assert len(statements(partial(caller.get, path, **query), 200)) <= limit
