"""Every route that changes an order, or what hangs on it, honours If-Match: a stale version is a 412, and nothing
changes. The routes are found in the URL configuration; a new one fails until it stands here."""

from typing import Any

import pytest

from config.api import urlpatterns
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_changes import CHANGES

# First parts of addresses below which orders change.
OF_ORDERS = ("orders", "shipments", "returns", "refunds", "invoices", "payment-intents", "drafts")
UNVERSIONED = {
    "order-list": "there is no version yet",
    "draft-list": "there is no version yet",
    "order-preview": "writes nothing",
    "order-lines-preview": "writes nothing",
    "refund-settlement": "a refund's tag is of what it shows: test_conditional.py",
    "refund-retry": "a refund's tag is of what it shows: test_conditional.py",
}


def routes() -> dict[str, tuple[str, str]]:
    """Method and address of every route that writes below OF_ORDERS, by name."""
    found = {}
    for pattern in urlpatterns:
        address = str(pattern.pattern)
        for method in set(getattr(pattern.callback, "actions", {})) - {"get", "head", "options"}:
            if address.partition("/")[0] in OF_ORDERS:
                found[str(pattern.name)] = (method.upper(), "/" + address.replace("<uuid:pk>", "{pk}"))
    return found


def test_every_route_that_changes_an_order_is_walked() -> None:
    assert set(routes()) == CHANGES.keys() | UNVERSIONED.keys()


@pytest.mark.parametrize("name", CHANGES)
def test_a_stale_version_changes_nothing(staff: Caller, order_for: Any, name: str) -> None:
    order = ok(staff.place(order_for((for_sale(), 2))), 201)
    method, address = routes()[name]
    url = address.format(pk=CHANGES[name].prepare(staff, order))
    body = CHANGES[name].body(order)

    with nothing_changes():
        answer = refused(staff.send(method, url, body, headers={"If-Match": '"99"'}), 412, "stale_version")

    current = staff.send(method, url, body, headers={"If-Match": f'"{answer["version"]}"'})
    assert current.status_code in {200, 201}, current.content[:500]
