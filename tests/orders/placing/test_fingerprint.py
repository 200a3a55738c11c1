"""What a key's request is known by. No database."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from inventory.sellable_variants import SellableVariant
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine, fingerprint, sum_lines

ID = UUID("019a5a3e-7c7e-7000-8000-000000000001")
SELLABLES = {"CUP": SellableVariant(ID, "CUP", "Cup", Decimal(10), "USD", Decimal(0), is_active=True)}
PLAIN = PlaceOrder(ID, (PlaceOrderLine("CUP", 2),), "ring twice")


def digest(request: PlaceOrder) -> str:
    return fingerprint(request, sum_lines(request.lines, SELLABLES))


def test_a_plain_request_is_known_as_ever() -> None:
    """Keys are kept for 30 days: a change here would place their orders a second time."""
    assert digest(PLAIN) == "f5122b0ea3820584a152290fcd5a68f06869d4822e3e3b93d6c761cb43d3c834"


def test_whatever_is_named_makes_another_request() -> None:
    named: dict[str, Any] = {
        "ship_to_country": "DE",
        "shipping_method": "post",
        "coupon": "TEN",
        "payment_method": "card",
    }
    requests = [PLAIN, *(replace(PLAIN, **{name: value}) for name, value in named.items())]

    assert len({digest(request) for request in requests}) == 5
