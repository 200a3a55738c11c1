"""Colleagues comment on an order where it stands, and tell each other by @."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from crm.models.activity import Activity
from crm.models.task import Task
from orders.models.order import Order
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
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
