"""Who talks to the API in a test."""

from typing import Any

import pytest

from orders.models.order import Order
from tests.shop.http.api_client import Caller, login, machine
from tests.shop.order_history import make_history
from tests.shop.people import make_buyer
from users.models.customer import Customer
from users.models.user import User


@pytest.fixture
def staff(db: None) -> Caller:
    """The login of somebody who may do everything."""
    return login(User.objects.create_superuser("staff@example.com"))


@pytest.fixture
def buyer(db: None) -> Caller:
    """A customer's own login."""
    return login(make_buyer().customer.user)


@pytest.fixture
def other_buyer(db: None) -> Caller:
    return login(make_buyer().customer.user)


@pytest.fixture
def visitor(db: None) -> Caller:
    """Nobody signed in."""
    return Caller()


@pytest.fixture
def till(staff: Caller) -> Caller:
    """A staff member's API key that may place and read orders."""
    return machine(staff.user, "orders:read", "orders:write")


@pytest.fixture
def customer(buyer: Caller) -> Customer:
    return buyer.customer


@pytest.fixture
def order_for(customer: Customer) -> Any:
    """Builds the body of POST /orders: `order_for((variant, 2), ("SKU", 1, seller), note="x")`."""

    def build(*lines: tuple[Any, ...], **fields: Any) -> dict[str, Any]:
        items = [
            {"variant": str(getattr(variant, "pk", variant)), "quantity": quantity}
            | ({"seller": str(seller[0].pk)} if seller else {})
            for variant, quantity, *seller in lines
        ]
        return {"customer": str(customer.pk), "items": items, **fields}

    return build


@pytest.fixture
def history(customer: Customer) -> list[Order]:
    """Seven orders of one customer, oldest first."""
    return make_history(customer)
