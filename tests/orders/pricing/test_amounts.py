"""POST /orders: money in currencies of no, two and three digits."""

from typing import Any

import pytest

from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, pointers, refused

# currency, price, tax rate, quantity: subtotal, tax, total
CASES = [
    ("USD", "0.25", "0.10", 1, "0.25", "0.03", "0.28"),  # 0.025: half goes up
    ("USD", "0.24", "0.10", 1, "0.24", "0.02", "0.26"),
    ("USD", "0.35", "0.10", 1, "0.35", "0.04", "0.39"),  # 0.035: not to the even digit
    ("USD", "0.45", "0.10", 1, "0.45", "0.05", "0.50"),
    ("USD", "19.99", "0.0725", 3, "59.97", "4.35", "64.32"),
    ("EUR", "0.00", "0.19", 5, "0.00", "0.00", "0.00"),
    ("JPY", "105", "0.10", 1, "105", "11", "116"),  # 10.5 yen
    ("JPY", "104", "0.10", 1, "104", "10", "114"),
    ("KWD", "1.005", "0.10", 1, "1.005", "0.101", "1.106"),  # 0.1005 dinars
    ("KWD", "1.005", "0.05", 3, "3.015", "0.151", "3.166"),
    ("USD", "10.00", "1", 2, "20.00", "20.00", "40.00"),
]


@pytest.mark.parametrize(("currency", "price", "rate", "quantity", "subtotal", "tax", "total"), CASES)
def test_tax_is_rounded_half_up_to_the_currencys_digits(
    staff: Caller,
    order_for: Any,
    currency: str,
    price: str,
    rate: str,
    quantity: int,
    subtotal: str,
    tax: str,
    total: str,
) -> None:
    variant = for_sale(price=price, tax_rate=rate, currency=currency)

    order = ok(staff.place(order_for((variant, quantity))), 201)

    assert order["currency"] == currency
    assert (order["subtotal"], order["tax_total"], order["total"]) == (subtotal, tax, total)
    (item,) = order["items"]
    assert (item["unit_price"], item["total_price"], item["tax_amount"]) == (price, subtotal, tax)
    assert staff.read(order) == order


def test_tax_is_rounded_line_by_line(staff: Caller, order_for: Any) -> None:
    variants = [for_sale(price="0.25", tax_rate="0.10") for _ in range(3)]

    order = ok(staff.place(order_for(*((variant, 1) for variant in variants))), 201)

    assert [item["tax_amount"] for item in order["items"]] == ["0.03"] * 3
    assert (order["subtotal"], order["tax_total"], order["total"]) == ("0.75", "0.09", "0.84")


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "116"), ("KWD", "1.106")])
def test_other_currencies_are_paid_in_full(staff: Caller, order_for: Any, currency: str, amount: str) -> None:
    price = "105" if currency == "JPY" else "1.005"
    variant = for_sale(price=price, tax_rate="0.10", currency=currency)
    order = ok(staff.place(order_for((variant, 1))), 201)

    paid = ok(staff.pay(order, amount=amount, currency=currency))

    assert paid["payments"][0]["amount"] == amount


def test_an_order_has_one_currency(staff: Caller, order_for: Any) -> None:
    dollars, euros, yen = (for_sale(currency=currency) for currency in ("USD", "EUR", "JPY"))

    with nothing_changes():
        problem = refused(staff.place(order_for((dollars, 1), (euros, 1), (yen, 1))), 400, "invalid")

    assert pointers(problem) == ["/items/1/variant", "/items/2/variant"]
