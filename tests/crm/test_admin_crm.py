"""Leads become customers, deals move, tasks get done, notes are kept; and the customer's page shows it all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.order_mail import OrderMailProgress, OrderMailTemplate
from crm.models.pipeline import Pipeline, Stage
from crm.models.task import Task
from crm.reads import sales, waiting
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from orders.models.order import Order
from orders.services.payments.confirm_payment import confirm_payment
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def _stage(name: str) -> Stage:
    return ensure_default_pipeline().stages.get(name=name)


def test_a_lead_becomes_a_customer_with_a_company_and_a_deal(boss: Client) -> None:
    lead = Lead.objects.create(name="Ann Bell", email="ann@bell.example", company_name="bell")
    company = Company.objects.create(name="Bell")

    told = boss.post(page_url(lead, "convert"), {"deal_title": "Ten desks", "deal_value": "900"}, follow=True)

    customer = Customer.objects.get(email="ann@bell.example")
    deal = Deal.objects.get(customer=customer)
    lead.refresh_from_db()
    assert "Ann Bell is a customer now" in text_of(told)
    assert (lead.status, lead.customer) == (LeadStatus.CONVERTED, customer)
    assert customer.company == company
    assert (deal.title, deal.stage, deal.owner and deal.owner.email) == ("Ten desks", _stage("New"), "boss@example.com")


@pytest.mark.parametrize("lead", [{"email": ""}, {"email": "a@b.example", "status": "converted"}])
def test_a_lead_that_cannot_be_converted_stays_as_it_is(boss: Client, lead: dict[str, str]) -> None:
    row = Lead.objects.create(name="Ann", company_name="Bell", **lead)

    refused = boss.post(page_url(row, "convert"), {"deal_title": "x", "deal_value": ""})

    assert refused.status_code in (400, 409)
    assert not Customer.objects.exists()
    assert not Company.objects.exists()


def test_a_lost_deal_says_why_and_reopening_forgets_it(boss: Client) -> None:
    deal = make_deal(make_buyer())
    page = page_url(deal, "move")

    silent = boss.post(page, {"stage": _stage("Lost").pk, "lost_reason": ""})
    assert "Say why the deal was lost." in text_of(silent)
    boss.post(page, {"stage": _stage("Lost").pk, "lost_reason": "too expensive"})
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason) == ("lost", "too expensive")
    assert deal.closed_at is not None

    boss.post(page, {"stage": _stage("Proposal").pk, "lost_reason": ""})
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.closed_at) == ("open", "", None)


def test_the_database_keeps_a_deal_in_a_stage_of_its_pipeline(db: None) -> None:
    deal = make_deal(make_buyer())
    foreign = Stage.objects.create(pipeline=Pipeline.objects.create(name="Renewals"), name="New", position=1)

    for change in ({"stage": foreign}, {"pipeline": foreign.pipeline}, {"stage": _stage("Won")}):
        with pytest.raises(IntegrityError, match="deal_stands_in_a_stage_of_its_pipeline"), transaction.atomic():
            Deal.objects.filter(pk=deal.pk).update(**change)
    with pytest.raises(IntegrityError, match="deal_lost_says_why"), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(stage=_stage("Lost"), status="lost", closed_at=datetime.now(UTC))


def test_a_deal_is_opened_in_a_stage_and_takes_its_pipeline(boss: Client) -> None:
    customer = make_buyer().customer
    fields = {
        "title": "Lamps",
        "customer": customer.pk,
        "stage": _stage("Qualified").pk,
        "value": "80",
        "currency": "USD",
    }

    no_lines = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    boss.post(add_url(Deal), {**fields, **no_lines, "expected_close": "", "owner": ""})

    assert Deal.objects.get().pipeline == ensure_default_pipeline()


def test_a_task_is_done_after_asking_and_leads_back(boss: Client) -> None:
    me = User.objects.get(email="boss@example.com")
    task = Task.objects.create(title="Call back", assignee=me, due_at=datetime.now(UTC) + timedelta(hours=1))
    assert "Call back" in text_of(boss.get("/admin/"))

    back = boss.post(f"{page_url(task, 'complete')}?next=/admin/")
    elsewhere = boss.post(f"{page_url(task, 'complete')}?next=https://evil.example/")

    task.refresh_from_db()
    assert task.done_at is not None
    assert back["Location"] == "/admin/"
    assert elsewhere["Location"] == page_url(task)
    assert "0 tasks" in text_of(boss.get("/admin/crm/task/?state=open"))


def test_a_task_on_a_deal_is_on_the_deals_customer(boss: Client) -> None:
    buyer = make_buyer()
    deal = make_deal(buyer)
    fields = {"title": "Send offer", "due_at_0": "", "due_at_1": "", "priority": "2", "assignee": "", "deal": deal.pk}

    other = boss.post(add_url(Task), {**fields, "customer": make_buyer().customer.pk})
    assert "belongs to another customer" in text_of(other)
    boss.post(add_url(Task), {**fields, "customer": ""})

    assert Task.objects.get().customer == buyer.customer


def test_the_customers_page_shows_what_is_known_and_takes_a_note(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9, price="100.00", tax_rate="0")
    paid, unpaid = order_of(buyer, (level, 3)), order_of(buyer, (level, 1))
    confirm_payment(order_id=paid.pk, actor=buyer.actor)
    make_deal(buyer, "Forty chairs")
    Task.objects.create(title="Call back", customer=buyer.customer)
    page = page_url(buyer.customer, "page")

    boss.post(page, {"text": "  Prefers mornings\n"})
    empty = boss.post(page, {"text": " "})

    shown = boss.get(page)
    text = text_of(shown)
    assert all(
        word in text for word in ("300.00 USD", "1 paid order", paid.number, unpaid.number, "Forty chairs", "Call back")
    )
    assert Activity.objects.get().text == "Prefers mornings"
    assert "Prefers mornings" in text
    assert "This field is required." in text_of(empty)
    deadline = Order.objects.get(pk=unpaid.pk).payment_expires_at
    assert deadline is not None
    assert f'datetime="{deadline.isoformat()}"' in shown.content.decode()


def test_the_dashboard_adds_up_and_points_at_what_waits(boss: Client) -> None:
    buyer, level = make_buyer(), make_level(on_hand=4, price="100.00", tax_rate="0")
    paid = order_of(buyer, (level, 1))
    confirm_payment(order_id=paid.pk, actor=buyer.actor, reference="one")
    confirm_payment(order_id=paid.pk, actor=buyer.actor, reference="two")
    unpaid = order_of(buyer, (level, 1))

    text = text_of(boss.get("/admin/"))

    assert waiting.count_bounded(waiting.unpaid_orders()) == "1"
    assert "Orders today 2" in text
    assert "Revenue today 100.00 USD" in text
    assert "Waiting for payment 1" in text
    assert "Refunds due 1" in text
    assert unpaid.number in text
    assert level.variant.sku in text  # two of four are left: low
    queue = text_of(boss.get("/admin/orders/payment/?queue=refund_due"))
    assert "1 payment " in queue
    assert "two" in queue


def test_the_default_pipeline_returns_after_a_flush(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE crm_pipeline CASCADE")

    ensure_default_pipeline()
    ensure_default_pipeline()

    assert [str(stage) for stage in Stage.objects.order_by("position")] == [
        "New",
        "Qualified",
        "Proposal",
        "Negotiation",
        "Won",
        "Lost",
    ]


def test_words_that_are_gone_come_back_with_the_next_migrate(db: None) -> None:
    kinds = set(OrderMailTemplate.objects.values_list("kind", flat=True))
    OrderMailTemplate.objects.filter(kind="confirmation").update(subject_en="Thank you")
    OrderMailProgress.objects.exclude(kind="confirmation").delete()
    OrderMailTemplate.objects.exclude(kind="confirmation").delete()

    call_command("migrate", verbosity=0)

    assert set(OrderMailTemplate.objects.values_list("kind", flat=True)) == kinds
    assert len(kinds) == OrderMailProgress.objects.count() == 7
    assert OrderMailTemplate.objects.get(kind="confirmation").subject_en == "Thank you"


def test_a_sum_that_left_older_orders_out_says_so(db: None) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9)
    for reference in ("one", "two", "three"):
        confirm_payment(order_id=order_of(buyer, (level, 1)).pk, actor=buyer.actor, reference=reference)

    whole = sales.customer_figures(buyer.customer.pk)
    newest = sales.customer_figures(buyer.customer.pk, most=1)

    assert [(bought.paid, str(bought.revenue)) for bought in whole.bought] == [(3, "35.700")]
    assert [(bought.paid, str(bought.revenue)) for bought in newest.bought] == [(2, "23.800")]
    assert (whole.is_least, newest.is_least) == (False, True)
