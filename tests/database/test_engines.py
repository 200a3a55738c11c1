"""Nothing new is used that would bind Kontor closer to one engine, without somebody having decided so.

Kontor runs on PostgreSQL alone; this keeps the distance to its distributed relatives known (docs/scaling.md). Who adds
a use enters it in `tests/database/engines.py`; who takes the last one out takes the entry out, too.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from tests.database.engines import SCHEMA, STATEMENTS, STEPS, InSchema
from tests.shop.books import sql
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.order_actions import make_overdue, refund
from tests.shop.people import Buyer


@pytest.fixture
def life(staff: Caller, buyer: Buyer, transactional_db: None) -> dict[str, list[str]]:
    """Every statement of each step of an order's life, over HTTP and by the sweep."""
    level = make_level(on_hand=100)
    body = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 2}]}
    steps: dict[str, list[str]] = {}
    first = _heard(steps, "placed", lambda: ok(staff.place(body, key="one"), 201))
    _heard(steps, "replayed", lambda: ok(staff.place(body, key="one"), 200))
    _heard(steps, "read", lambda: staff.read(first))
    _heard(steps, "paid", lambda: ok(staff.pay(first)))
    _heard(steps, "moved on", lambda: ok(staff.patch(f"/orders/{first['id']}/status", {"status": "PROCESSING"})))
    _heard(steps, "shipped", lambda: ok(staff.patch(f"/orders/{first['id']}/status", {"status": "SHIPPED"})))
    _heard(steps, "refunded", lambda: ok(refund(staff, first, 1), 201))
    second = ok(staff.place(body), 201)
    _heard(steps, "cancelled", lambda: staff.delete(f"/orders/{second['id']}"))
    make_overdue(ok(staff.place(body), 201))
    assert _heard(steps, "expired", expire_unpaid_orders) == 1
    return steps


def test_an_order_uses_what_is_written_down_and_no_more(life: dict[str, list[str]]) -> None:
    assert sorted(life) == sorted(STEPS)
    assert all(life.values()), "A step that sent nothing proves nothing."
    for use in STATEMENTS:
        used = {step: [text for text in statements if use.pattern.search(text)] for step, statements in life.items()}
        undecided = {step: found for step, found in used.items() if found and step not in use.steps}
        unused = [step for step in use.steps if not used[step]]
        assert (use.name, undecided, unused) == (use.name, {}, [])


@pytest.mark.parametrize("use", SCHEMA, ids=lambda use: use.name)
@pytest.mark.django_db
def test_the_schema_uses_what_is_written_down_and_no_more(use: InSchema) -> None:
    found = {name for (name,) in sql(use.query)}
    entries = {name: {one for one in found if _fits(one, name)} for name in use.names}

    assert found - set().union(*entries.values()) == set()
    assert [name for name, of_it in entries.items() if not of_it] == [], "Nothing is called so any more."


def _fits(name: str, entry: str) -> bool:
    return name.startswith(entry[:-1]) if entry.endswith("*") else name == entry


def _heard(steps: dict[str, list[str]], step: str, act: Callable[[], Any]) -> Any:
    statements = steps.setdefault(step, [])

    def listen(execute: Any, text: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(str(text))
        return execute(text, params, many, context)

    with connection.execute_wrapper(listen):
        return act()
