"""The customer's page: who it is, what is open, what is worth knowing, and all that happened, newest first."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from crm.models.activity import Activity
from crm.models.email import Email
from crm.models.task import Task
from crm.segments.query import customers_in
from crm.segments.rfm import rfm_of
from crm.segments.rule import parse_rule
from crm.timeline.entries import timeline
from orders.models.order import Order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.refresh_sales import refresh_sales
from orders.states import CancelReason
from shared.clock import database_now
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, statements, superuser, text_of
from tests.shop.order_actions import promise
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from users.models.company import Company
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.tag import Tag
from users.models.user import User

# Three of them count what the menu shows, one reads the shop, whose name is on each page, one whom an @ may name.
MOST_STATEMENTS = 15
EVERYTHING = ("activity", "order", "email")


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def know_all_about(buyer: Buyer) -> None:
    """Something for every part of the page."""
    customer = buyer.customer
    customer.company = Company.objects.create(name="Bell Ltd")
    customer.owner = User.objects.create_user(f"owner-of-{customer.pk}@example.com", is_staff=True)
    customer.phone, customer.address, customer.language = "+380 44 123 45 67", "Main street 1\nKyiv", "uk"
    customer.custom_fields = {"size": "large", "vip": True}
    customer.save()
    customer.tags.add(Tag.objects.create(name=f"Regular {customer.pk}"))
    CustomField.objects.get_or_create(model="customer", key="size", defaults={"label": "T-shirt size"})
    CustomField.objects.get_or_create(model="customer", key="vip", defaults={"label": "VIP", "kind": "boolean"})
    for is_given, source in ((True, "web form"), (False, "call on 3 May")):
        Consent.objects.create(customer=customer, purpose="marketing_email", is_given=is_given, source=source)
    level = make_level(on_hand=9, price="100.00", tax_rate="0")
    confirm_payment(order_id=order_of(buyer, (level, 3)).pk, actor=buyer.actor)
    order_of(buyer, (level, 2))
    make_deal(buyer)
    Task.objects.create(title="Call back", customer=customer, assignee=customer.owner)
    Activity.objects.create(customer=customer, text="Prefers mornings", author_id=buyer.actor.user_id)
    Email.objects.create(customer=customer, to=customer.email, subject="Offer", body="Dear …", status="failed")


def test_the_page_says_who_it_is_and_what_is_open(boss: Client) -> None:
    buyer = make_buyer()
    know_all_about(buyer)

    page = boss.get(page_url(buyer.customer, "page"))
    text = text_of(page)

    for words in (
        "Bell Ltd",
        "owner-of-",
        "+380 44 123 45 67",
        "Main street 1 Kyiv",
        "Українська",
        "T-shirt size large",
        "VIP yes",
        "Marketing by e-mail withdrawn call on 3 May",
        "Lifetime value 300.00 USD 1 paid order",
        "Average order 300.00 USD",
        "Orders placed 2",
        "RFM 5-1-3 bought today, 1 order, 300.00 USD",
        "Forty chairs",
        "Call back",
        "Offer Dear … Failed",
    ):
        assert words in text, words
    assert "web form" not in text  # the newest statement is what holds
    unpaid = Order.objects.get(status="PENDING")
    held = text[text.index("Stock held now") : text.index("Open tasks")]
    assert re.search(rf"{unpaid.items.get().sku} .* 2 ", held)
    assert unpaid.payment_expires_at is not None
    assert f'datetime="{unpaid.payment_expires_at.isoformat()}"' in page.content.decode()
    assert "aria-live" not in page.content.decode().split('id="content"')[1].split("Stock held now")[0]


def test_what_was_promised_back_is_in_no_figure_of_the_customer(boss: Client) -> None:
    buyer = make_buyer()
    know_all_about(buyer)
    paid = Order.objects.get(payment_status="PAID")
    is_worth = {"field": "lifetime_value", "op": "at_least", "currency": "USD"}

    promise(paid, Decimal("250.00"))

    text = text_of(boss.get(page_url(buyer.customer, "page")))
    for words in ("Lifetime value 50.00 USD 1 paid order", "Average order 50.00 USD", "RFM 5-1-1"):
        assert words in text, words
    for value, people in (("50", [buyer.customer]), ("51", [])):
        rule = parse_rule({"all": [{**is_worth, "value": value}]})
        assert list(customers_in(rule, now=database_now())) == people


def test_the_page_takes_a_fixed_number_of_statements(boss: Client) -> None:
    buyer = make_buyer()
    url = page_url(buyer.customer, "page")
    know_all_about(buyer)
    once = statements(boss, url)

    level = make_level(on_hand=90)
    for number in range(6):
        order_of(buyer, (level, 1), (make_level(on_hand=5), 1))
        Task.objects.create(title=f"Task {number}", customer=buyer.customer, assignee_id=buyer.actor.user_id)
        make_deal(buyer, f"Deal {number}")
        Activity.objects.create(customer=buyer.customer, text=f"Note {number}", kind="call")
    refresh_sales()

    assert len(statements(boss, url)) == len(once) <= MOST_STATEMENTS


def test_also_for_a_colleague_with_a_role(db: None) -> None:
    buyer = make_buyer()
    know_all_about(buyer)
    colleague = User.objects.create_user("sales@example.com", is_staff=True)
    wanted = ("customer", "order", "reservation", "task", "deal", "activity", "email")
    rights = [f"view_{model}" for model in wanted]
    colleague.user_permissions.set(Permission.objects.filter(codename__in=rights))
    buyer.customer.owner = colleague
    buyer.customer.save()

    assert len(statements(signed_in(colleague), page_url(buyer.customer, "page"))) <= MOST_STATEMENTS + 2  # rights


def test_what_a_colleague_may_not_view_is_neither_shown_nor_read(db: None) -> None:
    buyer = make_buyer()
    know_all_about(buyer)
    colleague = User.objects.create_user("desk@example.com", is_staff=True)
    colleague.user_permissions.set(Permission.objects.filter(codename__in=["view_customer", "view_task"]))
    buyer.customer.owner = colleague
    buyer.customer.save()
    client, url = signed_in(colleague), page_url(buyer.customer, "page")

    text = text_of(client.get(url))
    read = " ".join(statements(client, url))

    assert "Call back" in text
    assert not [
        word for word in ("Lifetime", "Stock held", "Forty chairs", "Prefers mornings", "Offer") if word in text
    ]
    assert not [table for table in ("orders_", "crm_deal", "crm_activity", "crm_email") if f'FROM "{table}' in read]
    assert client.post(url, {"text": "x"}).status_code == 403
    assert client.post(url, {"title": "x"}).status_code == 403


def test_a_call_and_a_task_are_added_in_place(boss: Client) -> None:
    buyer = make_buyer()
    url = page_url(buyer.customer, "page")

    called = boss.post(url, {"kind": "call", "text": "Wants forty"})
    tasked = boss.post(url, {"title": "Send offer", "due_at": "2030-05-01T09:30"})
    refused = [boss.post(url, fields) for fields in ({"title": " "}, {"text": "x", "kind": "change"})]

    assert (called["Location"], tasked["Location"]) == (f"{url}#timeline", f"{url}#tasks")
    assert [(row.kind, row.text) for row in Activity.objects.filter(kind="call")] == [("call", "Wants forty")]
    task = Task.objects.get()
    assert (task.title, task.customer, task.assignee and task.assignee.email) == (
        "Send offer",
        buyer.customer,
        "boss@example.com",
    )
    assert task.due_at == datetime(2030, 5, 1, 9, 30, tzinfo=UTC)
    assert [answer.status_code for answer in refused] == [200, 200]
    assert "This field is required." in text_of(refused[0])


def test_a_task_is_done_with_one_press(boss: Client) -> None:
    buyer = make_buyer()
    task = Task.objects.create(title="Call back", customer=buyer.customer)
    url = page_url(buyer.customer, "page")
    action = re.search(r'action="([^"]*complete[^"]*)"', boss.get(url).content.decode())
    assert action is not None

    back = boss.post(action[1])

    task.refresh_from_db()
    assert task.done_at is not None
    assert back["Location"] == url
    assert "Nothing to do." in text_of(boss.get(url))


def all_pages(customer_id: UUID, *, kind: str = "", limit: int = 3) -> list[str]:
    """What every page of the timeline shows, one after the other."""
    shown, before = [], ""
    while True:
        page = timeline(customer_id, sources=EVERYTHING, kind=kind, before=before, limit=limit)
        shown += [f"{row.kind} {row.what or row.subject or row.text}" for row in page.entries]
        assert [row.at for row in page.entries] == sorted((row.at for row in page.entries), reverse=True)
        if not page.earlier:
            return shown
        before = page.earlier


def test_the_timeline_merges_all_that_happened_and_loses_nothing_between_pages(db: None) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9)
    began = datetime.now(UTC) - timedelta(days=1)

    def at(minutes: int) -> datetime:
        return began + timedelta(minutes=minutes)

    order = order_of(buyer, (level, 1), now=at(0))
    same_moment = [Activity.objects.create(customer=buyer.customer, text=f"{n}", happened_at=at(1)) for n in range(4)]
    confirm_payment(order_id=order.pk, actor=buyer.actor, now=at(2))
    Activity.objects.create(customer=buyer.customer, kind="call", text="rang", happened_at=at(3))
    other = order_of(buyer, (level, 1), now=at(4))
    cancel_order(order_id=other.pk, actor=buyer.actor, reason=CancelReason.CUSTOMER, now=at(5))
    logged = Activity.objects.create(customer=buyer.customer, kind="email", subject="Hello", happened_at=at(6))
    Email.objects.create(customer=buyer.customer, activity=logged, to="a@b.example", subject="Hello", body="x")
    Email.objects.create(customer=buyer.customer, to="a@b.example", subject="Waiting", body="x")  # now
    Activity.objects.create(customer=make_buyer().customer, text="another's")

    expected = ["email Waiting", "email Hello", "order cancelled", "order placed", "call rang", "order paid"]
    expected += [f"note {row.text}" for row in reversed(same_moment)] + ["order placed"]
    for limit in (1, 2, 3, 25):
        assert all_pages(buyer.customer.pk, limit=limit) == expected
    assert all_pages(buyer.customer.pk, kind="order") == [row for row in expected if row.startswith("order")]
    assert all_pages(buyer.customer.pk, kind="email") == expected[:2]
    assert all_pages(buyer.customer.pk, kind="call") == ["call rang"]


def test_the_timeline_is_filtered_and_paged_on_the_page(boss: Client) -> None:
    buyer = make_buyer()
    for number in range(30):
        Activity.objects.create(customer=buyer.customer, kind=("note", "call")[number % 2], text=f"entry {number:02}")
    url = page_url(buyer.customer, "page")

    first = boss.get(url).content.decode()
    earlier = re.search(r'href="(\?kind=&amp;before=[^"]+)"', first)
    assert earlier is not None
    second = text_of(boss.get(url + earlier[1].replace("&amp;", "&").split("#")[0]))
    calls = text_of(boss.get(f"{url}?kind=call"))
    odd = boss.get(f"{url}?kind=nonsense&before=nonsense")

    assert "entry 29" in first
    assert "entry 00" not in first
    assert "entry 00" in second
    assert "entry 29" not in second
    assert "entry 28" not in calls
    assert "entry 29" in calls
    assert odd.status_code == 200


@pytest.mark.parametrize(
    ("days", "orders", "revenue", "scores"),
    [
        (0, 20, 5_000, "5-5-5"),
        (30, 19, 4_999, "5-4-4"),
        (31, 10, 1_000, "4-4-4"),
        (91, 5, 300, "3-3-3"),
        (181, 2, 100, "2-2-2"),
        (366, 1, 99, "1-1-1"),
        (None, 0, 0, "1-1-1"),
    ],
)
def test_rfm_scores_follow_their_table(days: int | None, orders: int, revenue: int, scores: str) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    last = None if days is None else now - timedelta(days=days)

    rfm = rfm_of(last_paid_order_at=last, paid_orders=orders, revenue=Decimal(revenue), now=now)

    assert (str(rfm), rfm.days_ago) == (scores, days)
