"""Whoever names a currency names one that ISO 4217 knows; a slip of a key is a fault, not a new currency."""

from typing import Any

import pytest

from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller
from tests.shop.people import CustomerFactory

NOT_KNOWN = ["UDS", "ZZZ", "XXX", "XAU", "CLF"]


def bodies(code: str) -> dict[str, dict[str, Any]]:
    """By route, a body that is right but for the currency."""
    variant = for_sale()
    return {
        "/variants": {"product": str(variant.product_id), "sku": "NEW-1", "price": "1.00", "currency": code},
        "/price-lists": {"name": "Wholesale", "currency": code},
        "/coupons": {"code": "SUMMER", "kind": "amount", "value": "5", "currency": code},
        "/shipping-methods": {"code": "post", "name": "Post", "price": "4.00", "currency": code},
        "/drafts": {"customer": str(CustomerFactory.create().pk), "currency": code},
        "/deals": {"title": "Ten desks", "customer": str(CustomerFactory.create().pk), "currency": code},
    }


@pytest.mark.parametrize("code", NOT_KNOWN)
def test_an_unknown_currency_is_a_fault_that_names_itself(staff: Caller, code: str) -> None:
    for route, body in bodies(code).items():
        answer = staff.post(route, body)

        assert answer.status_code == 400, (route, answer.content)
        (fault,) = answer.json()["errors"]
        assert fault["pointer"] == "/currency", route
        assert f"{code} is no currency of ISO 4217." in fault["detail"], route


@pytest.mark.parametrize("code", ["EUR", "JPY", "KWD", "UAH"])
def test_a_known_one_is_taken(staff: Caller, code: str) -> None:
    for route, body in bodies(code).items():
        price = {"price": "1"} if "price" in body else {}
        assert staff.post(route, body | price).status_code == 201, route
