"""Many orders of the list are paid, moved on or cancelled at once."""

import pytest
from django.test import Client

from orders.models.payment import Payment
from tests.shop.goods import balances, make_level
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
