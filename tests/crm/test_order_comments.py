"""Colleagues comment on an order where it stands, and tell each other by @."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from crm.models.activity import Activity
from crm.models.lead import Lead
from crm.models.task import Task
from crm.services.tasks.create_task import create_task
from crm.services.timeline.add_activity import add_activity
from orders.models.order import Order
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.customer import Customer
from users.models.role import AccessLevel, Role
from users.models.user import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return order_of(make_buyer(), (make_level(on_hand=5), 1))


def colleague(email: str, role: str = "sales") -> User:
    user = User.objects.create_user(email, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def say(client: Client, order: Order, text: str) -> Any:
    return client.post(reverse("admin:order_comment", args=[order.pk]), {"text": text}, follow=True)


def test_a_comment_stands_on_the_order_and_on_its_customers_page(order: Order) -> None:
    boss = signed_in(superuser())

    answer = say(boss, order, "She sounded angry.")

    assert answer.redirect_chain[-1][0] == f"{page_url(order)}#timeline"
    assert "She sounded angry." in text_of(answer)
    page = boss.get(page_url(order.customer, "page"))
    assert "She sounded angry." in text_of(page)
    assert f'href="{page_url(order)}">{order.number}</a> She sounded' in page.content.decode()


def test_who_is_named_gets_a_task_and_nobody_else(order: Order) -> None:
    boss = signed_in(superuser())
    ann, bob, elsewhere = colleague("ann@example.com"), colleague("bob@example.com"), colleague("ann.b@example.com")
    colleague("sam@one.example"), colleague("sam@two.example")
    rightless = User.objects.create_user("new@example.com", is_staff=True)

    say(boss, order, "@ann and @Bob@example.com: call her. Not mail@elsewhere.example, @boss, @sam, @new or @nobody.")

    told = {task.assignee for task in Task.objects.all()}
    assert told == {ann, bob}
    assert {elsewhere, rightless} & told == set()
    task = Task.objects.get(assignee=ann)
    assert task.customer_id == order.customer_id
    assert task.reminder_at is not None, "the e-mail goes at once"
    assert task.title.startswith(f"boss@example.com, {order.number}: @ann and")


def test_a_comment_is_refused_to_who_may_not_write_one_and_where_it_says_nothing(order: Order) -> None:
    packer = User.objects.create_user("packer@example.com", is_staff=True)

    assert say(signed_in(packer), order, "Hello").status_code == 403
    assert "Write 1 to 10,000 characters." in text_of(say(signed_in(superuser()), order, "  "))
    assert not Activity.objects.exists()


def test_comments_are_written_and_read_over_rest(order: Order, staff: Caller) -> None:
    made = ok(staff.post("/activities", {"order": str(order.pk), "text": "Called"}), 201)

    assert (made["order"], made["customer"]) == (str(order.pk), str(order.customer_id))
    assert [row["id"] for row in ok(staff.get("/activities", order=str(order.pk)))["results"]] == [made["id"]]
    other = make_buyer().customer
    refused = staff.post("/activities", {"order": str(order.pk), "customer": str(other.pk), "text": "x"})
    assert refused.status_code == 400


def narrowed(email: str, **access: Any) -> User:
    """A colleague in sales whose role reaches less."""
    Role.objects.filter(key="sales").update(**access)
    return colleague(email)


def note(**about: Any) -> Activity:
    return add_activity(actor=SYSTEM, **about)


def owned_by(owner: User, order: Order) -> Order:
    Customer.objects.filter(pk=order.customer_id).update(owner=owner)
    return Order.objects.get(pk=order.pk)


def test_an_orders_page_shows_tasks_to_who_sees_its_customer_and_them(order: Order) -> None:
    other, mine = colleague("other@example.com"), narrowed("mine@example.com", sees=AccessLevel.OWN)
    packer = colleague("packer@example.com", "warehouse")
    for assignee in (other, mine):
        title = f"For {assignee.email}"
        create_task(actor=SYSTEM, title=title, customer_id=order.customer_id, assignee_id=assignee.pk)

    for url in (page_url(order), page_url(order.customer, "page")):
        page = text_of(signed_in(mine).get(url))
        assert "For mine@" in page
        assert "For other@" not in page
    assert "For " not in text_of(signed_in(packer).get(page_url(order))), "the warehouse sees no customers"
    owned_by(other, order)
    assert "For mine@" not in text_of(signed_in(mine).get(page_url(order)))


def test_a_note_on_a_lead_tells_nobody_who_may_not_see_the_lead(db: None) -> None:
    owner = colleague("owner@example.com")
    narrowed("ann@example.com", sees=AccessLevel.OWN)
    lead = Lead.objects.create(name="Doe", owner=User.objects.create_user("far@example.com", is_staff=True))

    note(lead_id=lead.pk, text="@ann: call them")
    assert not Task.objects.exists()

    Role.objects.filter(key="sales").update(sees=AccessLevel.ALL)
    note(lead_id=lead.pk, text="@owner: call them")
    assert Task.objects.get().assignee == owner


def test_who_does_not_see_an_orders_customer_writes_no_comment_on_it(order: Order) -> None:
    mine = narrowed("mine@example.com", sees=AccessLevel.OWN)
    client, caller = signed_in(mine), login(mine)
    assert "comment-text" in client.get(page_url(order)).content.decode()
    owned_by(colleague("other@example.com"), order)

    assert "comment-text" not in client.get(page_url(order)).content.decode()
    assert say(client, order, "Hello").status_code == 404
    assert caller.post("/activities", {"order": str(order.pk), "text": "Hello"}).status_code == 404
    assert not Activity.objects.exists()


def test_who_sees_no_orders_writes_no_comment_over_rest(order: Order) -> None:
    clerk = User.objects.create_user("clerk@example.com", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_activity", "add_activity"]))

    assert login(clerk).post("/activities", {"order": str(order.pk), "text": "Hello"}).status_code == 404


def test_a_sellers_people_read_and_write_no_comments(order: Order) -> None:
    SellerMember.objects.create(user=(seller := colleague("s@example.com", "seller")), seller=Seller.objects.all()[0])
    rights = Permission.objects.filter(codename__in=["view_activity", "add_activity", "view_ordermail"])
    seller.user_permissions.set(rights)
    note(order_id=order.pk, text="She sounded angry.")

    page = signed_in(seller).get(page_url(order))

    assert page.status_code == 200
    assert "angry" not in text_of(page)
    assert "comment-text" not in page.content.decode()
    assert say(signed_in(seller), order, "Hello").status_code == 403


def test_no_comment_is_asked_for_whose_customer_is_deleted(order: Order) -> None:
    Customer.objects.filter(pk=order.customer_id).update(deleted_at=order.created_at)

    assert "comment-text" not in signed_in(superuser()).get(page_url(order)).content.decode()


def test_colleagues_are_offered_by_a_name_that_tells_them(order: Order) -> None:
    colleague("pat.o'brien@example.com"), colleague("sam@one.example"), colleague("packer@example.com", "warehouse")
    User.objects.create_user("sam@two.example", is_staff=True)
    narrowed("ann@example.com", sees=AccessLevel.OWN)
    boss = signed_in(superuser())

    def offered() -> list[str]:
        return re.findall(r'data-mention="([^"]*)"', unescape(boss.get(page_url(order)).content.decode()))

    assert offered() == ["ann", "pat.o'brien", "sam@one.example"]
    say(boss, order, "@pat.o'brien, take @ann's, and tell @sam@one.example.")
    told = Task.objects.values_list("assignee__email", flat=True)
    assert set(told) == {"pat.o'brien@example.com", "ann@example.com", "sam@one.example"}
    owned_by(User.objects.get(email="sam@two.example"), order)
    assert offered() == []
