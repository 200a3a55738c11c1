"""The money of an order over several sellers is its root's; all its parts go along."""

from decimal import Decimal

import pytest

from inventory.services.ensure_location import ensure_location
from orders.models.adjustment import Adjustment
from orders.models.order import Order
from orders.models.payment import Payment
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import record_payment
from orders.services.payments.settle_payment import accept_short_payment
from orders.services.upkeep.audit_books import audit_books
from shared.actor import SYSTEM
from tests.shop.goods import add_level, make_level, make_seller, make_variant
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.sandbox import Sandbox, begin, books_agree, state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def split(transactional_db: None) -> Order:
    """99.99 from two sellers: 33.33 and 66.66."""
    own = make_level(on_hand=5, price="33.33", tax_rate="0")
    other = add_level(
        make_variant(price="66.66", tax_rate="0"), ensure_location(seller=make_seller("North", priority=5)), on_hand=5
    )
    order = Order.objects.get(pk=order_of(make_buyer(), (own, 1), (other, 1)).pk)
    assert (order.total, order.sub_orders.count()) == (Decimal("99.99"), 2)
    return order


def test_paying_confirms_every_part(sandbox: Sandbox, split: Order) -> None:
    begin(split)

    assert states(split) == {("CONFIRMED", "PAID")}
    assert Payment.objects.get().order_id == split.pk
    books_agree(sandbox)
    assert_books_are_right()


def test_a_declined_card_and_too_little_are_the_whole_order_s(sandbox: Sandbox, split: Order) -> None:
    begin(split, "card_declined")
    assert states(split) == {("PENDING", "FAILED")}

    sandbox.payer(begin(split, "bank_transfer"), "pay", amount="50.00")
    sandbox.tell_all()
    assert states(split) == {("PENDING", "PENDING")}
    expire_unpaid_orders(now=split.payment_expires_at)

    assert states(split) == {("CANCELLED", "REFUND_DUE")}
    assert_books_are_right()


def test_what_is_written_off_is_shared_by_the_parts(split: Order) -> None:
    record_payment(order_id=split.pk, actor=SYSTEM, amount=Decimal("99.89"), currency="USD", reference="wire-1")

    accept_short_payment(payment_id=Payment.objects.get().pk, actor=SYSTEM, reason="a dime")

    assert states(split) == {("CONFIRMED", "PAID")}
    split.refresh_from_db()
    parts = split.sub_orders.order_by("number")
    assert split.total == sum(part.total for part in parts) == Decimal("99.89")
    assert sorted(Adjustment.objects.filter(kind="write_off").values_list("amount", flat=True)) == [
        Decimal("-0.07"),
        Decimal("-0.03"),
    ]
    assert_books_are_right()


def states(order: Order) -> set[tuple[str, str]]:
    return {state(order), *order.sub_orders.values_list("status", "payment_status")}


def assert_books_are_right() -> None:
    assert [
        (found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy
    ] == []
