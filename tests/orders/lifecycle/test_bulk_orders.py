"""Many orders of the list are paid, moved on or cancelled at once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.services.bulk.confirm_payments import bulk_confirm_payment
from orders.models.payment import Payment
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import record_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.database.races import answers_together
from tests.shop.goods import balances, make_level, make_level_of_another
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.bulk_pages import ask, change
from tests.shop.http.order_actions import audit_is_clean
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_orders_are_paid_moved_on_and_cancelled_together(boss: Client) -> None:
    level, buyer = make_level(on_hand=20), make_buyer()
    orders = [order_of(buyer, (level, 1)) for _ in range(4)]

    assert "3 changed" in change(boss, "confirm_payments", *orders[:3])
    told = change(boss, "confirm_payments", *orders)
    assert "1 changed" in told
    assert "3 were so already" in told
    assert Payment.objects.count() == 4

    assert "2 changed" in change(boss, "move_on", *orders[:2], status="PROCESSING", reason="")
    late = order_of(buyer, (level, 1))
    told = change(boss, "cancel_orders", *orders[:1], late, note="test")
    assert "1 changed" in told
    assert f"{orders[0].number}: Order {orders[0].number} is paid" in told
    told = change(boss, "confirm_payments", late)
    assert f"{late.number}: it is cancelled." in told
    assert balances(level.pk) == (16, 0)
    audit_is_clean()


def test_only_who_may_do_it_to_one_may_do_it_to_many(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=2), 1))
    reader = signed_in(User.objects.create_user("reader@example.com", is_staff=True))

    assert ask(reader, "confirm_payments", order).status_code == 403
    assert reader.post("/admin/bulk/orders.order/confirm_payments/", {"keys": str(order.pk)}).status_code == 403
    order.refresh_from_db()
    assert order.status == "PENDING"


def test_many_orders_are_paid_in_as_many_statements_as_a_few(boss: Client) -> None:
    level, buyer = make_level(on_hand=200), make_buyer()

    def statements(orders: int) -> int:
        waiting = [order_of(buyer, (level, 1)) for _ in range(orders)]
        with CaptureQueriesContext(connection) as sent:
            assert f"{orders} changed" in change(boss, "confirm_payments", *waiting)
        return len(sent)

    statements(2)  # warms what is read once

    assert statements(3) == statements(30)
    assert balances(level.pk) == (165, 0)
    audit_is_clean()


def test_what_cannot_be_paid_with_others_is_paid_or_refused_by_itself(boss: Client) -> None:
    here, buyer = make_level(on_hand=9), make_buyer()
    there = make_level_of_another(on_hand=9)
    plain, cancelled, part_paid = (order_of(buyer, (here, 1)) for _ in range(3))
    split = order_of(buyer, (here, 1), (there, 1))
    assert len(split.sub_orders.all()) == 2
    cancel_order(order_id=cancelled.pk, actor=SYSTEM, reason=CancelReason.STAFF, note="")
    record_payment(
        order_id=part_paid.pk, actor=SYSTEM, amount=Decimal("0.01"), currency=part_paid.currency, reference="a part"
    )

    told = change(boss, "confirm_payments", plain, cancelled, part_paid, split)

    assert "3 changed" in told
    assert f"{cancelled.number}: it is cancelled." in told
    paid = Payment.objects.order_by("id").values_list("order__number", "amount", "status")
    assert set(paid) >= {(order.number, order.total, "PAID") for order in (plain, split)}
    part_paid.refresh_from_db()
    assert part_paid.payment_status == "PAID"
    assert (balances(here.pk), balances(there.pk)) == ((6, 0), (8, 0))
    audit_is_clean()


@pytest.mark.django_db(transaction=True)
def test_orders_that_two_colleagues_confirm_at_once_are_paid_once() -> None:
    level, buyer = make_level(on_hand=40), make_buyer()
    orders = [order_of(buyer, (level, 1)) for _ in range(20)]
    keys = [order.pk for order in orders]

    results = answers_together(*[lambda: bulk_confirm_payment(ids=keys, actor=SYSTEM)] * 3)

    assert sum(result.changed for result in results) == 20
    assert sum(result.unchanged for result in results) == 40
    assert Payment.objects.count() == 20
    assert balances(level.pk) == (20, 0)
    audit_is_clean()
