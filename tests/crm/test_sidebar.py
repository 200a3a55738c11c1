"""The numbers beside the sidebar's entries."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from crm.reads.badges import Badge
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.payment import Payment
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.payments.record_dispute import ToldDispute, close_dispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from shared.actor import SYSTEM
from shared.ids import new_id
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import list_url, signed_in, statements, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = pytest.mark.django_db


def disputed(status: DisputeStatus = DisputeStatus.NEEDS_RESPONSE) -> Dispute:
    order = order_of(make_buyer(), (make_level(on_hand=1), 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    told = ToldDispute("stripe", f"dp_{order.number}", Decimal(1), status, DisputeFunds.HERE, "fraudulent")
    record_dispute(order_id=order.pk, intent_id=new_id(), told=told)
    return Dispute.objects.get(order=order)


def beside(client: Client, entry: str) -> str:
    """What the sidebar says after the name of a list."""
    page = client.get(list_url(Order)).content.decode()
    link = re.search(rf'<a[^>]*href="{entry}"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert link, "no such entry"
    return re.sub(r"<[^>]*>|\s", "", link[1])


def test_open_disputes_are_counted_until_they_are_closed() -> None:
    boss, entry = signed_in(superuser()), list_url(Payment)  # money has one entry, disputes stand above its lists
    assert beside(boss, entry).endswith("Money")
    first, _ = disputed(), disputed()
    disputed(DisputeStatus.WON)

    both = beside(boss, entry)
    close_dispute(dispute_id=first.pk, actor=SYSTEM, note="the bank took it back")

    assert (both[-1], beside(boss, entry)[-1]) == ("2", "1")
    above = boss.get(entry).content.decode().split('class="k-beside"')[1].split("</nav>")[0]
    assert re.search(rf'href="{list_url(Dispute)}\?opening=1">Disputes <span[^>]*>1<', above)


def test_whoever_may_not_see_disputes_is_told_nothing_of_them() -> None:
    disputed()
    packer = User.objects.create_user("packer@example.com", is_staff=True)
    packer.user_permissions.add(Permission.objects.get(codename="view_order"))
    client = signed_in(packer)

    sent = statements(client, list_url(Order))

    assert list_url(Dispute) not in client.get(list_url(Order)).content.decode()
    assert not [sql for sql in sent if 'FROM "orders_dispute"' in sql]


def test_a_number_is_bounded_and_a_little_old(settings: Any) -> None:
    settings.BADGE_SECONDS = 60
    orders = Badge(Order.objects.all, most=2)
    buyer, level = make_buyer(), make_level(on_hand=9)

    before = orders.count()
    for _ in range(3):
        order_of(buyer, (level, 1))

    assert (before, orders.count(), Badge(Order.objects.all, most=2).count()) == (0, 0, 2)
