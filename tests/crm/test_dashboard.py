"""The dashboard's figures are those of the orders, however late these change, and lead to the lists behind them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from crm.dashboard.charts import Point, bar_chart
from crm.dashboard.period import period_of
from crm.models.task import Task
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.refresh_sales import refresh_sales
from orders.states import CancelReason
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, statements, superuser, text_of
from tests.shop.order_actions import promise
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

MOST_STATEMENTS = 19  # one of them reads the shop, whose zone its days are in, one its first steps, one alerts


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def links_of(page: str) -> list[tuple[str, str]]:
    """(address, text) of each link of the page's content."""
    content = page[page.index('id="content"') :]
    found = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', content, flags=re.S)
    return [(unescape(url), " ".join(re.sub(r"<[^>]*>", " ", text).split())) for url, text in found]


def test_every_number_leads_to_a_list_with_as_many_rows(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=20, price="100.00", tax_rate="0")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    old = [order_of(buyer, (level, 1), now=yesterday) for _ in range(4)]
    confirm_payment(order_id=old[0].pk, actor=buyer.actor, now=yesterday)
    expire_unpaid_orders()
    confirm_payment(order_id=old[1].pk, actor=buyer.actor)  # late: it is taken up again
    new = [order_of(buyer, (level, 1)) for _ in range(3)]
    cancel_order(order_id=new[0].pk, actor=buyer.actor, reason=CancelReason.CUSTOMER)
    make_deal(buyer)

    promise(old[0], Decimal("30.00"))

    page = boss.get("/admin/?period=7")
    text = text_of(page)

    assert "Orders placed 7 Revenue 170.00 USD Average paid order 85.00 USD Orders that were paid and not" in text
    assert "Expired in the last hour 2" in text
    for label, number in (("the stock is sold", 2), ("not paid in time", 2), ("Cancelled by hand", 1), ("held", 2)):
        assert re.search(rf"{label} {number} \d+\.\d %", text), label
    checked = 0
    for url, shown in links_of(page.content.decode()):
        counted = re.fullmatch(r"(?:(?:Expired|Waiting|Orders)\D+)?(\d+)(?: [a-z][^\d]*)?", shown)
        if counted and "/admin/" in urljoin("/admin/", url) and "?" in url and "period" not in url:
            listed = text_of(boss.get(url))
            assert re.search(rf"\b{counted[1]} (order|deal|payment)s?\b", listed), (shown, url)
            checked += 1
    assert checked >= 10


def test_the_period_is_switched_and_a_wrong_one_is_the_usual(boss: Client) -> None:
    pages = {key: boss.get(f"/admin/?period={key}") for key in ("7", "30", "90", "12m", "nonsense")}

    bars = {key: page.content.decode().count('class="k-bar"') // 2 for key, page in pages.items()}
    assert bars == {"7": 7, "30": 30, "90": 90, "12m": 12, "nonsense": 30}
    assert all("as a table" in text_of(page) for page in pages.values())


def test_twelve_months_begin_with_the_first_of_one() -> None:
    steps = list(period_of("12m", datetime(2026, 2, 28, tzinfo=UTC).date()).steps())

    assert [str(steps[0][0]), str(steps[0][1]), str(steps[-1][0]), str(steps[-1][1])] == [
        "2025-03-01",
        "2025-03-31",
        "2026-02-01",
        "2026-02-28",
    ]
    assert len(steps) == 12


def test_bars_are_as_high_as_their_values_and_stand_on_a_round_scale() -> None:
    chart = bar_chart("Orders", "Orders", [Point("a", Decimal(0), "0", "#"), Point("b", Decimal(37), "37", "#")])

    assert [line.text for line in chart.grid] == ["0", "20", "40"]
    assert chart.bars[0].height == 0
    assert chart.bars[1].height / (chart.grid[0].y - chart.grid[2].y) == pytest.approx(37 / 40, rel=0.01)


def test_a_colleague_sees_only_what_they_may_view_and_nothing_else_is_read(db: None) -> None:
    make_deal(make_buyer())
    sales_person = User.objects.create_user("sales@example.com", is_staff=True)
    rights = ["view_deal", "view_task"]
    sales_person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = signed_in(sales_person)

    text = text_of(client.get("/admin/"))
    read = " ".join(statements(client, "/admin/"))

    assert "Pipeline" in text
    assert "My tasks today" in text
    assert not [word for word in ("Revenue", "Refunds", "Low stock", "Top customers", "deadlines") if word in text]
    assert not [table for table in ("orders_daily_sales", "orders_payment", "inventory_stock") if table in read]


def test_the_dashboard_takes_a_fixed_number_of_statements(boss: Client) -> None:
    before = len(statements(boss, "/admin/"))

    buyer, level = make_buyer(), make_level(on_hand=30)
    stages = ensure_default_pipeline().stages
    for number in range(8):
        confirm_payment(order_id=order_of(buyer, (level, 1)).pk, actor=buyer.actor, reference="once")
        order_of(buyer, (level, 1))
        deal = make_deal(buyer, f"Deal {number}")
        deal.stage = stages.filter(kind="open").order_by("position")[number % 3]
        deal.save()
        Task.objects.create(title=f"Call {number}", customer=buyer.customer, assignee=User.objects.first())
    refresh_sales()
    after = len(statements(boss, "/admin/"))

    assert before <= MOST_STATEMENTS
    assert after <= min(before + 1, MOST_STATEMENTS)  # of stock, rows are fetched once something moved


def test_the_pipeline_adds_up_each_stage(boss: Client) -> None:
    buyer = make_buyer()
    make_deal(buyer)
    make_deal(buyer, "Lamps")

    text = text_of(boss.get("/admin/"))

    assert re.search(r"New 2 1,000\.00 USD Qualified 0 -", text), text


def test_tasks_of_today_and_overdue_ones_are_marked(boss: Client) -> None:
    me = User.objects.get(email="boss@example.com")
    now = datetime.now(UTC)
    Task.objects.create(title="Old call", assignee=me, due_at=now - timedelta(days=2))
    Task.objects.create(title="Later", assignee=me, due_at=now + timedelta(days=2))

    text = text_of(boss.get("/admin/"))

    assert re.search(r"Old call Overdue", text)
    assert not re.search(r"Later (Overdue|Today)", text)
