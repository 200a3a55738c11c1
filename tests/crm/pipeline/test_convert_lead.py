"""A lead becomes a customer, or turns out to be one; nothing that was known of it is lost."""

import pytest
from django.test import Client
from django.utils import timezone

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.lead import Lead, LeadStatus
from crm.models.pipeline import Pipeline, Stage
from crm.models.task import Task
from crm.services.timeline.add_activity import add_activity
from shared.actor import SYSTEM
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.people import CustomerFactory, StaffFactory
from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def lead(boss: Client) -> Lead:
    owner = User.objects.get(email="boss@example.com")
    return Lead.objects.create(
        name="Ann Bell", email="Ann@Bell.example", phone="+1 202-555-0199", company_name="Bell", owner=owner
    )


def test_who_it_may_be_is_offered_and_the_chosen_one_gets_what_it_lacks(boss: Client, lead: Lead) -> None:
    same_mail = CustomerFactory.create(name="A. Bell", email="ann@bell.example")
    same_phone = CustomerFactory.create(name="Office", phone="(202) 555 0199")
    CustomerFactory.create(name="Erased", email="ann@bell.example", erased_at=timezone.now())
    CustomerFactory.create(name="Somebody", phone="+1 202 555 0111")

    page = text_of(boss.get(page_url(lead, "convert")))
    unsaid = boss.post(page_url(lead, "convert"), {"deal_title": ""})
    boss.post(page_url(lead, "convert"), {"deal_title": "Ten desks", "deal_value": "900", "match": str(same_mail.pk)})

    assert "A. Bell · ann@bell.example (same e-mail)" in page
    assert "Office" in page
    assert "same phone" in page
    assert "Erased" not in page
    assert "Somebody" not in page
    assert "This field is required." in text_of(unsaid)
    lead.refresh_from_db()
    same_mail.refresh_from_db()
    assert (lead.status, lead.customer) == (LeadStatus.CONVERTED, same_mail)
    assert (same_mail.name, same_mail.email) == ("A. Bell", "ann@bell.example")
    assert (same_mail.phone_e164, same_mail.company, same_mail.owner) == (
        "+12025550199",
        Company.objects.get(name="Bell"),
        lead.owner,
    )
    deal = Deal.objects.get(customer=same_mail)
    assert DealStageChange.objects.filter(deal=deal, left_at=None, stage=deal.stage).count() == 1
    assert Customer.objects.count() == 4
    assert not Deal.objects.filter(customer=same_phone).exists()


def test_a_new_customer_takes_over_timeline_tasks_and_owner(boss: Client, lead: Lead) -> None:
    add_activity(actor=SYSTEM, lead_id=lead.pk, text="Met at the fair")
    Task.objects.create(title="Call back", lead=lead)
    CustomerFactory.create(email="ann@bell.example")
    renewals = Pipeline.objects.create(name="Renewals")
    Stage.objects.create(pipeline=renewals, name="Again", position=1)

    boss.post(
        page_url(lead, "convert"),
        {"deal_title": "Ten desks", "deal_value": "", "match": "new", "pipeline": str(renewals.pk)},
    )

    customer = Customer.objects.get(email="Ann@Bell.example")
    assert customer.owner == lead.owner
    assert Task.objects.get().customer == customer
    told = Activity.objects.filter(customer=customer).order_by("happened_at")
    assert [(entry.text or entry.subject, entry.lead_id == lead.pk) for entry in told] == [
        ("Met at the fair", True),
        ("Lead Ann Bell became a customer", True),
        ("Stage: Again", False),
    ]
    assert "Lead Ann Bell became a customer" in text_of(boss.get(page_url(lead)))


def test_another_customer_may_be_named_but_not_two(boss: Client, lead: Lead) -> None:
    same, named = CustomerFactory.create(email="ann@bell.example"), CustomerFactory.create()

    both = boss.post(page_url(lead, "convert"), {"match": str(same.pk), "customer": str(named.pk)})
    foreign = boss.post(page_url(lead, "convert"), {"match": str(named.pk)})
    assert "which one is it?" in text_of(both)
    assert "is not one of the available choices" in text_of(foreign)
    assert not Lead.objects.exclude(customer=None).exists()

    boss.post(page_url(lead, "convert"), {"match": "new", "customer": str(named.pk)})
    lead.refresh_from_db()
    assert lead.customer == named


@pytest.mark.parametrize("left", [{"is_active": False}, {"is_staff": False}], ids=["no login", "no colleague"])
def test_who_has_left_looks_after_nobody(boss: Client, lead: Lead, left: dict[str, bool]) -> None:
    gone, known = StaffFactory.create(), CustomerFactory.create()
    Lead.objects.filter(pk=lead.pk).update(owner=gone)
    other = Lead.objects.create(name="Bob", email="bob@example.com", owner=gone)
    User.objects.filter(pk=gone.pk).update(**left)

    boss.post(page_url(lead, "convert"), {"match": "new", "customer": str(known.pk), "deal_title": "Ten desks"})
    boss.post(page_url(other, "convert"), {"match": "new"})

    known.refresh_from_db()
    assert known.owner is None
    assert Customer.objects.get(email="bob@example.com").owner is None
    assert Deal.objects.get(customer=known).owner == User.objects.get(email="boss@example.com")
