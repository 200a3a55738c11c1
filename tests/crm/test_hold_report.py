"""How reservations ended, by day and by payment method."""

from datetime import timedelta

import pytest
from django.test import Client

from orders.models.order import Order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.refresh_sales import refresh_sales
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

URL = "/admin/hold-report/"


@pytest.mark.django_db
@pytest.mark.parametrize("are_summed", [False, True])
def test_every_way_an_order_may_end_is_counted(are_summed: bool) -> None:
    now, level, buyer = database_now(), make_level(on_hand=50), make_buyer()
    placed_at = now - timedelta(hours=5)
    orders = [order_of(buyer, (level, 1), now=placed_at) for _ in range(6)]
    Order.objects.filter(pk=orders[0].pk).update(payment_method="bank_transfer")
    for order in orders[:2]:
        confirm_payment(order_id=order.pk, actor=SYSTEM, now=placed_at + timedelta(minutes=10))
    cancel_order(order_id=orders[2].pk, actor=SYSTEM, reason=CancelReason.STAFF, now=placed_at + timedelta(minutes=1))
    expire_unpaid_orders(now=now)
    confirm_payment(order_id=orders[3].pk, actor=SYSTEM, now=placed_at + timedelta(hours=4))
    order_of(buyer, (level, 1))
    if are_summed:
        refresh_sales(now=database_now() + timedelta(hours=1))

    page = signed_in(superuser()).get(URL, {"period": "7"})

    shown = text_of(page)
    # placed, paid in time, paid late, expired, cancelled, still held, share
    assert "All 7 2 1 2 1 1 42.9 %" in shown
    assert "Half were paid within 10.0 minutes" in shown
    assert "bank_transfer 1 1 0 0 100.0 %" in shown
    assert "cancel_reason__exact=payment_timeout" in page.content.decode()


@pytest.mark.django_db
def test_an_empty_shop_has_a_report_and_strangers_have_none() -> None:
    assert "No orders were placed." in text_of(signed_in(superuser()).get(URL, {"period": "nonsense"}))
    customer = User.objects.create_user("buyer@example.com")
    client = Client()
    client.force_login(customer)
    assert client.get(URL).status_code in (302, 403)
