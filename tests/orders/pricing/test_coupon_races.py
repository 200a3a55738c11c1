"""Many buyers want the last uses of a coupon: nobody gets one more than there are, and nobody is refused too early."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from orders.models.coupon import Coupon, CouponUse
from orders.models.order import Order
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.database.races import answers_together
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import post_order
from tests.shop.people import make_buyer
from users.models.customer import Customer

pytestmark = pytest.mark.usefixtures("audited_shop", "both_ways")


def test_fifty_buyers_of_a_coupon_with_ten_uses_left_ten_get_it(secret: str) -> None:
    coupon = Coupon.objects.create(code="TEN", value=10, usage_limit=10)
    level, buyers = make_level(on_hand=100), [make_buyer() for _ in range(50)]

    answers = answers_together(*(partial(post_order, secret, buyer, (level, 1), coupon="ten") for buyer in buyers))

    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 40
    assert {answer.json()["reason"] for answer in answers if answer.status_code == 409} == {"used_up"}
    coupon.refresh_from_db()
    assert (coupon.used_count, CouponUse.objects.count(), Order.objects.count()) == (10, 10, 10)
    assert balances(level.pk) == (100, 10)


def test_one_customer_gets_a_coupon_as_often_as_allowed(secret: str) -> None:
    Coupon.objects.create(code="TWICE", value=10, customer_limit=2)
    level, buyer = make_level(on_hand=100), make_buyer()

    answers = answers_together(*[partial(post_order, secret, buyer, (level, 1), coupon="TWICE")] * 20)

    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 18
    assert {answer.json()["reason"] for answer in answers if answer.status_code == 409} == {"customer_limit"}


def test_one_person_with_many_records_gets_a_coupon_once(secret: str) -> None:
    Coupon.objects.create(code="ONCE", value=10, customer_limit=1)
    level, buyers = make_level(on_hand=100), [make_buyer() for _ in range(10)]
    for number, buyer in enumerate(buyers):
        email = "Ann@Example.com" if number % 2 else f"ann+{number}@example.com"
        Customer.objects.filter(pk=buyer.customer.pk).update(email=email)

    answers = answers_together(*(partial(post_order, secret, buyer, (level, 1), coupon="ONCE") for buyer in buyers))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert {answer.json()["reason"] for answer in answers if answer.status_code == 409} == {"customer_limit"}


def test_orders_with_and_without_a_coupon_do_not_hold_each_other_up(secret: str) -> None:
    """A used-up coupon refuses its own order, never those placed beside it."""
    Coupon.objects.create(code="ONE", value=10, usage_limit=1)
    level, buyers = make_level(on_hand=100), [make_buyer() for _ in range(20)]
    coupons: list[dict[str, Any]] = [{"coupon": "ONE"} if number % 2 else {} for number in range(20)]

    answers = answers_together(
        *(partial(post_order, secret, buyer, (level, 1), **own) for buyer, own in zip(buyers, coupons, strict=True))
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 11 + [409] * 9


def test_uses_given_back_and_taken_at_one_moment(secret: str) -> None:
    coupon = Coupon.objects.create(code="FIVE", value=10, usage_limit=5)
    level, buyers = make_level(on_hand=100), [make_buyer() for _ in range(15)]
    placed = [UUID(post_order(secret, buyer, (level, 1), coupon="FIVE").json()["id"]) for buyer in buyers[:5]]

    works: list[Any] = [partial(cancel_order, order_id=pk, actor=SYSTEM, reason=CancelReason.STAFF) for pk in placed]
    works += [partial(post_order, secret, buyer, (level, 1), coupon="FIVE") for buyer in buyers[5:]]

    answers: list[Any] = answers_together(*works)

    got = sum(answer.status_code == 201 for answer in answers[5:])
    coupon.refresh_from_db()
    assert got <= 5
    assert coupon.used_count == CouponUse.objects.count() == got
