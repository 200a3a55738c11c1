"""The menu is short for every role, and leads to every list."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from catalog.models.seller_member import SellerMember
from config.staff_site.menu_entries import GROUPS
from crm.models.lead import Lead
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.goods import SellerFactory, VariantFactory, make_level, stock_at
from tests.shop.http.admin_pages import list_url, page_url, registered, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.shipments import pack, paid_order, send
from users.models.user import User

MOST_ENTRIES = 12


def menu_on(client: Client, url: str = "/admin/") -> list[list[str]]:
    """The addresses in each group of the menu."""
    page = client.get(url).content.decode()
    menu = page.split('id="nav-sidebar-apps"')[1].split('id="main"')[0]
    return [re.findall(r'href="([^"?]+)[^"]*"', group) for group in re.findall(r"<ol.*?</ol>", menu, flags=re.S)]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["sales", "warehouse", "finance", "seller", "manager", "admin"])
def test_no_role_reads_more_than_a_dozen_entries_for_its_day(role: str) -> None:
    colleague = User.objects.create_user(f"{role}@example.com", is_staff=True)
    colleague.groups.add(Group.objects.get(name=role))

    day = menu_on(signed_in(colleague))[0]

    assert 1 < len(day) <= MOST_ENTRIES
    assert len(set(day)) == len(day)


def test_every_list_has_its_place(db: None) -> None:
    links = {str(link.url) for _title, _folded, entries in GROUPS for entry in entries for link in entry.links}

    missing = {model.__name__ for model in registered() if list_url(model) not in links}

    assert missing == set()


def test_an_entry_leads_to_the_first_list_that_one_may_see(db: None) -> None:
    packer = User.objects.create_user("packer@example.com", is_staff=True)
    packer.groups.add(Group.objects.get(name="warehouse"))
    client = signed_in(packer)

    page = client.get(list_url(Shipment)).content.decode()

    assert 'aria-current="page">Shipments</a>' in page
    assert (
        list_url(Lead) not in [url for group in menu_on(client) for url in group]
        or client.get(list_url(Lead)).status_code == 200
    )


@pytest.mark.django_db
def test_the_board_shows_what_is_in_progress_with_its_next_step() -> None:
    boss = signed_in(superuser())
    waiting, paid, packed = order_of(make_buyer(), (make_level(on_hand=1), 1)), paid_order(1), paid_order(1)
    pack(packed)

    page = boss.get("/admin/orders/order/board/")

    columns = page.content.decode().split('<section class="k-column"')[1:]
    assert [order.number in column for order, column in zip((waiting, paid, packed), columns, strict=False)] == [
        True
    ] * 3
    html = page.content.decode()
    assert page_url(waiting, "confirm_payment") in html
    assert page_url(paid, "pack") in html
    assert page_url(packed, "advance") in html
    assert "Mark as sent" in text_of(page)
    assert 'href="/admin/orders/order/board/"' in boss.get(list_url(Order)).content.decode()


@pytest.mark.django_db
def test_a_card_of_the_board_leads_to_what_is_not_refused() -> None:
    levels = [stock_at(VariantFactory.create(), 9, seller=SellerFactory.create()) for _ in range(2)]
    split = order_of(make_buyer(), (levels[0], 1), (levels[1], 1))
    confirm_payment(order_id=split.pk, actor=SYSTEM, reference="bank-2")
    half, disputed = paid_order(2), paid_order(1)
    pack(half, 1)
    Order.objects.filter(pk=disputed.pk).update(dispute="open")
    packer = User.objects.create_user("packer@example.com", is_staff=True)
    packer.groups.add(Group.objects.get(name="warehouse"))

    html = signed_in(packer).get("/admin/orders/order/board/").content.decode()

    assert page_url(half, "pack") in html
    assert page_url(half, "advance") not in html, "it would send what nobody packed"
    assert page_url(split, "pack") not in html, "its sub-orders are packed"
    assert disputed.number in html
    assert page_url(disputed, "pack") not in html
    assert page_url(disputed, "pack") in signed_in(superuser()).get("/admin/orders/order/board/").content.decode()
    assert "in no shipment yet" in text_of(signed_in(packer).get(page_url(half, "advance")))


@pytest.mark.django_db
def test_a_sellers_people_have_its_orders_on_their_board_also_half_sent_ones() -> None:
    helper = User.objects.create_user("helper@example.com", is_staff=True)
    helper.groups.add(Group.objects.get(name="seller"))
    own = SellerFactory.create()
    SellerMember.objects.create(user=helper, seller=own)
    levels = [stock_at(VariantFactory.create(), 9, seller=own) for _ in range(2)]
    waiting, foreign = order_of(make_buyer(), (levels[0], 1)), paid_order(1)
    half = order_of(make_buyer(), (levels[0], 1), (levels[1], 1))
    confirm_payment(order_id=half.pk, actor=SYSTEM, reference="bank-3")
    send(half, 1)

    html = signed_in(helper).get("/admin/orders/order/board/").content.decode()
    columns = html.split('<section class="k-column"')[1:]

    assert waiting.number in columns[0]
    assert half.number in columns[2]
    assert foreign.number not in "".join(columns)
